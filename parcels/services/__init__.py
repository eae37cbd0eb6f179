"""Every write of the land book: one transaction each, audited, keyword-only, with `by=` and `at=`."""

from parcels.facts import Boundary
from parcels.services.assets import close_asset, register_asset
from parcels.services.file import attach_document, end_restriction, restrict, screen
from parcels.services.holdings import end_holding, end_holdings_of_case, place_holding, standing_exclusive
from parcels.services.lineage import Part, merge_parcels, split_parcel
from parcels.services.protection import Zone, load_layer
from parcels.services.register import register_parcel
from parcels.services.survey import Applied, SurveyItem, apply_survey
from parcels.services.versions import new_version

__all__ = [
    "Applied",
    "Boundary",
    "Part",
    "SurveyItem",
    "Zone",
    "apply_survey",
    "attach_document",
    "close_asset",
    "end_holding",
    "end_holdings_of_case",
    "end_restriction",
    "load_layer",
    "merge_parcels",
    "new_version",
    "place_holding",
    "register_asset",
    "register_parcel",
    "restrict",
    "screen",
    "split_parcel",
    "standing_exclusive",
]
