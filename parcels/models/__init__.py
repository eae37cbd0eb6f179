"""The land book: parcels and their versions in two times, assets, who holds what, lineage, restrictions."""

from parcels.models.assets import Asset
from parcels.models.classes import (
    AddressMode,
    Confidence,
    GoverningArea,
    LandUse,
    LocationClass,
    OwnershipClass,
    Status,
    SurveyMethod,
    UpperInf,
)
from parcels.models.file import ParcelDocument, ProtectionLayer, ProtectionZone, Restriction
from parcels.models.holdings import Holding
from parcels.models.land import Lineage, Parcel, ParcelVersion

__all__ = [
    "AddressMode",
    "Asset",
    "Confidence",
    "GoverningArea",
    "Holding",
    "LandUse",
    "Lineage",
    "LocationClass",
    "OwnershipClass",
    "Parcel",
    "ParcelDocument",
    "ParcelVersion",
    "ProtectionLayer",
    "ProtectionZone",
    "Restriction",
    "Status",
    "SurveyMethod",
    "UpperInf",
]
