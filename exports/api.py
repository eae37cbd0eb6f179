"""The API of files: ask, follow, download. Its bodies are a contract (docs/reference/api.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.models import User
from authority.refusal import Invalid
from authority.rest.paging import CursorPaging
from authority.rest.queries import parameters
from exports import selectors, services
from exports.files import attachment
from exports.formats import ENCODINGS, FORMATS, SYSTEMS
from exports.presenting import export_json

FIELDS = frozenset({"layers", "format", "srid", "filters", "encoding"})


class ExportBody(serializers.Serializer[Any]):
    """A file to ask for."""

    layers = serializers.ListField(child=serializers.CharField(), help_text="names of layers: parcels, assets …")
    format = serializers.ChoiceField([(name, str(name)) for name in FORMATS])
    srid = serializers.ChoiceField([(srid, str(srid)) for srid in SYSTEMS], required=False, help_text="4326 if missing")
    filters = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="of the layers: place, status, use, custodian, on …; of every layer: bbox (degrees), ids",
    )
    encoding = serializers.ChoiceField([(name, name) for name in ENCODINGS], required=False, help_text="of a shapefile")


class ExportAnswer(serializers.Serializer[Any]):
    """A request and how far it is."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(
        [("queued", "queued"), ("ready", "ready"), ("failed", "failed"), ("expired", "expired")]
    )
    terminal = serializers.BooleanField()
    progress = serializers.IntegerField()
    layers = serializers.ListField(child=serializers.CharField())
    filters = serializers.DictField(child=serializers.CharField())
    format = serializers.CharField()
    srid = serializers.IntegerField()
    encoding = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    notes = serializers.ListField(child=serializers.DictField())
    refusal = serializers.DictField(allow_null=True)
    file = serializers.CharField(allow_null=True)
    filename = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


def user_of(request: Request) -> User:
    """Return who asks; the API answers nobody else."""
    return cast(User, request.user)


class Exports(APIView):
    """My files: the list, and asking for one."""

    cursor_ordering = ("-created_at", "-id")

    @extend_schema(operation_id="exports_list", responses=ExportAnswer(many=True))
    def get(self, request: Request) -> Response:
        """Return my requests, newest first."""
        parameters(request, ())
        paging = CursorPaging()
        page = paging.paginate_queryset(selectors.exports_for(user_of(request)), request, self)
        return paging.get_paginated_response([export_json(one) for one in page])

    @extend_schema(operation_id="exports_create", request=ExportBody, responses={202: ExportAnswer})
    def post(self, request: Request) -> Response:
        """Ask for a file; it is made with the rights of who asks."""
        export = services.request_export(given=asked(request.data), by=user_of(request), at=clock.now())
        location = reverse("exports-api:export", args=[export.pk])
        return Response(export_json(export), status=202, headers={"Location": location})


def asked(data: Any) -> dict[str, Any]:
    """Return the fields of a body; raises Invalid for one that is not known."""
    if not isinstance(data, Mapping):
        raise Invalid("not_an_object", _("The body must be a JSON object."))
    for name in data:
        if name not in FIELDS:
            raise Invalid("field_unknown", _("The field “%(field)s” is not known."), field=str(name)[:60])
    given = dict(data.items())
    if hasattr(data, "getlist"):  # a form: several layers are several fields
        given["layers"] = data.getlist("layers")
    return given


class OneExport(APIView):
    """One of my requests."""

    @extend_schema(operation_id="exports_retrieve", responses=ExportAnswer)
    def get(self, request: Request, export_id: UUID) -> Response:
        """Return how far it is and where the file is."""
        parameters(request, ())
        return Response(export_json(selectors.export_by_id(export_id, user_of(request))))


class ExportFile(APIView):
    """The file."""

    @extend_schema(
        operation_id="exports_file", responses={200: OpenApiResponse(OpenApiTypes.BINARY, "the file, as an attachment")}
    )
    def get(self, request: Request, export_id: UUID) -> FileResponse:
        """Download the file; only who asked, while the rights are those it was made with."""
        parameters(request, ())
        export, path = services.hand_out(export_id, by=user_of(request), at=clock.now())
        return attachment(export, path)
