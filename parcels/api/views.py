"""Doors of the register for programs."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.etags import IF_MATCH, check_if_match, etag_of
from authority.rest.paging import CursorPaging
from authority.rest.queries import parameters
from parcels import selectors, services
from parcels.api import asked
from parcels.api.asked import Body
from parcels.api.schema import AssetBody, ClosingBody, MergeBody, ParcelBody, SplitBody, VersionBody, page_of
from parcels.api.serializers import (
    AssetFeature,
    HistorySerializer,
    ParcelDetail,
    ParcelFeature,
    TimelineSerializer,
    features,
)
from parcels.models import Asset, Parcel, ParcelVersion
from parcels.policies import assets_visible_to, versions_visible_to
from parcels.selectors.book import asset_by_id

TIMES = (
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="what was true on this day; today when missing"),
    OpenApiParameter(
        "known_at", str, description="what the register said then: a moment with its zone, or a day (its end in Egypt)"
    ),
)
FILTERS = (
    OpenApiParameter("place", str, description="code of a place: it and all below it"),
    OpenApiParameter("status", str),
    OpenApiParameter("use", str),
    OpenApiParameter("ownership", str),
    OpenApiParameter("custodian", str, description="code"),
    OpenApiParameter("number", str, description="in any spelling"),
    OpenApiParameter("code", str),
    OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
)


class GeoJsonPaging(CursorPaging):
    """A page is a FeatureCollection with the links `next` and `previous` beside the features."""

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page."""
        links = (("next", self.get_next_link()), ("previous", self.get_previous_link()))
        return Response(OrderedDict((("type", "FeatureCollection"), *links, ("features", data["features"]))))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        found = schema.get("properties", {}).get("features")
        return page_of(found or {"type": "array", "items": {"type": "object"}})


def etag(thing: Parcel | Asset) -> str:
    """Return the strong ETag of a parcel's or an asset's state."""
    return etag_of(thing._meta.label_lower, thing.pk, thing.row_version)


def shown(request: Request, parcel_id: UUID, status: int = 200) -> Response:
    """Return a parcel as a feature with its ETag; 304 where the reader has it."""
    times = asked.read(parameters(request, ("as_of", "known_at")), asked.PARCEL_FILTERS)
    parcel = selectors.parcel_by_id(parcel_id, asker(request))
    tag = etag(parcel)
    if status == 200 and not times and tag in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers={"ETag": tag})
    version = _version(parcel, times)
    headers = {"ETag": tag, "Location": f"/api/v1/parcels/{parcel.pk}/"} if status == 201 else {"ETag": tag}
    return Response(ParcelDetail(version).data, status=status, headers=headers)


def _version(parcel: Parcel, times: dict[str, Any]) -> ParcelVersion:
    if not times:
        return selectors.standing_version(parcel)
    return selectors.as_of(parcel, on=times.get("as_of"), known_at=times.get("known_at"))


class ParcelList(generics.ListAPIView[ParcelVersion]):
    """The parcels in the reader's jurisdiction."""

    queryset = ParcelVersion.objects.none()
    serializer_class = ParcelFeature
    pagination_class = GeoJsonPaging
    cursor_ordering = "pk"

    def get_queryset(self) -> QuerySet[ParcelVersion]:
        """Return the versions as of the two times, filtered."""
        values = asked.read(parameters(self.request, asked.PARCEL_FILTERS), asked.PARCEL_FILTERS)
        times = {"on": values.get("as_of"), "known_at": values.get("known_at")}
        rows = selectors.with_status(selectors.versions_as_of(**times), **times)
        seen = versions_visible_to(asker(self.request), rows)
        return asked.light(asked.filtered(seen, values, asked.PATHS))

    @extend_schema(operation_id="parcels_list", parameters=[*FILTERS, *TIMES], responses=ParcelFeature(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List parcels as GeoJSON."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="parcels_create", request=ParcelBody, responses={201: ParcelDetail})
    def post(self, request: Request) -> Response:
        """Register a parcel: place, custodian, number, legal_from; optional geometry, crs, basis and facts."""
        body = Body(request.data)
        given: dict[str, Any] = {
            "place": body.need("place", asked.place),
            "custodian": body.need("custodian", asked.custodian),
            "number": body.need("number", asked.text),
            "legal_from": body.need("legal_from", asked.date),
            "boundary": asked.boundary(body),
            "basis": body.take("basis", asked.text, ""),
            "unified_property_no": body.take("unified_property_no", asked.text),
            "facts": body.facts(),
        }
        body.end()
        parcel = services.register_parcel(by=asker(request), at=clock.now(), **given)
        return shown(request, parcel.pk, status=201)


class ParcelOne(APIView):
    """One parcel."""

    @extend_schema(operation_id="parcels_retrieve", parameters=list(TIMES), responses=ParcelDetail)
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """Show a parcel with its ETag."""
        return shown(request, parcel_id)

    @extend_schema(
        operation_id="parcels_new_version", parameters=[IF_MATCH], request=VersionBody, responses=ParcelDetail
    )
    def patch(self, request: Request, parcel_id: UUID) -> Response:
        """Say something new of a parcel from the day `on`; needs If-Match. `kind`: law (default) or correction."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        given: dict[str, Any] = {
            "on": body.need("on", asked.date),
            "until": body.take("until", asked.date),
            "kind": body.take("kind", kind, "law"),
            "number": body.take("number", asked.text),
            "place": body.take("place", asked.place),
            "custodian": body.take("custodian", asked.custodian),
            "boundary": asked.boundary(body),
            "basis": body.take("basis", asked.text, ""),
            "facts": body.facts(),
        }
        body.end()
        services.new_version(by=asker(request), at=clock.now(), parcel=parcel.pk, expected=parcel.row_version, **given)
        return shown(request, parcel.pk)


def kind(value: Any) -> str:
    """Take one of the two ways to say something new."""
    if value not in ("law", "correction"):
        raise ValueError(value)
    return str(value)


class ParcelSplit(APIView):
    """Splitting a parcel."""

    @extend_schema(
        operation_id="parcels_split",
        parameters=[IF_MATCH],
        request=SplitBody,
        responses={201: ParcelFeature(many=True)},
    )
    def post(self, request: Request, parcel_id: UUID) -> Response:
        """Split from the day `on` into `parts` [{number, geometry, crs, assets, facts…}]; needs If-Match."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        on, basis = body.need("on", asked.date), body.take("basis", asked.text, "") or ""
        parts = [part(Body(one, f"parts.{i}.")) for i, one in enumerate(body.need("parts", asked.objects))]
        body.end()
        made = services.split_parcel(
            by=asker(request),
            at=clock.now(),
            parcel=parcel.pk,
            parts=parts,
            on=on,
            basis=basis,
            expected=parcel.row_version,
        )
        return Response(features(_first_versions(made)), status=201)


def part(body: Body) -> services.Part:
    """Read one part of a split."""
    made = services.Part(
        number=body.need("number", asked.text),
        boundary=asked.boundary(body),
        assets=body.take("assets", asked.ids, []) or [],
        facts=body.facts(),
    )
    body.end()
    return made


def _first_versions(parcels: list[Parcel]) -> list[ParcelVersion]:
    return [selectors.standing_version(parcel) for parcel in parcels]


class ParcelMerge(APIView):
    """Merging parcels."""

    @extend_schema(operation_id="parcels_merge", request=MergeBody, responses={201: ParcelDetail})
    def post(self, request: Request) -> Response:
        """Merge `parcels` [ids] into one with `number` from the day `on`; their boundaries are joined."""
        body = Body(request.data)
        olds = [selectors.parcel_by_id(one, asker(request)) for one in body.need("parcels", asked.ids)]
        given: dict[str, Any] = {
            "number": body.need("number", asked.text),
            "on": body.need("on", asked.date),
            "boundary": asked.boundary(body),
            "basis": body.take("basis", asked.text, ""),
            "facts": body.facts(),
        }
        body.end()
        made = services.merge_parcels(by=asker(request), at=clock.now(), parcels=olds, **given)
        return shown(request, made.pk, status=201)


class ParcelHistory(generics.ListAPIView[ParcelVersion]):
    """All rows of the book about a parcel, those that were closed too."""

    queryset = ParcelVersion.objects.none()
    serializer_class = HistorySerializer
    cursor_ordering = "-pk"

    def get_queryset(self) -> QuerySet[ParcelVersion]:
        """Return the rows, the last written first."""
        parameters(self.request, ())
        parcel = selectors.parcel_by_id(self.kwargs["parcel_id"], asker(self.request))
        return parcel.versions.select_related("recorded_by").defer(*asked.LIGHT, "geom")

    @extend_schema(operation_id="parcels_history", responses=HistorySerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what was ever written of a parcel."""
        return self.list(request, *args, **kwargs)


class ParcelTimeline(APIView):
    """The lanes of time."""

    @extend_schema(operation_id="parcels_timeline", responses=TimelineSerializer(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List versions, holdings, cases, papers of a parcel in time."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response([TimelineSerializer(entry).data for entry in selectors.timeline(parcel, asker(request))])


class ParcelNeighbours(APIView):
    """Who lies around."""

    @extend_schema(operation_id="parcels_neighbours", responses=ParcelFeature(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List the parcels that touch this one, as GeoJSON."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response(features(selectors.neighbours(parcel, asker(request))))


class AssetList(generics.ListAPIView[Asset]):
    """The assets in the reader's jurisdiction."""

    queryset = Asset.objects.none()
    serializer_class = AssetFeature
    pagination_class = GeoJsonPaging
    cursor_ordering = "asset_code"

    def get_queryset(self) -> QuerySet[Asset]:
        """Return the open assets, filtered."""
        values = asked.read(parameters(self.request, asked.ASSET_FILTERS), asked.ASSET_FILTERS)
        rows = assets_visible_to(asker(self.request), Asset.objects.filter(closed_on=None))
        chosen = asked.filtered(rows, values, asked.ASSET_PATHS)
        return chosen.select_related("place", "custodian").defer("geom_3857", "place__geom", "place__geom_3857")

    @extend_schema(operation_id="assets_list", responses=AssetFeature(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List assets as GeoJSON."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="assets_create", request=AssetBody, responses={201: AssetFeature})
    def post(self, request: Request) -> Response:
        """Register an asset: kind, name_ar, place, custodian, registered_on; optional parcel, parent, geometry."""
        body, who = Body(request.data), asker(request)
        on, parent = body.take("parcel", asked.uuid), body.take("parent", asked.uuid)
        given: dict[str, Any] = {
            "kind": body.need("kind", lambda value: Asset.Kind(value).value),
            "name_ar": body.need("name_ar", asked.text),
            "place": body.need("place", asked.place),
            "custodian": body.need("custodian", asked.custodian),
            "registered_on": body.need("registered_on", asked.date),
            "parcel": selectors.parcel_by_id(on, who) if on else None,
            "parent": asset_by_id(parent, who) if parent else None,
            "geom": body.take("geometry", asked.point_or_polygon),
        }
        facts: dict[str, Any] = {
            "street": body.take("street", asked.text),
            "building_no": body.take("building_no", asked.text),
            "unit_no": body.take("unit_no", asked.text),
            "floor": body.take("floor", asked.whole),
            "area_m2": body.take("area_m2", asked.area),
        }
        body.end()
        said = {name: value for name, value in facts.items() if value is not None}
        asset = services.register_asset(by=who, at=clock.now(), facts=said, **given)
        headers = {"ETag": etag(asset), "Location": f"/api/v1/assets/{asset.pk}/"}
        return Response(AssetFeature(asset).data, status=201, headers=headers)


class AssetOne(APIView):
    """One asset."""

    @extend_schema(operation_id="assets_retrieve", responses=AssetFeature)
    def get(self, request: Request, asset_id: UUID) -> Response:
        """Show an asset with its ETag."""
        asset = asset_by_id(asset_id, asker(request))
        return Response(AssetFeature(asset).data, headers={"ETag": etag(asset)})

    @extend_schema(operation_id="assets_close", parameters=[IF_MATCH], request=ClosingBody, responses=AssetFeature)
    def patch(self, request: Request, asset_id: UUID) -> Response:
        """Close an asset with the day `closed_on`; needs If-Match."""
        asset = asset_by_id(asset_id, asker(request))
        check_if_match(request, etag(asset))
        body = Body(request.data)
        on, reason = body.need("closed_on", asked.date), body.take("reason", asked.text, "") or ""
        body.end()
        closed = services.close_asset(by=asker(request), at=clock.now(), asset=asset, on=on, reason=reason)
        return Response(AssetFeature(closed).data, headers={"ETag": etag(closed)})
