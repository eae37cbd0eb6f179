"""`/api/v1/saved-filters/`: filters one keeps, and those of one's offices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require
from authority.refusal import NotFound, NotSignedIn
from authority.rest.queries import parameters
from authority.rest.serializers import StrictSerializer
from search.models import SavedFilter
from search.saved import close_filter, offices_to_share, save_filter, saved_visible_to


class SavedFilterSerializer(serializers.ModelSerializer[SavedFilter]):
    """A filter that is kept."""

    owner = serializers.CharField(source="owner.username")
    office = serializers.CharField(source="office.code", default=None)

    class Meta:
        model = SavedFilter
        fields = ("id", "page", "name", "query", "owner", "office", "saved_at")
        read_only_fields = fields


class SavedFilterBody(StrictSerializer):
    """A filter to keep."""

    page = serializers.ChoiceField(SavedFilter.Page.choices)
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=4000, help_text="as it stands in the address of the list, without ?")
    office = serializers.CharField(required=False, max_length=48, help_text="code of an office in which one works")


def asker(request: Request) -> User:
    """Return who asks, if he is of the staff."""
    if not request.user.is_authenticated:
        raise NotSignedIn()
    require(request.user, STAFF_READ)
    return request.user


class SavedFilters(APIView):
    """The filters one may use."""

    @extend_schema(operation_id="saved_filters", responses=SavedFilterSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List one's own and those of one's offices."""
        parameters(request, ())
        rows = saved_visible_to(asker(request)).select_related("owner", "office").order_by("page", "name", "pk")
        return Response(SavedFilterSerializer(rows, many=True).data)

    @extend_schema(operation_id="save_filter", request=SavedFilterBody, responses={201: SavedFilterSerializer})
    def post(self, request: Request) -> Response:
        """Keep a filter under a name."""
        user = asker(request)
        said: dict[str, Any] = SavedFilterBody.read(request)
        code = said.pop("office", "")
        office = next((one for one in offices_to_share(user) if one.code == code), None)
        if code and office is None:
            raise NotFound()
        made = save_filter(by=user, at=clock.now(), office=office, **said)
        return Response(SavedFilterSerializer(made).data, status=201)


class SavedFilterOne(APIView):
    """One of them."""

    @extend_schema(operation_id="close_filter", request=None, responses={204: None})
    def delete(self, request: Request, saved_id: UUID) -> Response:
        """Keep it no longer; only who saved it may."""
        close_filter(by=asker(request), at=clock.now(), saved=saved_id)
        return Response(status=204)
