"""How parcels and assets look in the API: GeoJSON features in EPSG:4326 with nine decimals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.serializers import GeoFeatureModelSerializer, GeometryField

from parcels import areas
from parcels.bitemporal import of_range
from parcels.models import Asset, Holding, ParcelVersion, Restriction
from parcels.screening import Finding, State
from parcels.timeline import Entry

DECIMALS = 9  # of a degree: 0.1 mm


class ParcelFeature(GeoFeatureModelSerializer):
    """A parcel as of the two times asked for; `id` is the parcel's."""

    id = serializers.UUIDField(source="parcel_id", read_only=True)
    geom = GeometryField(precision=DECIMALS, read_only=True)
    code = serializers.CharField(source="parcel.parcel_code", read_only=True)
    unified_property_no = serializers.CharField(source="parcel.unified_property_no", read_only=True)
    status = serializers.CharField(source="shown_status", read_only=True)
    row_version = serializers.IntegerField(source="parcel.row_version", read_only=True)
    closed_on = serializers.DateField(source="parcel.closed_on", read_only=True)
    place = serializers.CharField(source="place.code", read_only=True)
    place_name = serializers.CharField(source="place.name", read_only=True)
    custodian = serializers.CharField(source="custodian.code", read_only=True)
    number = serializers.CharField(source="parcel_no_raw", read_only=True)
    legal_from = serializers.DateField(source="legal_range.lower", read_only=True)
    legal_until = serializers.DateField(source="legal_range.upper", read_only=True, allow_null=True)
    recorded_from = serializers.DateTimeField(source="recorded_range.lower", read_only=True)
    area_m2 = serializers.SerializerMethodField()
    area_fqs = serializers.SerializerMethodField()

    class Meta:
        model = ParcelVersion
        geo_field = "geom"
        id_field = "id"
        fields = (
            "id", "code", "unified_property_no", "number", "parcel_no_norm", "is_part_of", "bis", "part_seq", "status",
            "place", "place_name", "custodian", "custody_decree", "address_mode", "hamlet", "street", "building_no",
            "ownership_class", "land_use", "location_class", "area_m2", "area_fqs", "deed_area_m2", "survey_area_m2",
            "geom_area_m2", "governing_area", "boundary_n", "boundary_s", "boundary_e", "boundary_w", "len_n", "len_s",
            "len_e", "len_w", "register_book", "register_page", "register_no", "custody_decree_on", "sheet_no",
            "sheet_scale", "cadastral_edition", "registration_system", "folio", "file_no", "shelf", "confidence",
            "source_crs",
            "transform_op", "transform_accuracy_m", "survey_accuracy_m", "survey_method", "basis", "legal_from",
            "legal_until", "recorded_from", "closed_on", "row_version", "geom",
        )  # fmt: skip
        read_only_fields = fields

    def get_area_m2(self, version: ParcelVersion) -> Decimal | None:
        """Return the governing area."""
        return version.governing_m2

    @extend_schema_field(OpenApiTypes.STR)
    def get_area_fqs(self, version: ParcelVersion) -> str | None:
        """Return it in feddan, qirat and sahm."""
        area = version.governing_m2
        return None if area is None else areas.print_en(areas.m2_to_fqs(area))


class ParcelDetail(ParcelFeature):
    """The same with the columns of the file it came from, verbatim."""

    class Meta:
        model = ParcelVersion
        geo_field = "geom"
        id_field = "id"
        fields = (*ParcelFeature.Meta.fields, "source_row", "source_encoding", "source_attributes")
        read_only_fields = fields


class AssetFeature(GeoFeatureModelSerializer):
    """An asset as a GeoJSON feature; without a shape of its own it lies where its parcel is."""

    geom = GeometryField(precision=DECIMALS, read_only=True)
    code = serializers.CharField(source="asset_code", read_only=True)
    place = serializers.CharField(source="place.code", read_only=True)
    custodian = serializers.CharField(source="custodian.code", read_only=True)
    parcel = serializers.UUIDField(source="parcel_id", read_only=True)
    parent = serializers.UUIDField(source="parent_id", read_only=True)

    class Meta:
        model = Asset
        geo_field = "geom"
        id_field = "id"
        fields = (
            "id", "code", "kind", "name_ar", "status", "parcel", "parent", "place", "custodian", "street",
            "building_no", "floor", "unit_no", "area_m2", "registered_on", "closed_on", "row_version", "geom",
        )  # fmt: skip
        read_only_fields = fields


class HistorySerializer(serializers.ModelSerializer[ParcelVersion]):
    """One row of the book: its two times and why it was written."""

    legal_from = serializers.DateField(source="legal_range.lower", read_only=True)
    legal_until = serializers.DateField(source="legal_range.upper", read_only=True, allow_null=True)
    recorded_from = serializers.DateTimeField(source="recorded_range.lower", read_only=True)
    recorded_until = serializers.DateTimeField(source="recorded_range.upper", read_only=True, allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.username", read_only=True)
    number = serializers.CharField(source="parcel_no_raw", read_only=True)

    class Meta:
        model = ParcelVersion
        fields = (
            "id", "number", "legal_from", "legal_until", "recorded_from", "recorded_until", "in_book", "basis",
            "recorded_by", "deed_area_m2", "survey_area_m2", "geom_area_m2", "land_use", "ownership_class",
            "survey_method",
        )  # fmt: skip
        read_only_fields = fields


class HoldingSerializer(serializers.ModelSerializer[Holding]):
    """Who holds the parcel, how, from when to when; the party stands in its case."""

    starts_on = serializers.DateField(source="legal_range.lower", read_only=True)
    last_day = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="case_id", read_only=True)

    class Meta:
        model = Holding
        fields = ("id", "kind", "exclusive", "starts_on", "last_day", "area_m2", "reference", "case")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.DATE)
    def get_last_day(self, holding: Holding) -> dt.date | None:
        """Return the last day included, null without an end."""
        return of_range(holding.legal_range).last_day


class RestrictionSerializer(serializers.ModelSerializer[Restriction]):
    """A restriction from a paper, or what screening against a layer found."""

    layer = serializers.CharField(source="layer.code", default=None, read_only=True)
    restricts = serializers.BooleanField(source="is_hit", read_only=True)

    class Meta:
        model = Restriction
        fields = ("id", "layer", "text", "restricts", "verdict", "basis", "overlap_m2", "distance_m", "checked_at",
                  "ended_on")  # fmt: skip
        read_only_fields = fields


class FindingSerializer(serializers.Serializer[Finding]):
    """What screening against one layer found: hit, clear or not_checked."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(list(State))
    overlap_m2 = serializers.DecimalField(14, 4, allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    verdict = serializers.CharField(
        help_text="PROHIBITED: refuse; RESTRICTED: refer to the competent body; NEAR; empty"
    )
    feature = serializers.CharField()
    basis = serializers.CharField()


class TimelineSerializer(serializers.Serializer[Entry]):
    """One entry of a lane of time."""

    lane = serializers.CharField()
    title = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    tone = serializers.CharField()
    url = serializers.CharField()
    ref = serializers.CharField()
    recorded_on = serializers.DateField(allow_null=True, help_text="the day it reached the book, where that is kept")


def features(rows: Any, serializer: type[GeoFeatureModelSerializer] = ParcelFeature) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection."""
    return dict(serializer(rows, many=True).data)
