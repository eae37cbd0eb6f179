"""How letters and memos look to programs, and what programs may send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers

from authority.refusal import Invalid
from authority.rest.serializers import StrictSerializer
from correspondence import services
from correspondence.models import Enclosure, Letter, LetterEvent, Memo, MemoVersion
from correspondence.services.acts import CORRECTABLE

# Query parameter → the way to what it narrows, for plain texts.
FILTERS = {"office": "office__code", "direction": "direction", "state": "state"}


def number_filter(text: str) -> int:
    """Read a number of the query; raises Invalid `bad_parameter`."""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Invalid("bad_parameter")
    return int(text)


def uuid_filter(text: str) -> UUID:
    """Read an id of the query; raises ValidationError."""
    found: UUID = serializers.UUIDField().run_validation(text)
    return found


class EnclosureSerializer(serializers.ModelSerializer[Enclosure]):
    """A file of a letter."""

    class Meta:
        model = Enclosure
        fields = ("document", "title", "added_at")
        read_only_fields = fields


class LetterEventSerializer(serializers.ModelSerializer[LetterEvent]):
    """What was done with a letter; a correction with what stood there before."""

    by = serializers.CharField(source="by.username")

    class Meta:
        model = LetterEvent
        fields = ("act", "field", "before", "after", "note", "by", "at")
        read_only_fields = fields


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A letter with what it is about and what was done with it."""

    office = serializers.CharField(source="office.code")
    place = serializers.CharField(source="place.code")
    number = serializers.CharField(help_text="as it is written: 12/2026; empty for a draft")
    cases: Any = serializers.SlugRelatedField("case_id", many=True, read_only=True)
    parcels: Any = serializers.SlugRelatedField("parcel_id", many=True, read_only=True)
    files = EnclosureSerializer(many=True)
    events = LetterEventSerializer(many=True)
    assigned_to = serializers.CharField(source="assigned_to.username", default=None)
    signed_by = serializers.CharField(source="signed_by.username", default=None)
    paper_number = serializers.CharField(source="paper.number", default=None)
    document = serializers.UUIDField(source="paper.document_id", default=None)

    class Meta:
        model = Letter
        fields = (
            "id", "direction", "office", "place", "year", "serial", "number", "registered_on", "correspondent", "party",
            "sender_no", "sender_on", "subject", "body", "enclosures", "replies_to", "due_on", "assigned_to", "state",
            "signed_by", "paper_number", "document", "cancel_reason", "cases", "parcels", "files", "events",
            "row_version",
        )  # fmt: skip
        read_only_fields = fields


class LetterBody(StrictSerializer):
    """A letter to enter."""

    direction = serializers.ChoiceField(Letter.Direction.choices)
    office = serializers.CharField(max_length=48, help_text="code of the office")
    correspondent = serializers.CharField(max_length=200)
    subject = serializers.CharField(max_length=300)
    body = serializers.CharField(max_length=20_000, required=False, help_text="text of an outgoing letter")
    sender_no = serializers.CharField(max_length=60, required=False)
    sender_on = serializers.DateField(required=False)
    party = serializers.UUIDField(required=False)
    enclosures = serializers.IntegerField(min_value=0, max_value=9999, required=False)
    due_on = serializers.DateField(required=False)
    answers = serializers.UUIDField(required=False, help_text="id of the letter it answers")
    cases = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False)
    parcels = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False)


class EnclosureBody(StrictSerializer):
    """A file."""

    file = serializers.FileField()
    title = serializers.CharField(max_length=200, required=False)


# Act → its service, and what it takes beside who, when and which letter.
ACT_FIELDS: dict[str, tuple[Callable[..., Any], frozenset[str]]] = {
    "assign": (services.assign, frozenset({"to", "note", "due_on"})),
    "due": (services.set_due, frozenset({"due_on", "note"})),
    "answered": (services.answer_otherwise, frozenset({"note"})),
    "link": (services.link_letter, frozenset({"cases", "parcels"})),
    "correct": (services.correct, frozenset({"field", "value", "reason"})),
    "file": (services.file_letter, frozenset({"note"})),
    "cancel": (services.cancel, frozenset({"reason"})),
    "redraft": (services.redraft, frozenset({"correspondent", "subject", "body", "enclosures", "due_on"})),
    "sign": (services.sign, frozenset()),
    "withdraw": (services.withdraw_draft, frozenset({"reason"})),
}


class LetterActBody(StrictSerializer):
    """An act on a letter with what it takes."""

    act = serializers.ChoiceField([(name, name) for name in ACT_FIELDS])
    to = serializers.CharField(max_length=64, required=False, help_text="assign: account of the officer")
    note = serializers.CharField(max_length=300, required=False)
    reason = serializers.CharField(max_length=300, required=False)
    due_on = serializers.DateField(required=False)
    field = serializers.ChoiceField([(name, name) for name in CORRECTABLE], required=False)
    value = serializers.CharField(max_length=300, required=False, allow_blank=True)
    cases = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False)
    parcels = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False)
    correspondent = serializers.CharField(max_length=200, required=False)
    subject = serializers.CharField(max_length=300, required=False)
    body = serializers.CharField(max_length=20_000, required=False)
    enclosures = serializers.IntegerField(min_value=0, max_value=9999, required=False)


class MemoVersionSerializer(serializers.ModelSerializer[MemoVersion]):
    """One version of a memo's words."""

    written_by = serializers.CharField(source="written_by.username")

    class Meta:
        model = MemoVersion
        fields = (
            "number", "addressee", "subject", "opinion", "options", "recommendation", "rules", "written_by",
            "written_at",
        )  # fmt: skip
        read_only_fields = fields


class MemoSerializer(serializers.ModelSerializer[Memo]):
    """A memo with its versions."""

    versions = MemoVersionSerializer(many=True)
    opened_by = serializers.CharField(source="opened_by.username")
    issued_by = serializers.CharField(source="issued_by.username", default=None)
    paper_number = serializers.CharField(source="paper.number", default=None)
    document = serializers.UUIDField(source="paper.document_id", default=None)

    class Meta:
        model = Memo
        fields = (
            "id", "case", "state", "opened_by", "opened_at", "issued_by", "issued_at", "paper_number", "document",
            "reason", "versions", "row_version",
        )  # fmt: skip
        read_only_fields = fields


class MemoWords(StrictSerializer):
    """The words of a memo."""

    addressee = serializers.CharField(max_length=200)
    subject = serializers.CharField(max_length=300)
    opinion = serializers.CharField(max_length=20_000, required=False)
    options = serializers.CharField(max_length=8_000, required=False, help_text="one on each line")
    recommendation = serializers.CharField(max_length=20_000)
    rules = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=20, required=False,
        help_text="ids of rules of law in force",
    )  # fmt: skip


class MemoBody(MemoWords):
    """A memo to begin."""

    case = serializers.UUIDField()


class MemoReason(StrictSerializer):
    """Why it is withdrawn."""

    reason = serializers.CharField(max_length=300)
