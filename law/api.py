"""`/api/v1/rules/`: which rule applied on a day; proposals and the second person's decision."""

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
from authority.rest.queries import BadParameter, parameters
from authority.rest.serializers import StrictSerializer
from law import registry, selectors, services
from law.models import LegalRule

ASKED = (
    OpenApiParameter("code", str, description="protection.nile …; all when missing"),
    OpenApiParameter("on", OpenApiTypes.DATE, description="the rules that applied on this day; all days when missing"),
)


class RuleSerializer(serializers.ModelSerializer[LegalRule]):
    """A rule with its days, its source and what it says, as data and in words."""

    title = serializers.SerializerMethodField()
    starts_on = serializers.DateField(source="effective_range.lower", read_only=True)
    last_day = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    proposed_by = serializers.CharField(source="proposed_by.username", default=None, read_only=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, read_only=True)

    class Meta:
        model = LegalRule
        fields = (
            "id", "code", "title", "regime", "params", "words", "starts_on", "last_day", "source", "state", "reason",
            "proposed_by", "decided_by", "decided_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_title(self, rule: LegalRule) -> str:
        """Return the name of the kind of rule."""
        return str(registry.kind_of(rule.code).title)

    def get_words(self, rule: LegalRule) -> list[str]:
        """Return what it says, line by line."""
        return registry.kind_of(rule.code).explain(rule.params)

    def get_last_day(self, rule: LegalRule) -> dt.date | None:
        """Return the last day included, null without an end."""
        end = rule.effective_range.upper
        return end - dt.timedelta(days=1) if end else None


class ProposalSerializer(StrictSerializer):
    """What is needed to propose a rule."""

    code = serializers.CharField(max_length=60)
    regime = serializers.CharField(max_length=24, required=False, allow_blank=True, default="")
    params = serializers.JSONField()
    starts_on = serializers.DateField()
    last_day = serializers.DateField(required=False, allow_null=True, default=None)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]  # a field, not the serializer this names
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class DecisionSerializer(StrictSerializer):
    """Why a proposal is refused."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class RuleList(APIView):
    """The rules of law that the formulas read."""

    @extend_schema(operation_id="rules_list", parameters=list(ASKED), responses=RuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the rules in force (on a day), and what is proposed."""
        require(asker(request), STAFF)
        asked = parameters(request, ("code", "on"))
        rows = LegalRule.objects.filter(in_book=True).select_related("proposed_by", "decided_by")
        rows = rows.filter(code__in=[kind.code for kind in registry.kinds()])
        if "code" in asked:
            rows = rows.filter(code=registry.kind_of(asked["code"]).code)
        if "on" in asked:
            rows = rows.filter(effective_range__contains=day(asked["on"]), state=LegalRule.State.IN_FORCE)
        return Response(RuleSerializer(rows.order_by("code", "regime", "-effective_range"), many=True).data)

    @extend_schema(operation_id="rules_propose", request=ProposalSerializer, responses={201: RuleSerializer})
    def post(self, request: Request) -> Response:
        """Propose what a rule says from a day on."""
        data = ProposalSerializer.read(request)
        made = services.propose_rule(by=asker(request), at=clock.now(), **data)
        return Response(RuleSerializer(made).data, status=201)


class RuleDecision(APIView):
    """The second person."""

    @extend_schema(operation_id="rules_decide", request=DecisionSerializer, responses=RuleSerializer)
    def post(self, request: Request, rule_id: int, act: str) -> Response:
        """Put a proposal in force (`enforce`) or refuse it (`refuse`, with a reason)."""
        user = asker(request)
        require(user, STAFF)
        rule = selectors.waiting().filter(pk=rule_id).first()
        if rule is None or act not in ("enforce", "refuse"):
            raise NotFound()
        reason = DecisionSerializer.read(request)["reason"]
        if act == "enforce":
            done: Any = services.enforce_rule(by=user, at=clock.now(), rule=rule)
        else:
            done = services.refuse_rule(by=user, at=clock.now(), rule=rule, reason=reason)
        return Response(RuleSerializer(done).data)


def day(text: str) -> dt.date:
    """Read a day; raises BadParameter."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(parameter="on") from None
