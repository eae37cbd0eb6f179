"""API of `parcels`."""

from django.urls import URLPattern, URLResolver, path

from parcels.api import changes, file, land, many, papers, points, protection, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("parcels/", views.ParcelList.as_view(), name="parcels"),
    path("parcels/changes/", changes.ParcelChanges.as_view(), name="changes"),
    path("parcels/merge/", views.ParcelMerge.as_view(), name="merge"),
    path("parcels/<uuid:parcel_id>/", views.ParcelOne.as_view(), name="parcel"),
    path("parcels/<uuid:parcel_id>/split/", views.ParcelSplit.as_view(), name="split"),
    path("parcels/<uuid:parcel_id>/history/", views.ParcelHistory.as_view(), name="history"),
    path("parcels/<uuid:parcel_id>/timeline/", views.ParcelTimeline.as_view(), name="timeline"),
    path("parcels/<uuid:parcel_id>/holdings/", file.HoldingList.as_view(), name="holdings"),
    path("parcels/<uuid:parcel_id>/restrictions/", file.RestrictionList.as_view(), name="restrictions"),
    path("parcels/<uuid:parcel_id>/screening/", file.Screening.as_view(), name="screening"),
    path("parcels/<uuid:parcel_id>/neighbours/", views.ParcelNeighbours.as_view(), name="neighbours"),
    path("parcels/<uuid:parcel_id>/corners/", land.Corners.as_view(), name="corners"),
    path("parcels/<uuid:parcel_id>/custody/", land.CustodyHistory.as_view(), name="custody"),
    path("parcels/<uuid:parcel_id>/unified-number/", land.UnifiedNumber.as_view(), name="unified_number"),
    path("parcels/<uuid:parcel_id>/allocations/", land.Allocations.as_view(), name="allocations"),
    path("parcels/<uuid:parcel_id>/papers/", papers.Papers.as_view(), name="papers"),
    path("parcels/<uuid:parcel_id>/drawing/", papers.Drawing.as_view(), name="drawing"),
    path("papers/<uuid:issued_id>/revoke/", papers.PaperRevocation.as_view(), name="revoke_paper"),
    path("allocations/<uuid:allocation_id>/withdraw/", land.AllocationWithdrawal.as_view(), name="withdraw"),
    path("allocations/<uuid:allocation_id>/use/", land.AllocationUse.as_view(), name="use"),
    path("control-points/", points.ControlPointList.as_view(), name="control_points"),
    path("control-points/<uuid:point_id>/", points.ControlPointOne.as_view(), name="control_point"),
    path("protection-layers/", protection.ProtectionLayers.as_view(), name="protection_layers"),
    path("bulk-acts/", many.BulkActs.as_view(), name="bulk_acts"),
    path("bulk-acts/<uuid:act_id>/", many.BulkActOne.as_view(), name="bulk_act"),
    path("bulk-acts/<uuid:act_id>/carry-out/", many.BulkActCarryOut.as_view(), name="carry_out_bulk_act"),
    path("bulk-acts/<uuid:act_id>/withdraw/", many.BulkActWithdrawal.as_view(), name="withdraw_bulk_act"),
    path("assets/", views.AssetList.as_view(), name="assets"),
    path("assets/<uuid:asset_id>/", views.AssetOne.as_view(), name="asset"),
]
