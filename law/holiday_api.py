"""`/api/v1/holidays/` and `/api/v1/calendar/`: days off, and what the calendar says of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.policies import STAFF, require
from authority.refusal import NotFound
from authority.rest.queries import parameters
from authority.rest.serializers import StrictSerializer
from law import days, holidays
from law.api import DecisionSerializer, day
from law.models import Holiday


class HolidaySerializer(serializers.ModelSerializer[Holiday]):
    """A day off with its decree."""

    proposed_by = serializers.CharField(source="proposed_by.username", default=None, read_only=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, read_only=True)

    class Meta:
        model = Holiday
        fields = (
            "id", "day", "name_ar", "name_en", "source", "replaces", "cancels", "state", "reason", "proposed_by",
            "decided_by", "decided_at",
        )  # fmt: skip
        read_only_fields = fields


class NewHolidaySerializer(StrictSerializer):
    """A day off to propose; `replaces` names the holiday that moves to this day."""

    day = serializers.DateField()
    name_ar = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]  # a field, not the serializer this names
    replaces = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**62)


class DaySerializer(serializers.Serializer[Any]):
    """What the calendar says of a day."""

    day = serializers.DateField()
    working = serializers.BooleanField()
    holiday = serializers.CharField(allow_null=True)
    fiscal_year = serializers.CharField()
    agricultural_year = serializers.CharField()


class HolidayList(APIView):
    """Official holidays."""

    @extend_schema(operation_id="holidays_list", responses=HolidaySerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the holidays in force, and what is proposed."""
        require(asker(request), STAFF)
        parameters(request, ())
        rows = [*days.waiting_holidays(), *days.holidays().select_related("proposed_by", "decided_by")]
        return Response(HolidaySerializer(rows, many=True).data)

    @extend_schema(operation_id="holidays_propose", request=NewHolidaySerializer, responses={201: HolidaySerializer})
    def post(self, request: Request) -> Response:
        """Propose a holiday, or that one moves."""
        data = NewHolidaySerializer.read(request)
        made = holidays.propose_holiday(by=asker(request), at=clock.now(), **data)
        return Response(HolidaySerializer(made).data, status=201)


class HolidayDecision(APIView):
    """The second person."""

    @extend_schema(operation_id="holidays_decide", request=DecisionSerializer, responses=HolidaySerializer)
    def post(self, request: Request, holiday_id: int, act: str) -> Response:
        """Put a proposal in force (`enforce`) or refuse it (`refuse`, with a reason)."""
        user = asker(request)
        require(user, STAFF)
        found = days.waiting_holidays().filter(pk=holiday_id).first()
        if found is None or act not in ("enforce", "refuse"):
            raise NotFound()
        reason = DecisionSerializer.read(request)["reason"]
        if act == "enforce":
            done = holidays.enforce_holiday(by=user, at=clock.now(), holiday=found)
        else:
            done = holidays.refuse_holiday(by=user, at=clock.now(), holiday=found, reason=reason)
        return Response(HolidaySerializer(done).data)


class CalendarDay(APIView):
    """A day."""

    @extend_schema(
        operation_id="calendar_day", responses=DaySerializer, parameters=[OpenApiParameter("on", OpenApiTypes.DATE)]
    )
    def get(self, request: Request) -> Response:
        """Say whether offices are open on a day (today when missing), and its fiscal and agricultural year."""
        require(asker(request), STAFF)
        asked = parameters(request, ("on",))
        on = day(asked["on"]) if "on" in asked else clock.today()
        return Response(DaySerializer(said(on)).data)


def said(on: dt.date) -> dict[str, Any]:
    """Return what the calendar says of a day."""
    off = days.holidays().filter(day=on).first()
    return {
        "day": on,
        "working": days.calendar().is_working(on),
        "holiday": off.name_ar if off else None,
        "fiscal_year": str(days.fiscal_year(on)),
        "agricultural_year": str(days.agricultural_year(on)),
    }
