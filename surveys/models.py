"""Surveys handed in: the file, what was asked about it, its features, its faults."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place, User
from documents.models import Document
from parcels.models import Parcel


class Submission(models.Model):
    """A survey handed in (ar: رفع مساحي)."""

    class State(models.TextChoices):
        """Where the survey stands."""

        RECEIVED = "RECEIVED", _("received")  # stored, waiting to be read
        READING = "READING", _("being read")
        ASKING = "ASKING", _("questions open")  # encoding, crs or columns are not certain
        CHECKING = "CHECKING", _("being checked")
        REPORTED = "REPORTED", _("report ready")  # waiting for the other officer's decision
        ACCEPTING = "ACCEPTING", _("being accepted")
        ACCEPTED = "ACCEPTED", _("accepted")
        RETURNED = "RETURNED", _("returned")
        REFUSED = "REFUSED", _("refused")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")

    WORKING = (State.RECEIVED, State.READING, State.CHECKING, State.ACCEPTING)
    TERMINAL = (State.ACCEPTED, State.RETURNED, State.REFUSED, State.WITHDRAWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24)  # ر/2026/0147
    governorate = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    progress = models.SmallIntegerField(default=0)
    file = models.ForeignKey(Document, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="submissions")
    place_given = models.BooleanField(default=True)  # False: found from where the land lies
    custodian = models.ForeignKey(Custodian, models.PROTECT, null=True, blank=True, related_name="+")
    survey_method = models.CharField(max_length=14, blank=True)
    survey_accuracy_m = models.FloatField(null=True, blank=True)
    surveyed_on = models.DateField(null=True, blank=True)
    layer = models.CharField(max_length=200, blank=True)  # which layer of the file
    encoding = models.CharField(max_length=24, blank=True)
    crs = models.CharField(max_length=64, blank=True)
    axis_swapped = models.BooleanField(default=False)
    source_made = models.CharField(max_length=24, blank=True)
    mapping = models.JSONField(default=dict)  # column of the file → field of the register
    inspection = models.JSONField(default=dict)  # what was found in the file (importers.reading.Inspection)
    feature_count = models.IntegerField(null=True, blank=True)
    block_count = models.IntegerField(default=0)
    warn_count = models.IntegerField(default=0)
    note_count = models.IntegerField(default=0)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_detail = models.TextField(blank=True)
    comment = models.TextField(blank=True)  # ar: سبب الإعادة
    sound_only = models.BooleanField(default=False)  # accepted without the features that have blocking faults
    accepted_count = models.IntegerField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    register_version = models.BigIntegerField(default=0)  # of the register's layer when the checks ran
    check_seconds = models.FloatField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    row_version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["governorate", "number"], name="one_submission_per_number"),
            models.CheckConstraint(
                name="submitter_does_not_decide",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="decision_has_an_officer",
                condition=~Q(state__in=["ACCEPTING", "ACCEPTED", "RETURNED"]) | Q(decided_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="submission_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in self.TERMINAL

    @property
    def working(self) -> bool:
        """Whether a job works on it or is queued to."""
        return self.state in self.WORKING


class Question(models.Model):
    """Something only a person can say of the file."""

    class Kind(models.TextChoices):
        """What is asked."""

        ENCODING = "encoding", _("characters")
        CRS = "crs", _("place")
        COLUMNS = "columns", _("columns")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    choices = models.JSONField(default=list)
    answer = models.JSONField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "kind"], name="one_question_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind}"


class StagedFeature(models.Model):
    """One feature of the file, as received and as derived; not land yet."""

    class Decision(models.TextChoices):
        """What was decided on it."""

        OPEN = "OPEN", _("open")
        ACCEPTED = "ACCEPTED", _("accepted")
        HELD = "HELD", _("held back")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="features")
    row = models.IntegerField()  # 1-based row of the file
    source_geom = models.BinaryField(null=True, blank=True)  # ISO WKB in the submission's crs
    geom = models.GeometryField(srid=4326, null=True, blank=True, spatial_index=False)  # null where invalid or absent
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.GeometryField(srid=3857, null=True, spatial_index=False),
        db_persist=True,
    )
    attributes = models.JSONField(default=dict)  # columns verbatim, decoded
    mapped = models.JSONField(default=dict)  # fields of the register
    transform_op = models.CharField(max_length=64, blank=True)
    transform_accuracy_m = models.FloatField(null=True, blank=True)
    geom_area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    reading_faults = models.JSONField(default=list)  # what the sandbox found: [{"code", "params", "point"}]
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    matches = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="+"
    )  # parcel of the register it speaks of
    became = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "row"], name="one_feature_per_row")]
        indexes = [
            GistIndex(fields=["geom_3857"], name="staged_geom_3857"),
            GistIndex(fields=["geom"], name="staged_geom"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}#{self.row}"


class Fault(models.Model):
    """What a check found wrong: rule, severity, where, with whom."""

    class Severity(models.TextChoices):
        """How bad it is."""

        BLOCK = "block", _("blocks")  # ar: مانع
        WARN = "warn", _("warning")  # ar: تنبيه
        NOTE = "note", _("note")  # ar: ملاحظة

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="faults")
    feature = models.ForeignKey(StagedFeature, models.CASCADE, null=True, blank=True, related_name="faults")
    row = models.IntegerField(null=True, blank=True)
    other_row = models.IntegerField(null=True, blank=True)
    other_parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=5, choices=Severity.choices)
    params = models.JSONField(default=dict)  # for the message, in either language
    geom = models.GeometryField(
        srid=4326, null=True, blank=True
    )  # the fault itself: the overlap, the crossing, the point

    class Meta:
        indexes = [models.Index(fields=["submission", "severity", "code"], name="fault_of_submission")]

    def __str__(self) -> str:
        return f"{self.code} {self.row}"
