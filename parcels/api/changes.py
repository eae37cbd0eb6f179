"""What changed between two moments, for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from authority.asking import asker
from authority.moments import iso_book, iso_day
from authority.rest.paging import CursorPaging
from authority.rest.queries import parameters
from parcels.api import asked
from parcels.differences import Change, ExtentMissing, SinceMissing, changed_rows, told
from parcels.findable_past import bounded
from parcels.layers import known
from parcels.models import ParcelVersion
from search import outline
from tiles.filters import place_code

FILTERS = {
    "since": iso_day, "since_known": iso_book, "as_of": iso_day, "known_at": iso_book, "place": place_code,
    "bbox": outline.box, "change": known(Change),
}  # fmt: skip
ASKED = (
    OpenApiParameter("since", OpenApiTypes.DATE, required=True, description="the earlier day of law"),
    OpenApiParameter("since_known", str, description="as the book stood then, a moment or a day; now when missing"),
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="the later day of law; today when missing"),
    OpenApiParameter("known_at", str, description="the same of the later day"),
    OpenApiParameter("place", str, description="code of a place: it and all below it; this or bbox is needed"),
    OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
    OpenApiParameter("change", str, enum=Change.values),
)
NAMES = {"as_of": "on", "known_at": "known"}


class SideSerializer(serializers.Serializer[ParcelVersion]):
    """What a parcel was at one of the moments."""

    number = serializers.CharField()
    custodian = serializers.CharField(help_text="code")
    status = serializers.CharField()
    area_m2 = serializers.DecimalField(14, 4, allow_null=True)
    land_use = serializers.CharField()


class ChangeSerializer(serializers.Serializer[ParcelVersion]):
    """A parcel that differs."""

    parcel = serializers.UUIDField(source="parcel_id")
    code = serializers.CharField(source="parcel.parcel_code")
    place = serializers.CharField(source="place.code")
    changes = serializers.SerializerMethodField()
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    basis = serializers.CharField(help_text="of the later version")

    def get_changes(self, row: Any) -> list[str]:
        """Return all ways in which it differs."""
        return list(row.changes.split())

    @extend_schema(responses=SideSerializer(allow_null=True))
    def get_before(self, row: Any) -> dict[str, Any] | None:
        """Return what it was; null where it is new."""
        if row.was_id is None:
            return None
        return {
            "number": row.was_number, "custodian": row.was_custodian, "status": row.was_status,
            "area_m2": row.was_area, "land_use": row.was_use,
        }  # fmt: skip

    def get_after(self, row: Any) -> dict[str, Any] | None:
        """Return what it is; null where it has ended."""
        if row.ended:
            return None
        return {
            "number": row.parcel_no_raw, "custodian": row.custodian.code, "status": row.shown_status,
            "area_m2": row.governing, "land_use": row.land_use,
        }  # fmt: skip


class ParcelChanges(generics.ListAPIView[ParcelVersion]):
    """What changed between two moments in a place or a box."""

    queryset = ParcelVersion.objects.none()
    serializer_class = ChangeSerializer
    pagination_class = CursorPaging
    cursor_ordering = "pk"

    def get_queryset(self) -> QuerySet[ParcelVersion]:
        """Return the parcels that differ; raise SinceMissing, ExtentMissing, BadParameter."""
        values = asked.read(parameters(self.request, FILTERS), FILTERS)
        if "since" not in values:
            raise SinceMissing
        if not values.keys() & {"place", "bbox"}:
            raise ExtentMissing
        filters = {NAMES.get(name, name): value for name, value in values.items()}
        return told(changed_rows(asker(self.request), filters))

    @extend_schema(operation_id="parcels_changes", parameters=list(ASKED), responses=ChangeSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what is new, has ended, or says something else."""
        with bounded():
            return self.list(request, *args, **kwargs)
