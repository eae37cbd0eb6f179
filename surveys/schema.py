"""What the API's documentation says of surveys; their bodies are written by `surveys.presenting` and `surveys.acts`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parcels.models import SurveyMethod
from surveys.acts import ACTS
from surveys.models import Fault, Question, StagedFeature, Submission

ACT_NAMES = [act.name for act in ACTS]

GEOMETRY = {"type": "object", "nullable": True, "description": "GeoJSON geometry, EPSG:4326, nine decimals"}


@extend_schema_field(GEOMETRY)
class Geometry(serializers.JSONField):
    """A GeoJSON geometry or null."""


class NewSubmission(serializers.Serializer[Any]):
    """A survey to hand in, as multipart/form-data."""

    file = serializers.FileField(help_text="a zipped shapefile")
    place = serializers.CharField(required=False, help_text="code; when missing, where the land lies")
    custodian = serializers.CharField(required=False, help_text="code")
    crs = serializers.CharField(required=False, help_text="EPSG:22992 …; `;yx` behind it swaps the axes")
    encoding = serializers.CharField(required=False, help_text="cp1256, utf-8 …")
    mapping = serializers.CharField(required=False, help_text='JSON: {"COLUMN": "field"}')
    layer = serializers.CharField(required=False, help_text="which layer, where the archive holds several")
    survey_method = serializers.ChoiceField(SurveyMethod.choices, required=False)
    survey_accuracy_m = serializers.FloatField(required=False)
    surveyed_on = serializers.DateField(required=False)


class SubmissionCounts(serializers.Serializer[Any]):
    """How many faults of each severity."""

    block = serializers.IntegerField()
    warn = serializers.IntegerField()
    note = serializers.IntegerField()


class SubmissionQuestion(serializers.Serializer[Any]):
    """What only a person can say of the file; each choice has a `value`, which is what is answered."""

    kind = serializers.ChoiceField(Question.Kind.choices)
    choices = serializers.ListField(child=serializers.DictField())
    answered = serializers.BooleanField()


class Reason(serializers.Serializer[Any]):
    """Why something was or would be refused."""

    code = serializers.CharField()
    detail = serializers.CharField()


class SubmissionBody(serializers.Serializer[Any]):
    """How far a survey is, what is asked, what was found."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(Submission.State.choices)
    terminal = serializers.BooleanField(help_text="nothing will change any more")
    progress = serializers.IntegerField(min_value=0, max_value=100)
    counts = SubmissionCounts()
    questions = SubmissionQuestion(many=True)
    refusal = Reason(allow_null=True)


class SubmissionPage(serializers.Serializer[Any]):
    """A page of surveys."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SubmissionBody(many=True)


class StagedProperties(serializers.Serializer[Any]):
    """What a feature of the file says."""

    row = serializers.IntegerField()
    attributes = serializers.DictField(help_text="the source's columns verbatim, decoded")
    mapped = serializers.DictField(help_text="fields of the register")
    area_m2 = serializers.CharField(allow_null=True)
    transform_op = serializers.CharField()
    transform_accuracy_m = serializers.FloatField(allow_null=True)
    decision = serializers.ChoiceField(StagedFeature.Decision.choices)
    parcel = serializers.UUIDField(allow_null=True, help_text="the parcel it became")


class FaultProperties(serializers.Serializer[Any]):
    """What a check found."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(Fault.Severity.choices)
    message = serializers.CharField()
    advice = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    other_row = serializers.IntegerField(allow_null=True)
    other_parcel = serializers.UUIDField(allow_null=True)
    params = serializers.DictField()


class FeatureBody(serializers.Serializer[Any]):
    """A GeoJSON feature."""

    type = serializers.ChoiceField(["Feature"])
    id = serializers.IntegerField()
    geometry = Geometry(allow_null=True)


class SubmittedFeature(FeatureBody):
    """A feature of the file."""

    properties = StagedProperties()


class SubmissionFault(FeatureBody):
    """A fault; its geometry is the overlap, the crossing or the feature."""

    properties = FaultProperties()


class Page(serializers.Serializer[Any]):
    """A page of GeoJSON."""

    type = serializers.ChoiceField(["FeatureCollection"])
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class FeaturePage(Page):
    """Features of the file, in its order."""

    features = SubmittedFeature(many=True)


class FaultPage(Page):
    """Faults, in the order in which they were found."""

    features = SubmissionFault(many=True)


class SubmissionAct(serializers.Serializer[Any]):
    """An act: open, or locked with its reason."""

    act = serializers.ChoiceField(ACT_NAMES)
    title = serializers.CharField()
    allowed = serializers.BooleanField()
    reason = Reason(allow_null=True)


class SubmissionActs(serializers.Serializer[Any]):
    """What I may do, what I may not, and why; open acts first."""

    acts = SubmissionAct(many=True)


class DoSubmissionAct(serializers.Serializer[Any]):
    """An act to be done."""

    act = serializers.ChoiceField(ACT_NAMES)
    kind = serializers.ChoiceField(Question.Kind.choices, required=False, help_text="answer: of which question")
    value = serializers.JSONField(required=False, help_text="answer: the `value` of a choice")
    comment = serializers.CharField(required=False, help_text="return: why")
    sound_only = serializers.BooleanField(required=False, help_text="accept: leave the blocked rows out")
