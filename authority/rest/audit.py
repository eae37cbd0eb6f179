"""`/api/v1/audit/`: what was done, by whom, to what, as far as the reader may know it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from authority import audit, selectors
from authority.models import AuditEvent
from authority.rest.queries import parameters

FILTERS = ("object_type", "object_id", "action", "governorate", "actor")
PATHS = {"actor": "actor__username"}


class AuditSerializer(serializers.ModelSerializer[AuditEvent]):
    """One event; national numbers in its detail are masked where it was written."""

    title = serializers.SerializerMethodField()
    actor = serializers.CharField(source="actor.username", read_only=True)

    class Meta:
        model = AuditEvent
        fields = (
            "id", "at", "recorded_at", "actor", "action", "title", "object_type", "object_id", "governorate", "detail",
            "request_id",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_title(self, event: AuditEvent) -> str:
        """Return the action in the reader's language."""
        return audit.title_of(event.action)


class AuditList(generics.ListAPIView[AuditEvent]):
    """The audit trail, the latest first: one's own acts, and those of governorates that one oversees."""

    queryset = AuditEvent.objects.none()
    serializer_class = AuditSerializer
    cursor_ordering = "-id"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events asked for."""
        asked = parameters(self.request, FILTERS)
        chosen = {PATHS.get(name, name): asked[name] for name in FILTERS if name in asked}
        return selectors.events_visible_to(self.request.user).filter(**chosen).select_related("actor")

    @extend_schema(
        operation_id="audit_list",
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
        responses=AuditSerializer(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what was done."""
        return self.list(request, *args, **kwargs)
