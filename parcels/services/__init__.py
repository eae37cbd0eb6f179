"""Every write of the land book: one transaction each, audited, keyword-only, with `by=` and `at=`."""

from parcels.facts import Boundary
from parcels.services.allocation import allocate, confirm_use, withdraw_allocation
from parcels.services.assets import change_asset, close_asset, register_asset, register_units
from parcels.services.custody import number_property, transfer_custody
from parcels.services.edits import accept_edit, propose_edit, refuse_edit, undo_edit, withdraw_edit
from parcels.services.file import attach_document, end_restriction, restrict, screen
from parcels.services.holdings import (
    end_holding,
    end_holdings_of_case,
    follow_holdings,
    place_holding,
    standing_exclusive,
    succeed_holdings,
)
from parcels.services.inventory import check_line, freeze_inventory, sign_inventory
from parcels.services.lineage import Part, before_ending, merge_doubles, merge_parcels, split_parcel, strike_by_judgment
from parcels.services.many import carry_out, prepare_bulk_act, withdraw_bulk_act
from parcels.services.points import (
    Mark,
    close_control_point,
    mark_corners,
    register_control_point,
    visit_control_point,
)
from parcels.services.protection import Zone, load_layer
from parcels.services.register import register_parcel
from parcels.services.survey import Applied, SurveyItem, apply_survey
from parcels.services.versions import new_version
from parcels.services.work import look_for_work, release_work, set_work_aside, take_work

__all__ = [
    "Applied",
    "Boundary",
    "Mark",
    "Part",
    "SurveyItem",
    "Zone",
    "accept_edit",
    "allocate",
    "apply_survey",
    "attach_document",
    "before_ending",
    "carry_out",
    "change_asset",
    "check_line",
    "close_asset",
    "close_control_point",
    "confirm_use",
    "end_holding",
    "end_holdings_of_case",
    "end_restriction",
    "follow_holdings",
    "freeze_inventory",
    "load_layer",
    "look_for_work",
    "mark_corners",
    "merge_doubles",
    "merge_parcels",
    "new_version",
    "number_property",
    "place_holding",
    "prepare_bulk_act",
    "propose_edit",
    "refuse_edit",
    "register_asset",
    "register_control_point",
    "register_parcel",
    "register_units",
    "release_work",
    "restrict",
    "screen",
    "set_work_aside",
    "sign_inventory",
    "split_parcel",
    "standing_exclusive",
    "strike_by_judgment",
    "succeed_holdings",
    "take_work",
    "transfer_custody",
    "undo_edit",
    "visit_control_point",
    "withdraw_allocation",
    "withdraw_bulk_act",
    "withdraw_edit",
]
