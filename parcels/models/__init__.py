"""The land book: parcels and their versions in two times, assets, who holds what, lineage, restrictions."""

from parcels.models.allocation import Allocation
from parcels.models.assets import Asset
from parcels.models.bulk import BulkAct, BulkRow
from parcels.models.classes import (
    AddressMode,
    Confidence,
    GoverningArea,
    LandUse,
    LocationClass,
    OwnershipClass,
    RegistrationSystem,
    Status,
    SurveyMethod,
    UpperInf,
)
from parcels.models.edits import EditProposal, EditShape
from parcels.models.file import ParcelDocument, ProtectionLayer, ProtectionZone, Restriction
from parcels.models.holdings import Holding
from parcels.models.land import Lineage, Parcel, ParcelVersion
from parcels.models.points import ControlPoint, Corner, Monument
from parcels.models.work import Inventory, InventoryLine, WorkItem

__all__ = [
    "AddressMode",
    "Allocation",
    "Asset",
    "BulkAct",
    "BulkRow",
    "Confidence",
    "ControlPoint",
    "Corner",
    "EditProposal",
    "EditShape",
    "GoverningArea",
    "Holding",
    "Inventory",
    "InventoryLine",
    "LandUse",
    "Lineage",
    "LocationClass",
    "Monument",
    "OwnershipClass",
    "Parcel",
    "ParcelDocument",
    "ParcelVersion",
    "ProtectionLayer",
    "ProtectionZone",
    "RegistrationSystem",
    "Restriction",
    "Status",
    "SurveyMethod",
    "UpperInf",
    "WorkItem",
]
