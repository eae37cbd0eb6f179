"""Doors of the dictionary: corners, custody by decree, allocation, the unified number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.etags import IF_MATCH, check_if_match
from authority.rest.queries import parameters
from parcels import selectors, services
from parcels.api import asked
from parcels.api.asked import Body
from parcels.api.serializers import ParcelDetail
from parcels.api.views import etag, shown
from parcels.corners import Point, corners_of
from parcels.models import Allocation, Monument, Parcel, SurveyMethod
from parcels.selectors import Custody
from parcels.selectors.allocation import allocation_by_id, allocations_of
from parties.selectors import party_by_id


class CornerSerializer(serializers.Serializer[Point]):
    """A corner of the boundary of record, in its own system; legs lead to the next corner of the ring."""

    number = serializers.CharField()
    ring = serializers.IntegerField()
    east = serializers.DecimalField(16, 9)
    north = serializers.DecimalField(16, 9)
    method = serializers.CharField()
    sigma_m = serializers.FloatField(allow_null=True)
    monument = serializers.ChoiceField(Monument.choices)
    note = serializers.CharField()
    to_next_m = serializers.DecimalField(14, 3)
    bearing = serializers.DecimalField(8, 4, help_text="degrees clockwise from grid north")
    marked = serializers.BooleanField(help_text="recorded as an object, not only drawn")


class MarkBody(serializers.Serializer[Any]):
    """What marks one corner."""

    number = serializers.CharField(max_length=12)
    east = serializers.DecimalField(16, 9)
    north = serializers.DecimalField(16, 9)
    monument = serializers.ChoiceField(Monument.choices, required=False)
    method = serializers.ChoiceField(SurveyMethod.choices, required=False)
    sigma_m = serializers.FloatField(required=False)
    note = serializers.CharField(required=False)


class MarksBody(serializers.Serializer[Any]):
    """All marks of a parcel: what is not among them is closed."""

    corners = MarkBody(many=True)


class Corners(APIView):
    """The corners of a parcel."""

    @extend_schema(operation_id="parcels_corners", responses=CornerSerializer(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List the corners of the boundary of record, clockwise from the north-west."""
        parameters(request, ())
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response(corners_as_data(parcel))

    @extend_schema(
        operation_id="parcels_mark_corners", parameters=[IF_MATCH], request=MarksBody,
        responses=CornerSerializer(many=True),
    )  # fmt: skip
    def put(self, request: Request, parcel_id: UUID) -> Response:
        """Record what marks the corners: number, E, N, monument, method, σ; needs If-Match."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        marks = [mark(Body(one, f"corners.{i}.")) for i, one in enumerate(body.need("corners", many))]
        body.end()
        services.mark_corners(
            by=asker(request), at=clock.now(), parcel=parcel.pk, marks=marks, expected=parcel.row_version
        )
        parcel.refresh_from_db()
        return Response(corners_as_data(parcel), headers={"ETag": etag(parcel)})


def corners_as_data(parcel: Parcel) -> list[dict[str, Any]]:
    """Return the corners as they are sent."""
    return [dict(CornerSerializer(point).data) for point in corners_of(selectors.standing_version(parcel))]


def many(value: Any) -> list[Any]:
    """Take a list of at most 5,000."""
    if not isinstance(value, list) or len(value) > 5_000:
        raise TypeError(value)
    return value


def coordinate(value: Any) -> Decimal:
    """Take a coordinate, text or number."""
    found = Decimal(str(value))
    if not found.is_finite() or abs(found) >= 10**7:
        raise ValueError(value)
    return round(found, 9)


def mark(body: Body) -> services.Mark:
    """Read one mark."""
    made = services.Mark(
        number=body.need("number", asked.text),
        east=body.need("east", coordinate),
        north=body.need("north", coordinate),
        monument=body.take("monument", asked.text, "NONE") or "NONE",
        method=body.take("method", asked.text, "") or "",
        sigma_m=body.take("sigma_m", asked.metres),
        note=body.take("note", asked.text, "") or "",
    )
    body.end()
    return made


# ---- custody ---------------------------------------------------------------------------------------------------------


class CustodySerializer(serializers.Serializer[Custody]):
    """Who had custody from when to when, and by which decree."""

    custodian = serializers.CharField(source="custodian.code")
    custodian_name = serializers.CharField(source="custodian.name_ar")
    decree = serializers.CharField()
    decree_on = serializers.DateField(allow_null=True)
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="first day on which another had it")


class TransferBody(serializers.Serializer[Any]):
    """A decree that gives custody to another body."""

    custodian = serializers.CharField(help_text="code")
    on = serializers.DateField()
    decree_no = serializers.CharField(max_length=120)
    decree_on = serializers.DateField()
    reason = serializers.CharField(required=False)


class CustodyHistory(APIView):
    """Custody of a parcel."""

    @extend_schema(operation_id="parcels_custody", responses=CustodySerializer(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List who had custody, earliest first."""
        parameters(request, ())
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response([CustodySerializer(one).data for one in selectors.custody_history(parcel)])

    @extend_schema(
        operation_id="parcels_transfer_custody", parameters=[IF_MATCH], request=TransferBody, responses=ParcelDetail
    )
    def post(self, request: Request, parcel_id: UUID) -> Response:
        """Record a decree of custody, late ones too; needs If-Match."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        given: dict[str, Any] = {
            "custodian": body.need("custodian", asked.custodian),
            "on": body.need("on", asked.date),
            "decree_no": body.need("decree_no", asked.text),
            "decree_on": body.need("decree_on", asked.date),
            "reason": body.take("reason", asked.text, "") or "",
        }
        body.end()
        services.transfer_custody(
            by=asker(request), at=clock.now(), parcel=parcel.pk, expected=parcel.row_version, **given
        )
        return shown(request, parcel.pk)


class NumberBody(serializers.Serializer[Any]):
    """The number of Law 88/2025."""

    number = serializers.CharField(max_length=64)
    reason = serializers.CharField(required=False, help_text="needed to correct a number that was given")


class UnifiedNumber(APIView):
    """The unified property number."""

    @extend_schema(
        operation_id="parcels_number_property", parameters=[IF_MATCH], request=NumberBody, responses=ParcelDetail
    )
    def put(self, request: Request, parcel_id: UUID) -> Response:
        """Give the parcel its unified number, or correct it with a reason; needs If-Match."""
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        number, reason = body.need("number", asked.text), body.take("reason", asked.text, "") or ""
        body.end()
        services.number_property(
            by=asker(request), at=clock.now(), parcel=parcel.pk, number=number, reason=reason,
            expected=parcel.row_version,
        )  # fmt: skip
        return shown(request, parcel.pk)


# ---- allocation ------------------------------------------------------------------------------------------------------


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    """A decree of allocation, and its withdrawal."""

    parcel = serializers.UUIDField(source="parcel_id", read_only=True)
    body = serializers.UUIDField(source="body_id", read_only=True)
    body_name = serializers.CharField(source="body.name_ar", read_only=True)
    starts_on = serializers.DateField(source="holding.legal_range.lower", read_only=True)

    class Meta:
        model = Allocation
        fields = (
            "id", "parcel", "body", "body_name", "purpose", "decree_no", "decree_on", "starts_on", "use_by", "used_on",
            "withdrawn_on", "withdrawal_decree_no", "withdrawal_decree_on", "withdrawal_reason",
        )  # fmt: skip
        read_only_fields = fields


class AllocationBody(serializers.Serializer[Any]):
    """A decree of allocation."""

    body = serializers.UUIDField(help_text="the public body, a party")
    purpose = serializers.CharField(max_length=200)
    decree_no = serializers.CharField(max_length=60)
    decree_on = serializers.DateField()
    starts_on = serializers.DateField()
    use_by = serializers.DateField(required=False)


class WithdrawalBody(serializers.Serializer[Any]):
    """A decree that withdraws an allocation."""

    last_day = serializers.DateField()
    decree_no = serializers.CharField(max_length=60)
    decree_on = serializers.DateField()
    reason = serializers.CharField()


class UseBody(serializers.Serializer[Any]):
    """The day on which the purpose was taken up."""

    on = serializers.DateField()


class Allocations(APIView):
    """The allocations of a parcel."""

    @extend_schema(operation_id="parcels_allocations", responses=AllocationSerializer(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List to whom the parcel was ever allocated."""
        parameters(request, ())
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response(AllocationSerializer(allocations_of(parcel), many=True).data)

    @extend_schema(
        operation_id="parcels_allocate", parameters=[IF_MATCH], request=AllocationBody,
        responses={201: AllocationSerializer},
    )  # fmt: skip
    def post(self, request: Request, parcel_id: UUID) -> Response:
        """Record a decree that allocates the parcel to a public body; needs If-Match."""
        user = asker(request)
        parcel = selectors.parcel_by_id(parcel_id, user)
        check_if_match(request, etag(parcel))
        body = Body(request.data)
        given: dict[str, Any] = {
            "body": party_by_id(body.need("body", asked.uuid), user=user),
            "purpose": body.need("purpose", asked.text),
            "decree_no": body.need("decree_no", asked.text),
            "decree_on": body.need("decree_on", asked.date),
            "starts_on": body.need("starts_on", asked.date),
            "use_by": body.take("use_by", asked.date),
        }
        body.end()
        made = services.allocate(by=user, at=clock.now(), parcel=parcel.pk, expected=parcel.row_version, **given)
        return Response(AllocationSerializer(made).data, status=201)


class AllocationWithdrawal(APIView):
    """The withdrawal of an allocation."""

    @extend_schema(operation_id="allocations_withdraw", request=WithdrawalBody, responses=AllocationSerializer)
    def post(self, request: Request, allocation_id: UUID) -> Response:
        """Record the decree that withdraws the allocation."""
        user = asker(request)
        found = allocation_by_id(allocation_id, user)
        body = Body(request.data)
        given: dict[str, Any] = {
            "last_day": body.need("last_day", asked.date),
            "decree_no": body.need("decree_no", asked.text),
            "decree_on": body.need("decree_on", asked.date),
            "reason": body.need("reason", asked.text),
        }
        body.end()
        done = services.withdraw_allocation(by=user, at=clock.now(), allocation=found, **given)
        return Response(AllocationSerializer(done).data)


class AllocationUse(APIView):
    """The taking up of an allocation's purpose."""

    @extend_schema(operation_id="allocations_use", request=UseBody, responses=AllocationSerializer)
    def post(self, request: Request, allocation_id: UUID) -> Response:
        """Record that the body took up the purpose."""
        user = asker(request)
        found = allocation_by_id(allocation_id, user)
        body = Body(request.data)
        on = body.need("on", asked.date)
        body.end()
        done = services.confirm_use(by=user, at=clock.now(), allocation=found, on=on)
        return Response(AllocationSerializer(done).data)
