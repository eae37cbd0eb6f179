"""How files look to programs, and what programs send."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.serializers import GeometryField

from authority.refusal import plain
from authority.rest.serializers import StrictSerializer
from cases.models import Case, Deadline, Event, Paper
from cases.registry import act_title, kind_of, state_title, workflow_of
from cases.selectors import ActRow


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A file of the docket."""

    state_title = serializers.SerializerMethodField()
    stage = serializers.SerializerMethodField(help_text="the point of the track at which the file stands")
    place = serializers.CharField(source="place.path", read_only=True)
    party = serializers.CharField(source="party.name", default=None, read_only=True)
    geom = GeometryField(precision=8, read_only=True)

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "id", "kind", "number", "governorate", "state", "state_title", "stage", "paused_from", "parcel", "asset",
            "place", "party", "geom", "prior", "repeat", "opened_at", "closed_at", "due_on",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_state_title(self, case: Case) -> str:
        """The state in the reader's language."""
        return state_title(case.kind, case.state)

    @extend_schema_field(OpenApiTypes.STR)
    def get_stage(self, case: Case) -> str:
        """The point of the track."""
        return workflow_of(case).stage(case.state)


class EventSerializer(serializers.ModelSerializer[Event]):
    """What happened."""

    title = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.get_full_name", read_only=True)
    on_behalf_of = serializers.CharField(source="on_behalf_of.get_full_name", default=None, read_only=True)
    decree = serializers.CharField(
        source="delegation.decree", default=None, read_only=True, help_text="of the delegation under which it was done"
    )

    class Meta:
        model = Event
        fields = ("act", "title", "source", "target", "by", "role", "on_behalf_of", "decree", "at", "note")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_title(self, event: Event) -> str:
        """The act in the reader's language."""
        return act_title(event.case.kind, event.act)


class PaperSerializer(serializers.ModelSerializer[Paper]):
    """A paper in the file."""

    title = serializers.SerializerMethodField()

    class Meta:
        model = Paper
        fields = ("id", "kind", "title", "document", "number", "dated_on", "text", "added_at", "withdrawn_at",
            "withdrawn_reason",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_title(self, paper: Paper) -> str:
        """The kind of paper in the reader's language."""
        return kind_of(paper.case.kind).paper_title(paper.kind)


class WithdrawalSerializer(StrictSerializer):
    """Why a paper is withdrawn."""

    reason = serializers.CharField(max_length=2000)


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    """By when the file must have left a state."""

    class Meta:
        model = Deadline
        fields = ("state", "starts_on", "due_on", "met_on", "stopped_on", "working")
        read_only_fields = fields


class FigureSerializer(serializers.Serializer[Any]):
    """Something its register knows of a file; every figure explains itself."""

    title = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    kind = serializers.CharField(help_text="text, area (m²), money (EGP), date, note")
    explain = serializers.DictField(allow_null=True)


class CaseDetailSerializer(CaseSerializer):
    """A file with all that belongs to it."""

    figures = serializers.SerializerMethodField()
    deadlines = DeadlineSerializer(many=True, read_only=True)
    papers = PaperSerializer(many=True, read_only=True)
    events = EventSerializer(many=True, read_only=True)

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "figures", "deadlines", "papers", "events")
        read_only_fields = fields

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, case: Case) -> list[dict[str, Any]]:
        """What the register knows."""
        figures = kind_of(case.kind).figures
        rows = figures(case, self.context["request"].user) if figures else []
        return [
            {"title": str(row.title), "value": plain(row.value), "kind": row.kind, "explain": plain(row.explain)}
            for row in rows
        ]


class MissingSerializer(serializers.Serializer[Any]):
    """A paper that an act needs first."""

    kind = serializers.CharField()
    title = serializers.CharField()


class ActSerializer(serializers.Serializer[Any]):
    """An act from the file's state: open, or locked with its reasons."""

    act = serializers.CharField()
    title = serializers.CharField()
    target = serializers.CharField(help_text="title of the state it leads to")
    allowed = serializers.BooleanField()
    reason = serializers.DictField(allow_null=True, help_text="the first of the reasons: code and detail")
    role = serializers.CharField(allow_blank=True, help_text="in which the caller may do it; empty when he may not")
    on_behalf_of = serializers.CharField(allow_null=True, help_text="who lends the caller this role, if it is lent")
    roles = serializers.ListField(child=serializers.CharField(), help_text="that may do it")
    reasons = serializers.ListField(child=serializers.DictField(), help_text="problem documents: why it is locked")
    opens_on = serializers.DateField(allow_null=True)
    missing = MissingSerializer(many=True)
    facts = serializers.ListField(child=serializers.CharField(), help_text="names of what it takes")
    reason_required = serializers.BooleanField()

    def to_representation(self, row: ActRow) -> dict[str, Any]:
        """Say one row of the table."""
        return {
            "act": row.act.name,
            "title": row.title,
            "target": row.target,
            "allowed": row.open,
            "reason": {name: row.reasons[0][name] for name in ("code", "detail")} if row.reasons else None,
            "role": row.role,
            "on_behalf_of": row.mandate.giver if row.mandate else None,
            "roles": list(row.act.by),
            "reasons": list(row.reasons),
            "opens_on": row.opens_on.isoformat() if row.opens_on else None,
            "missing": [{"kind": kind, "title": title} for kind, title in row.missing],
            "facts": list(row.facts),
            "reason_required": row.act.reason,
        }


class ActsSerializer(serializers.Serializer[Any]):
    """What I may do, what I may not, and why; open acts first."""

    acts = ActSerializer(many=True)


class NewPaperSerializer(StrictSerializer):
    """A paper handed in: words or a number here; a file is sent as multipart to `papers/`."""

    kind = serializers.CharField(max_length=40)
    text = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    number = serializers.CharField(required=False, allow_blank=True, max_length=60)
    dated_on = serializers.DateField(required=False, allow_null=True)


class PaperUploadSerializer(NewPaperSerializer):
    """A paper with its file."""

    file = serializers.FileField(required=False)


class ActRequestSerializer(serializers.Serializer[Any]):
    """An act to be done; its facts may stand in `facts` or beside it."""

    act = serializers.CharField(max_length=40)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    role = serializers.CharField(required=False, allow_blank=True, max_length=32)
    facts = serializers.DictField(required=False)
    papers = serializers.ListField(child=NewPaperSerializer(), required=False, max_length=20)


class OpeningSerializer(serializers.Serializer[Any]):
    """A file to be opened: the kind, the thing it is about, and what its register asks."""

    kind = serializers.CharField(max_length=40)
    parcel = serializers.UUIDField(required=False, allow_null=True)
    asset = serializers.UUIDField(required=False, allow_null=True)
    facts = serializers.DictField(required=False, help_text="or beside the kind: see the register's form")
