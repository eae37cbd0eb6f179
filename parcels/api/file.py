"""Doors of a parcel's file: who holds it, what restricts it, screening."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.queries import parameters
from parcels import selectors, services
from parcels.api import asked
from parcels.api.asked import Body
from parcels.api.serializers import FindingSerializer, HoldingSerializer, RestrictionSerializer
from parcels.models import Holding, Restriction


class HoldingList(generics.ListAPIView[Holding]):
    """The holdings of a parcel that stand in the book."""

    queryset = Holding.objects.none()
    serializer_class = HoldingSerializer
    cursor_ordering = "pk"

    def get_queryset(self) -> QuerySet[Holding]:
        """Return them."""
        parameters(self.request, ())
        parcel = selectors.parcel_by_id(self.kwargs["parcel_id"], asker(self.request))
        return parcel.holdings.filter(in_book=True)

    @extend_schema(operation_id="parcels_holdings", responses=HoldingSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List who holds the parcel, past and future."""
        return self.list(request, *args, **kwargs)


class RestrictionBody(serializers.Serializer[Any]):
    """A restriction from a paper."""

    text = serializers.CharField(max_length=200)


class RestrictionList(generics.ListAPIView[Restriction]):
    """The restrictions of a parcel, ended ones too."""

    queryset = Restriction.objects.none()
    serializer_class = RestrictionSerializer
    cursor_ordering = "-pk"

    def get_queryset(self) -> QuerySet[Restriction]:
        """Return them, the latest first."""
        parameters(self.request, ())
        parcel = selectors.parcel_by_id(self.kwargs["parcel_id"], asker(self.request))
        return parcel.restrictions.select_related("layer")

    @extend_schema(operation_id="parcels_restrictions", responses=RestrictionSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List restrictions and what screening found."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="parcels_restrict", request=RestrictionBody, responses={201: RestrictionSerializer})
    def post(self, request: Request, parcel_id: Any) -> Response:
        """Enter a restriction from a paper."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        body = Body(request.data)
        text = body.need("text", asked.text)
        body.end()
        made = services.restrict(by=asker(request), at=clock.now(), parcel=parcel, text=text)
        return Response(RestrictionSerializer(made).data, status=201)


class Screening(APIView):
    """Screening against the protection layers."""

    @extend_schema(operation_id="parcels_screen", request=None, responses=FindingSerializer(many=True))
    def post(self, request: Request, parcel_id: Any) -> Response:
        """Screen the parcel now; a layer that is missing is not_checked, never clear."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        Body(request.data).end()
        found = services.screen(by=asker(request), at=clock.now(), parcel=parcel)
        return Response([FindingSerializer(finding).data for finding in found])
