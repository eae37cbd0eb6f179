"""`/api/v1/places/` and `/api/v1/me/`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_gis.serializers import GeoFeatureModelSerializer, GeometryField

from authority import selectors
from authority.models import Place, User
from authority.refusal import Invalid, NotFound, NotSignedIn
from authority.rest.queries import parameters, switched_on
from authority.rest.serializers import MeSerializer, PlaceSerializer

PLACE_FILTERS = (
    OpenApiParameter("kind", str, description="GOVERNORATE, MARKAZ, QISM, CITY, DISTRICT, NAHIA, SHIYAKHA, HOD"),
    OpenApiParameter("parent", str, description="code of the place directly above"),
    OpenApiParameter("within", str, description="code of a place: it and all below it"),
    OpenApiParameter("code", str),
    OpenApiParameter("geometry", OpenApiTypes.BOOL, description="1: GeoJSON features in EPSG:4326"),
)


class PlaceFeatureSerializer(GeoFeatureModelSerializer):
    """A place as a GeoJSON feature."""

    geom = GeometryField(precision=8, read_only=True)
    name = PlaceSerializer().fields["name"]
    parent = PlaceSerializer().fields["parent"]
    governorate = PlaceSerializer().fields["governorate"]

    class Meta:
        model = Place
        geo_field = "geom"
        id_field = "code"
        fields = (*PlaceSerializer.Meta.fields, "geom")
        read_only_fields = fields


class PlaceList(generics.ListAPIView[Place]):
    """The tree of places, in the order of its codes."""

    queryset = Place.objects.none()
    cursor_ordering = "path"
    filters = ("kind", "parent", "within", "code", "geometry")

    def get_queryset(self) -> QuerySet[Place]:
        """Return the places that were asked for."""
        asked = parameters(self.request, self.filters)
        places = selectors.places_visible_to(self.request.user).select_related("parent")
        if "kind" in asked:
            if asked["kind"] not in Place.Kind.values:
                raise Invalid("bad_kind", value=asked["kind"])
            places = places.filter(kind=asked["kind"])
        if "parent" in asked:
            places = places.filter(parent__code=asked["parent"])
        if "code" in asked:
            places = places.filter(code=asked["code"])
        return self._within(places, asked.get("within")).defer("geom_3857", *(() if self._drawn() else ("geom",)))

    def _within(self, places: QuerySet[Place], code: str | None) -> QuerySet[Place]:
        if code is None:
            return places
        return places & selectors.subtree_of(selectors.place_by_code(code))

    def _drawn(self) -> bool:
        return switched_on(self.request.query_params.get("geometry"), "geometry")

    def get_serializer_class(self) -> Any:
        """Return features only where geometry was asked for."""
        if getattr(self, "swagger_fake_view", False) or not self._drawn():
            return PlaceSerializer
        return PlaceFeatureSerializer

    @extend_schema(operation_id="places_list", parameters=list(PLACE_FILTERS), responses=PlaceSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List places."""
        return self.list(request, *args, **kwargs)


class PlaceDetail(generics.RetrieveAPIView[Place]):
    """One place, as a GeoJSON feature."""

    queryset = Place.objects.none()
    serializer_class = PlaceFeatureSerializer

    def get_object(self) -> Place:
        """Return the place; raises NotFound."""
        place = selectors.places_visible_to(self.request.user).filter(code=self.kwargs["code"]).first()
        if place is None:
            raise NotFound
        return place

    @extend_schema(operation_id="places_retrieve", responses=PlaceFeatureSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show a place with its outline."""
        return self.retrieve(request, *args, **kwargs)


class Me(APIView):
    """Who is asking."""

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Show the person and the roles held today."""
        if not isinstance(request.user, User):
            raise NotSignedIn
        return Response(MeSerializer(request.user).data)
