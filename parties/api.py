"""`/api/v1/parties/`: list, enter, look up by national number (in the body, never in an address), reveal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.refusal import Invalid
from authority.rest.queries import parameters
from authority.rest.serializers import StrictSerializer
from parties import selectors, services
from parties.models import Party

FILTERS = (
    OpenApiParameter("name", str, description="part of the name"),
    OpenApiParameter("kind", str, description="PERSON, COMPANY, PUBLIC_BODY"),
)


class PartySerializer(serializers.ModelSerializer[Party]):
    """A party as it may be shown: the national number is masked."""

    national_id = serializers.CharField(source="national_id_mask", read_only=True, help_text="masked: 2********00014")
    name = serializers.CharField(read_only=True, help_text="in the reader's language")

    class Meta:
        model = Party
        fields = (
            "id", "kind", "name", "name_ar", "name_en", "national_id", "commercial_register", "tax_no", "phone",
            "address", "died_on", "merged_into", "governorate", "invented", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class NewPartySerializer(StrictSerializer):
    """What is needed to enter a party."""

    kind = serializers.ChoiceField(choices=Party.Kind.choices, default=Party.Kind.PERSON)
    name_ar = serializers.CharField(max_length=200)
    name_en = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    national_id = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", write_only=True)
    commercial_register = serializers.CharField(max_length=32, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    tax_no = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    governorate = serializers.RegexField("^[0-9]{2}$")


class LookupSerializer(StrictSerializer):
    """A national number to look for."""

    national_id = serializers.CharField(max_length=40, write_only=True)


class ReasonSerializer(StrictSerializer):
    """Why a number is needed."""

    reason = serializers.CharField(max_length=500)


class PartyList(generics.ListAPIView[Party]):
    """The parties of the governorates in which the person works."""

    queryset = Party.objects.none()
    serializer_class = PartySerializer

    def get_queryset(self) -> QuerySet[Party]:
        """Return the parties that were asked for."""
        asked = parameters(self.request, ("name", "kind"))
        if asked.get("kind", Party.Kind.PERSON) not in Party.Kind.values:
            raise Invalid("bad_kind")
        return selectors.parties(self.request.user, name=asked.get("name", ""), kind=asked.get("kind", ""))

    @extend_schema(operation_id="parties_list", parameters=list(FILTERS))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List parties."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="parties_create", request=NewPartySerializer, responses={201: PartySerializer})
    def post(self, request: Request) -> Response:
        """Enter a party; `warnings` tells what is doubtful."""
        data = NewPartySerializer.read(request)
        number, at = data.pop("national_id"), clock.now()
        party = services.register_party(**data, national_id_text=number, by=asker(request), at=at)
        answer = PartySerializer(party).data | {"warnings": services.warnings_for(number, at)}
        return Response(answer, status=201, headers={"Location": f"/api/v1/parties/{party.pk}/"})


class PartyDetail(APIView):
    """One party."""

    @extend_schema(operation_id="parties_retrieve", responses=PartySerializer)
    def get(self, request: Request, party_id: str) -> Response:
        """Show a party, its national number masked."""
        return Response(PartySerializer(selectors.party_by_id(party_id, user=asker(request))).data)


class PartyLookup(APIView):
    """Find a party by the whole national number."""

    @extend_schema(operation_id="parties_lookup", request=LookupSerializer, responses=PartySerializer)
    def post(self, request: Request) -> Response:
        """Return the party with this number, or 404."""
        number = LookupSerializer.read(request)["national_id"]
        known = services.read_national_id(number, clock.now())
        return Response(PartySerializer(selectors.party_by_national_id(known.number, user=asker(request))).data)


class PartyReveal(APIView):
    """The whole national number, for a reason that is recorded."""

    @extend_schema(
        operation_id="parties_reveal",
        request=ReasonSerializer,
        responses=inline_serializer("RevealedNumber", {"national_id": serializers.CharField()}),
    )
    def post(self, request: Request, party_id: str) -> Response:
        """Show the number once."""
        reason = ReasonSerializer.read(request)["reason"]
        user = asker(request)
        party = selectors.party_by_id(party_id, user=user)
        number = services.reveal_national_id(party=party, by=user, at=clock.now(), reason=reason)
        return Response({"national_id": number}, headers={"Cache-Control": "no-store"})
