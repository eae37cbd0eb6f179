"""`/api/v1/suits/`: the register of suits for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.models import User
from authority.refusal import Invalid, NotFound
from authority.rest.etags import IF_MATCH, check_if_match
from authority.rest.queries import parameters
from authority.rest.serializers import NothingBody, StrictSerializer
from cases.policies import cases_visible_to
from litigation import selectors, services
from litigation.locking import barred_by, params_today
from litigation.models import Hearing, Judgment, Suit, SuitLand, SuitParty
from litigation.services import Concerned, Standing
from parcels.models import Asset, Parcel
from parcels.policies import assets_visible_to, parcels_visible_to
from parties.selectors import party_by_id

MOST = 200
ASKED = (
    OpenApiParameter("state", str, description="OPEN, JUDGED, FINAL, WITHDRAWN"),
    OpenApiParameter("subject", str, description="OWNERSHIP, ANNULMENT, …"),
    OpenApiParameter("parcel", str, description="id of a parcel"),
    OpenApiParameter("number", str),
)


class SuitPartySerializer(serializers.ModelSerializer[SuitParty]):
    """Who stands in it."""

    class Meta:
        model = SuitParty
        fields = ("party", "name", "side")
        read_only_fields = fields


class SuitLandSerializer(serializers.ModelSerializer[SuitLand]):
    """What it concerns."""

    class Meta:
        model = SuitLand
        fields = ("parcel", "asset", "part")
        read_only_fields = fields


class HearingSerializer(serializers.ModelSerializer[Hearing]):
    """A day in court."""

    class Meta:
        model = Hearing
        fields = ("id", "held_on", "purpose", "outcome", "next_on", "told_at")
        read_only_fields = fields


class JudgmentSerializer(serializers.ModelSerializer[Judgment]):
    """A judgment."""

    entered_by = serializers.CharField(source="entered_by.username")
    confirmed_by = serializers.CharField(source="confirmed_by.username", default=None)

    class Meta:
        model = Judgment
        fields = (
            "id", "ruled_on", "ruling", "words", "notified_on", "appeal_until", "is_final", "entered_by",
            "confirmed_by", "confirmed_at", "set_aside_at",
        )  # fmt: skip
        read_only_fields = fields


class SuitSerializer(serializers.ModelSerializer[Suit]):
    """A suit with its hearings and judgments, and what it bars today."""

    place = serializers.CharField(source="place.code")
    parties = SuitPartySerializer(many=True)
    lands = SuitLandSerializer(many=True)
    hearings = HearingSerializer(many=True)
    judgments = JudgmentSerializer(many=True)
    bars = serializers.SerializerMethodField()

    class Meta:
        model = Suit
        fields = (
            "id", "court_kind", "court", "circuit", "number", "year", "filed_on", "subject", "our_side", "claim",
            "value", "counsel_file", "place", "earlier", "state", "ended_on", "parties", "lands", "hearings",
            "judgments", "bars", "row_version",
        )  # fmt: skip
        read_only_fields = fields

    def get_bars(self, suit: Suit) -> list[str]:
        """Which acts it bars on its land today."""
        return sorted(barred_by(suit, params_today()))


class LandBody(StrictSerializer):
    """Land or an asset."""

    parcel = serializers.UUIDField(required=False)
    asset = serializers.UUIDField(required=False)
    part = serializers.CharField(max_length=200, required=False)


class PartyBody(StrictSerializer):
    """Who stands in it."""

    side = serializers.ChoiceField(Suit.Side.choices)
    name = serializers.CharField(max_length=200, required=False)
    party = serializers.UUIDField(required=False)


class SuitBody(StrictSerializer):
    """A suit to register."""

    court_kind = serializers.ChoiceField(Suit.Court.choices)
    court = serializers.CharField(max_length=120)
    circuit = serializers.CharField(max_length=60, required=False)
    number = serializers.CharField(max_length=20)
    year = serializers.IntegerField(min_value=1, max_value=2200)
    filed_on = serializers.DateField()
    subject = serializers.ChoiceField(Suit.Subject.choices)
    our_side = serializers.ChoiceField(Suit.Side.choices)
    parties = PartyBody(many=True)
    lands = LandBody(many=True)
    claim = serializers.CharField(max_length=4000, required=False)
    value = serializers.DecimalField(14, 2, min_value=0, required=False)
    counsel_file = serializers.CharField(max_length=60, required=False)
    first_hearing = serializers.DateField(required=False)
    attacks = serializers.UUIDField(required=False, help_text="id of the file whose decision it attacks")
    decision = serializers.CharField(max_length=200, required=False)
    earlier = serializers.UUIDField(required=False, help_text="id of the suit it appeals")


class HearingBody(StrictSerializer):
    """A day in court."""

    held_on = serializers.DateField()
    purpose = serializers.CharField(max_length=200, required=False)


class OutcomeBody(StrictSerializer):
    """What was decided."""

    outcome = serializers.CharField(max_length=300)
    next_on = serializers.DateField(required=False)
    purpose = serializers.CharField(max_length=200, required=False)


class JudgmentBody(StrictSerializer):
    """A judgment."""

    ruled_on = serializers.DateField()
    ruling = serializers.ChoiceField(Judgment.Ruling.choices)
    words = serializers.CharField(max_length=8000)
    notified_on = serializers.DateField(required=False)


def etag(suit: Suit) -> str:
    """Return the suit's version as its entity tag."""
    return f'"{suit.row_version}"'


def shown(suit: Suit, status: int = 200) -> Response:
    """Return a suit with its version."""
    suit.refresh_from_db()
    return Response(SuitSerializer(suit).data, status=status, headers={"ETag": etag(suit)})


def things(user: User, lands: list[dict[str, Any]]) -> list[Concerned]:
    """Return what a suit concerns; land out of sight is refused as unknown."""
    if not 0 < len(lands) <= MOST:
        raise Invalid("suit_of_nothing", _("Name the land or the asset that the suit concerns."), field="lands")
    found: list[Concerned] = []
    for one in lands:
        parcels = Parcel.objects.filter(pk__in=[one["parcel"]] if "parcel" in one else [])
        assets = Asset.objects.filter(pk__in=[one["asset"]] if "asset" in one else [])
        parcel = parcels_visible_to(user, parcels).select_related("place").first()
        asset = assets_visible_to(user, assets).select_related("place").first()
        if (parcel is None) == (asset is None):
            raise NotFound("land_unknown", _("There is no such parcel or asset in your sight."), field="lands")
        found.append(Concerned(parcel=parcel, asset=asset, part=one.get("part", "")))
    return found


class SuitList(APIView):
    """The register of suits."""

    @extend_schema(operation_id="suits_list", parameters=list(ASKED), responses=SuitSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the suits in sight, the newest first, at most 200."""
        user, given = asker(request), parameters(request, [one.name for one in ASKED])
        rows = selectors.suits(user)
        for name in ("state", "subject", "number"):
            if given.get(name):
                rows = rows.filter(**{name: given[name][:40]})
        if given.get("parcel"):
            rows = rows.filter(lands__parcel=serializers.UUIDField().run_validation(given["parcel"]))
        found = rows.prefetch_related(
            "parties", "lands", "hearings", "judgments__entered_by", "judgments__confirmed_by"
        )
        return Response(SuitSerializer(found[:MOST], many=True).data)

    @extend_schema(operation_id="register_suit", request=SuitBody, responses={201: SuitSerializer})
    def post(self, request: Request) -> Response:
        """Register a suit; what its subject bars is barred from now on."""
        user = asker(request)
        said = SuitBody.read(request)
        said["lands"] = things(user, said["lands"])
        said["parties"] = [
            Standing(one["side"], one.get("name", ""), party_by_id(one["party"], user=user) if "party" in one else None)
            for one in said["parties"][:MOST]
        ]
        if "attacks" in said:
            said["attacks"] = cases_visible_to(user).filter(pk=said["attacks"]).first()
        if "earlier" in said:
            said["earlier"] = selectors.suit_by_id(said["earlier"], user)
        return shown(services.register_suit(by=user, at=clock.now(), **said), 201)


class SuitOne(APIView):
    """One suit."""

    @extend_schema(operation_id="suit", responses=SuitSerializer)
    def get(self, request: Request, suit_id: UUID) -> Response:
        """Show a suit with its hearings, judgments and what it bars."""
        parameters(request, ())
        return shown(selectors.suit_by_id(suit_id, asker(request)))


class Hearings(APIView):
    """Hearings of a suit."""

    @extend_schema(
        operation_id="enter_hearing", parameters=[IF_MATCH], request=HearingBody, responses={201: SuitSerializer}
    )
    def post(self, request: Request, suit_id: UUID) -> Response:
        """Enter a day in court; needs If-Match."""
        user = asker(request)
        suit = selectors.suit_by_id(suit_id, user)
        check_if_match(request, etag(suit))
        said = HearingBody.read(request)
        services.enter_hearing(by=user, at=clock.now(), suit=suit, expected=suit.row_version, **said)
        return shown(suit, 201)


class HearingOne(APIView):
    """One hearing."""

    @extend_schema(operation_id="tell_hearing", parameters=[IF_MATCH], request=OutcomeBody, responses=SuitSerializer)
    def post(self, request: Request, suit_id: UUID, hearing_id: int) -> Response:
        """Write what was decided; an adjournment opens the next hearing; needs If-Match."""
        user = asker(request)
        suit = selectors.suit_by_id(suit_id, user)
        check_if_match(request, etag(suit))
        hearing = selectors.hearing_of(suit, hearing_id)
        said = OutcomeBody.read(request)
        services.tell_hearing(by=user, at=clock.now(), hearing=hearing, expected=suit.row_version, **said)
        return shown(suit)


class Judgments(APIView):
    """Judgments of a suit."""

    @extend_schema(
        operation_id="enter_judgment", parameters=[IF_MATCH], request=JudgmentBody, responses={201: SuitSerializer}
    )
    def post(self, request: Request, suit_id: UUID) -> Response:
        """Enter a judgment, which counts when another person has confirmed it; needs If-Match."""
        user = asker(request)
        suit = selectors.suit_by_id(suit_id, user)
        check_if_match(request, etag(suit))
        said = JudgmentBody.read(request)
        services.enter_judgment(by=user, at=clock.now(), suit=suit, expected=suit.row_version, **said)
        return shown(suit, 201)


class Confirmation(APIView):
    """The second person's word."""

    @extend_schema(operation_id="confirm_judgment", parameters=[IF_MATCH], request=None, responses=SuitSerializer)
    def post(self, request: Request, suit_id: UUID, judgment_id: int) -> Response:
        """Confirm what another entered; needs If-Match."""
        user = asker(request)
        suit = selectors.suit_by_id(suit_id, user)
        check_if_match(request, etag(suit))
        NothingBody.read(request)
        judgment = selectors.judgment_of(suit, judgment_id)
        services.confirm_judgment(by=user, at=clock.now(), judgment=judgment, expected=suit.row_version)
        return shown(suit)
