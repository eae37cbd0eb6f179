"""`/api/v1/bulk-acts/`: one act on many parcels, prepared by one and carried out by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.queries import parameters
from authority.rest.serializers import NothingBody, StrictSerializer
from parcels.models import BulkAct, BulkRow
from parcels.selectors.work import bulk_act_by_id
from parcels.services import carry_out, prepare_bulk_act, withdraw_bulk_act
from parcels.services.many import MOST, left_out


class LeftOut(serializers.ModelSerializer[BulkRow]):
    """A parcel that cannot take it, and why."""

    parcel_code = serializers.CharField(source="parcel.parcel_code")

    class Meta:
        model = BulkRow
        fields = ("parcel", "parcel_code", "left_out", "why")
        read_only_fields = fields


class BulkActSerializer(serializers.ModelSerializer[BulkAct]):
    """An act on many parcels."""

    place = serializers.CharField(source="place.code")
    prepared_by = serializers.CharField(source="prepared_by.username")
    decided_by = serializers.CharField(source="decided_by.username", default=None)
    parcels = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = BulkAct
        fields = (
            "id", "act", "said", "on", "basis", "place", "state", "prepared_by", "prepared_at", "decided_by",
            "decided_at", "done_at", "reason", "parcels", "left_out",
        )  # fmt: skip
        read_only_fields = fields

    def get_parcels(self, act: BulkAct) -> int:
        """How many are in."""
        return act.rows.filter(left_out="").count()

    def get_left_out(self, act: BulkAct) -> list[dict[str, Any]]:
        """Which are not, and why."""
        return [dict(row) for row in LeftOut(list(left_out(act)), many=True).data]


class BulkBody(StrictSerializer):
    """An act to prepare."""

    act = serializers.ChoiceField(BulkAct.Act.choices)
    parcels = serializers.ListField(child=serializers.UUIDField(), max_length=MOST + 1)
    said = serializers.DictField(help_text="facts by name; of custody: custodian, decree_no, decree_on")
    on = serializers.DateField()
    basis = serializers.CharField(max_length=200)


class BulkWithdrawalBody(StrictSerializer):
    """Why it is put away."""

    reason = serializers.CharField(max_length=300)


class BulkActs(APIView):
    """Acts on many parcels."""

    @extend_schema(operation_id="prepare_bulk_act", request=BulkBody, responses={201: BulkActSerializer})
    def post(self, request: Request) -> Response:
        """Prepare one: those that cannot take it are left out, each with its reason."""
        made = prepare_bulk_act(by=asker(request), at=clock.now(), **BulkBody.read(request))
        return Response(BulkActSerializer(made).data, status=201)


class BulkActOne(APIView):
    """One of them."""

    @extend_schema(operation_id="bulk_act", responses=BulkActSerializer)
    def get(self, request: Request, act_id: UUID) -> Response:
        """Show it with what was left out."""
        parameters(request, ())
        return Response(BulkActSerializer(bulk_act_by_id(act_id, asker(request))).data)


class BulkActCarryOut(APIView):
    """The second officer's word."""

    @extend_schema(operation_id="carry_out_bulk_act", request=None, responses={202: BulkActSerializer})
    def post(self, request: Request, act_id: UUID) -> Response:
        """Have it carried out, as another officer than who prepared it."""
        user = asker(request)
        NothingBody.read(request)
        act = carry_out(by=user, at=clock.now(), act=bulk_act_by_id(act_id, user))
        return Response(BulkActSerializer(act).data, status=202)


class BulkActWithdrawal(APIView):
    """Putting it away."""

    @extend_schema(operation_id="withdraw_bulk_act", request=BulkWithdrawalBody, responses=BulkActSerializer)
    def post(self, request: Request, act_id: UUID) -> Response:
        """Put it away with a reason; nothing is changed."""
        user = asker(request)
        said = BulkWithdrawalBody.read(request)
        act = withdraw_bulk_act(by=user, at=clock.now(), act=bulk_act_by_id(act_id, user), reason=said["reason"])
        return Response(BulkActSerializer(act).data)
