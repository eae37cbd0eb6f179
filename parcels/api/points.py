"""`/api/v1/control-points/`: points of known coordinates and their cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_gis.serializers import GeoFeatureModelSerializer, GeometryField

from authority import clock
from authority.asking import asker
from authority.rest.etags import IF_MATCH, check_if_match, etag_of
from authority.rest.queries import parameters
from parcels import services
from parcels.api import asked
from parcels.api.asked import Body
from parcels.api.land import coordinate
from parcels.api.serializers import DECIMALS
from parcels.api.views import GeoJsonPaging
from parcels.layers import known
from parcels.models import ControlPoint, Monument
from parcels.selectors.points import control_point_by_id, control_points
from search import outline
from tiles.filters import place_code

FILTERS = {"place": place_code, "bbox": outline.box, "condition": known(ControlPoint.Condition)}
PATHS = {"bbox": "geom__bboverlaps", "condition": "condition"}


class ControlPointFeature(GeoFeatureModelSerializer):
    """A control point as a GeoJSON feature; `east`, `north` are of record, the geometry is derived."""

    geom = GeometryField(precision=DECIMALS, read_only=True)
    place = serializers.CharField(source="place.code", read_only=True)

    class Meta:
        model = ControlPoint
        geo_field = "geom"
        id_field = "id"
        fields = (
            "id", "name", "order", "place", "east", "north", "crs", "height_m", "sigma_m", "monument", "description",
            "condition", "visited_on", "source", "closed_on", "row_version", "geom",
        )  # fmt: skip
        read_only_fields = fields


class CardBody(serializers.Serializer[Any]):
    """What the card says."""

    order = serializers.ChoiceField(ControlPoint.Order.choices, required=False)
    height_m = serializers.DecimalField(9, 3, required=False)
    sigma_m = serializers.FloatField(required=False)
    monument = serializers.ChoiceField(Monument.choices, required=False)
    description = serializers.CharField(required=False)
    condition = serializers.ChoiceField(ControlPoint.Condition.choices, required=False)
    visited_on = serializers.DateField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]  # a field, not what this names


class ControlPointBody(CardBody):
    """A control point to enter."""

    name = serializers.CharField(max_length=40)
    place = serializers.CharField(help_text="code")
    east = serializers.DecimalField(16, 9)
    north = serializers.DecimalField(16, 9)
    crs = serializers.CharField(help_text="EPSG:22992 …")


def etag(point: ControlPoint) -> str:
    """Return the strong ETag of a control point."""
    return etag_of("control", point.pk, point.row_version)


def long_text(value: Any) -> str:
    """Take a text of some pages."""
    if not isinstance(value, str) or len(value) > 4_000:
        raise TypeError(value)
    return value.strip()


def card(body: Body) -> dict[str, Any]:
    """Read what is said of the card."""
    said: dict[str, Any] = {
        "order": body.take("order", asked.text),
        "height_m": body.take("height_m", lambda value: round(Decimal(str(value)), 3)),
        "sigma_m": body.take("sigma_m", asked.metres),
        "monument": body.take("monument", asked.text),
        "description": body.take("description", long_text),
        "condition": body.take("condition", asked.text),
        "visited_on": body.take("visited_on", asked.date),
        "source": body.take("source", asked.text),
    }
    return {name: value for name, value in said.items() if value is not None}


class ControlPointList(generics.ListAPIView[ControlPoint]):
    """The control points in the reader's jurisdiction."""

    queryset = ControlPoint.objects.none()
    serializer_class = ControlPointFeature
    pagination_class = GeoJsonPaging
    cursor_ordering = "pk"

    def get_queryset(self) -> QuerySet[ControlPoint]:
        """Return them, filtered."""
        values = asked.read(parameters(self.request, FILTERS), FILTERS)
        return asked.filtered(control_points(asker(self.request)), values, PATHS)

    @extend_schema(
        operation_id="control_points_list",
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
        responses=ControlPointFeature(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List control points as GeoJSON."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="control_points_create", request=ControlPointBody, responses={201: ControlPointFeature})
    def post(self, request: Request) -> Response:
        """Enter a control point: name, place, east, north, crs, and its card."""
        body = Body(request.data)
        given: dict[str, Any] = {
            "name": body.need("name", asked.text),
            "place": body.need("place", asked.place),
            "east": body.need("east", coordinate),
            "north": body.need("north", coordinate),
            "crs": body.need("crs", asked.text),
            "card": card(body),
        }
        body.end()
        made = services.register_control_point(by=asker(request), at=clock.now(), **given)
        headers = {"ETag": etag(made), "Location": f"/api/v1/control-points/{made.pk}/"}
        return Response(ControlPointFeature(made).data, status=201, headers=headers)


class ControlPointOne(APIView):
    """One control point."""

    @extend_schema(operation_id="control_points_retrieve", responses=ControlPointFeature)
    def get(self, request: Request, point_id: UUID) -> Response:
        """Show a control point with its ETag."""
        parameters(request, ())
        point = control_point_by_id(point_id, asker(request))
        return Response(ControlPointFeature(point).data, headers={"ETag": etag(point)})

    @extend_schema(
        operation_id="control_points_visit", parameters=[IF_MATCH], request=CardBody, responses=ControlPointFeature
    )
    def patch(self, request: Request, point_id: UUID) -> Response:
        """Write what was found at the point; needs If-Match. Coordinates never change."""
        point = control_point_by_id(point_id, asker(request))
        check_if_match(request, etag(point))
        body = Body(request.data)
        said = card(body)
        body.end()
        seen = services.visit_control_point(
            by=asker(request), at=clock.now(), point=point, card=said, expected=point.row_version
        )
        return Response(ControlPointFeature(seen).data, headers={"ETag": etag(seen)})
