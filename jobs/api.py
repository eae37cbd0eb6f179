"""`/api/v1/operations/`: the operators' page for a monitor, asked with an administrator's key."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.models import User
from authority.rest.queries import parameters
from jobs import policies, signs


class LineSerializer(serializers.Serializer[Any]):
    """One part of the site."""

    key = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    light = serializers.ChoiceField(choices=[light.value for light in signs.Light], read_only=True)
    told = serializers.CharField(read_only=True)
    advice = serializers.CharField(read_only=True)


class OperationsSerializer(serializers.Serializer[Any]):
    """The whole site."""

    light = serializers.ChoiceField(choices=[light.value for light in signs.Light], read_only=True)
    at = serializers.DateTimeField(read_only=True)
    lines = LineSerializer(many=True, read_only=True)


class Operations(APIView):
    """How every part of the site stands."""

    @extend_schema(operation_id="operations", responses=OperationsSerializer)
    def get(self, request: Request) -> Response:
        """Look at all parts."""
        parameters(request, ())
        policies.require_all_jobs(cast(User, request.user))
        now = clock.now()
        lines = signs.look_at_all(now)
        return Response(OperationsSerializer({"light": signs.worst(lines), "at": now, "lines": lines}).data)
