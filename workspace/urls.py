"""Pages of `workspace`."""

from django.urls import URLPattern, URLResolver, path

from workspace import operating
from workspace.access import views as access
from workspace.assets import views as assets
from workspace.book import papers, picking
from workspace.book import views as book
from workspace.bulk import views as bulk
from workspace.editing import views as editing
from workspace.lists import changes, inbox, register, saved, search
from workspace.map import views as land
from workspace.parcel import views as parcel
from workspace.parties import reveals
from workspace.parties import views as parties
from workspace.reference import calendar
from workspace.reference import views as reference
from workspace.upkeep import inventories, worklist

urlpatterns: list[URLPattern | URLResolver] = [
    path("", land.map_page, name="home"),
    path("map/", land.map_page, name="map"),
    path("map/results/", land.listed, name="map_results"),
    path("inbox/", inbox.my_work, name="inbox"),
    path("reference/", reference.index, name="reference"),
    path("reference/protection/", reference.protection, name="protection"),
    path("reference/control-points/", reference.points, name="control_points"),
    path("reference/control-points/<uuid:point_id>/", reference.point, name="control_point"),
    path("reference/rules/", reference.rules, name="rules"),
    path("reference/rules/propose/<str:rule_code>/", reference.propose, name="propose_rule"),
    path("reference/rules/<int:rule_id>/decide/", reference.decide, name="decide_rule"),
    path("reference/calendar/", calendar.year, name="calendar"),
    path("reference/calendar/<int:holiday_id>/decide/", calendar.decide, name="decide_holiday"),
    path("reference/places/", reference.places, name="places"),
    path("reference/places/<slug:code>/", reference.place, name="place"),
    path("assets/new/", assets.new, name="new_asset"),
    path("assets/<uuid:asset_id>/", assets.asset, name="asset"),
    path("assets/<uuid:asset_id>/acts/<slug:name>/", assets.act, name="asset_act"),
    path("parties/", parties.listed, name="parties"),
    path("parties/new/", parties.new, name="new_party"),
    path("parties/reveals/", reveals.listed, name="reveals"),
    path("parties/pick/", parties.pick, name="pick_parties"),
    path("parties/<uuid:party_id>/", parties.party, name="party"),
    path("parties/<uuid:party_id>/acts/<slug:name>/", parties.act, name="party_act"),
    path("administration/access/", access.review, name="access"),
    path("operations/training/", operating.training_page, name="training"),
    path("work/", worklist.work, name="worklist"),
    path("inventory/", inventories.inventories, name="inventories"),
    path("inventory/<uuid:inventory_id>/", inventories.inventory, name="inventory"),
    path("inventory/<uuid:inventory_id>/lines/<int:line_id>/", inventories.line, name="inventory_line"),
    path("inventory/<uuid:inventory_id>/sign/", inventories.sign, name="sign_inventory"),
    path("inventory/<uuid:inventory_id>/differences/", inventories.difference, name="inventory_difference"),
    path("search/", search.search, name="search"),
    path("parcels/", register.parcels, name="parcels"),
    path("parcels/new/", book.new, name="new_parcel"),
    path("parcels/changes/", changes.changes, name="changes"),
    path("parcels/bulk/", bulk.acts, name="bulk_acts"),
    path("parcels/bulk/new/", bulk.new, name="new_bulk_act"),
    path("parcels/bulk/<uuid:act_id>/", bulk.one, name="bulk_act"),
    path("parcels/bulk/<uuid:act_id>/decide/", bulk.decide, name="decide_bulk_act"),
    path("edits/", editing.listed, name="edits"),
    path("edits/<uuid:edit_id>/", editing.one, name="edit"),
    path("edits/<uuid:edit_id>/decide/", editing.decide, name="decide_edit"),
    path("saved-filters/", saved.keep, name="save_filter"),
    path("saved-filters/<uuid:saved_id>/close/", saved.close, name="close_filter"),
    path("parcels/pick/places/", picking.places, name="pick_places"),
    path("parcels/pick/bodies/", picking.bodies, name="pick_bodies"),
    path("parcels/<uuid:parcel_id>/acts/<slug:name>/", book.act, name="book_act"),
    path("parcels/<uuid:parcel_id>/papers/<slug:product>/", papers.issue, name="issue_paper"),
    path("parcels/<uuid:parcel_id>/drawing/", papers.drawing, name="drawing"),
    path("papers/<uuid:issued_id>/revoke/", papers.revoke, name="revoke_paper"),
    path("parcels/<uuid:parcel_id>/", parcel.parcel, name="parcel"),
    path("parcels/<uuid:parcel_id>/sheet/", parcel.offline, name="sheet"),
    path("parcels/<uuid:parcel_id>/card/", land.parcel_card, name="card"),
]
