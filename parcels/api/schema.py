"""What the API's documentation says of bodies and pages; requests themselves are read by `parcels.api.asked`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from parcels.models import (
    Asset,
    GoverningArea,
    LandUse,
    LocationClass,
    OwnershipClass,
    RegistrationSystem,
    SurveyMethod,
)


class FactsBody(serializers.Serializer[Any]):
    """Facts of a version; areas in m², lengths in metres."""

    ownership_class = serializers.ChoiceField(OwnershipClass.choices, required=False)
    land_use = serializers.ChoiceField(LandUse.choices, required=False)
    location_class = serializers.ChoiceField(LocationClass.choices, required=False)
    deed_area_m2 = serializers.DecimalField(14, 4, required=False)
    survey_area_m2 = serializers.DecimalField(14, 4, required=False)
    governing_area = serializers.ChoiceField(GoverningArea.choices, required=False)
    custody_decree = serializers.CharField(required=False)
    hamlet = serializers.CharField(required=False)
    street = serializers.CharField(required=False)
    building_no = serializers.CharField(required=False)
    boundary_n = serializers.CharField(required=False, help_text="likewise boundary_s, boundary_e, boundary_w")
    len_n = serializers.DecimalField(12, 3, required=False, help_text="likewise len_s, len_e, len_w")
    register_book = serializers.CharField(required=False)
    register_page = serializers.CharField(required=False)
    register_no = serializers.CharField(required=False)
    custody_decree_on = serializers.DateField(required=False)
    sheet_no = serializers.CharField(required=False, help_text="number of the survey sheet")
    sheet_scale = serializers.IntegerField(required=False, help_text="2500 stands for 1:2500")
    cadastral_edition = serializers.CharField(required=False)
    registration_system = serializers.ChoiceField(RegistrationSystem.choices, required=False)
    folio = serializers.CharField(required=False, help_text="in the register of titles")
    file_no = serializers.CharField(required=False)
    shelf = serializers.CharField(required=False)


class BoundaryBody(FactsBody):
    """A boundary as it was surveyed, with the facts."""

    geometry = serializers.JSONField(required=False, help_text="GeoJSON Polygon or MultiPolygon in `crs`")
    crs = serializers.CharField(required=False, help_text="EPSG:22992 …; EPSG:4326 when missing")
    survey_method = serializers.ChoiceField(SurveyMethod.choices, required=False)
    survey_accuracy_m = serializers.FloatField(required=False)


class ParcelBody(BoundaryBody):
    """A parcel to register."""

    place = serializers.CharField(help_text="code")
    custodian = serializers.CharField(help_text="code")
    number = serializers.CharField(help_text="as written: 12/3, ضمن 45, 45 مكرر")
    legal_from = serializers.DateField()
    basis = serializers.CharField(required=False)
    unified_property_no = serializers.CharField(required=False)


class VersionBody(BoundaryBody):
    """Something new of a parcel."""

    on = serializers.DateField(help_text="day of law from which it is true")
    until = serializers.DateField(required=False)
    kind = serializers.ChoiceField(["law", "correction"], required=False)
    number = serializers.CharField(required=False)
    place = serializers.CharField(required=False, help_text="code")
    custodian = serializers.CharField(required=False, help_text="code")
    basis = serializers.CharField(required=False)


class PartBody(BoundaryBody):
    """One part of a split."""

    number = serializers.CharField()
    assets = serializers.ListField(child=serializers.UUIDField(), required=False)


class SplitBody(serializers.Serializer[Any]):
    """A split."""

    on = serializers.DateField()
    basis = serializers.CharField(required=False)
    parts = PartBody(many=True)


class MergeBody(BoundaryBody):
    """A merge; without a geometry the boundaries are joined."""

    parcels = serializers.ListField(child=serializers.UUIDField())
    number = serializers.CharField()
    on = serializers.DateField()
    basis = serializers.CharField(required=False)


class AssetBody(serializers.Serializer[Any]):
    """An asset to register."""

    kind = serializers.ChoiceField(Asset.Kind.choices)
    name_ar = serializers.CharField()
    place = serializers.CharField(help_text="code")
    custodian = serializers.CharField(help_text="code")
    registered_on = serializers.DateField()
    parcel = serializers.UUIDField(required=False)
    parent = serializers.UUIDField(required=False)  # type: ignore[assignment]  # a field, not the serializer this names
    geometry = serializers.JSONField(required=False, help_text="GeoJSON Point, Polygon or MultiPolygon, EPSG:4326")
    street = serializers.CharField(required=False)
    building_no = serializers.CharField(required=False)
    unit_no = serializers.CharField(required=False)
    floor = serializers.IntegerField(required=False)
    area_m2 = serializers.DecimalField(14, 4, required=False)


class ClosingBody(serializers.Serializer[Any]):
    """The end of an asset."""

    closed_on = serializers.DateField()
    reason = serializers.CharField(required=False)


def page_of(features: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a page: a FeatureCollection with links."""
    link = {"type": "string", "format": "uri", "nullable": True}
    return {
        "type": "object",
        "required": ["type", "features", "next", "previous"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "next": link,
            "previous": link,
            "features": features,
        },
    }
