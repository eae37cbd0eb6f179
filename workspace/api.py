"""API of the rooms of the staff: the parcel's sheet."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from authority.models import User
from authority.moments import asked
from authority.rest.queries import parameters
from workspace.parcel.views import carried


class Sheet(APIView):
    """The parcel's sheet to carry away."""

    @extend_schema(
        operation_id="parcels_sheet",
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="day of law"),
            OpenApiParameter("known", OpenApiTypes.DATE, description="as the book stood on that day"),
        ],
        responses={(200, "text/html"): OpenApiResponse(OpenApiTypes.BINARY, "one file that opens without a network")},
    )
    def get(self, request: Request, parcel_id: UUID) -> HttpResponse:
        """Download the sheet: map, areas, corners with their system, neighbours."""
        given = parameters(request, ("on", "known"))
        return carried(parcel_id, cast(User, request.user), asked(given))
