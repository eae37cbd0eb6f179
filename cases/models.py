"""The docket: a case, what happened to it, its papers and its deadlines."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q

from authority.models import Custodian, Delegation, Office, Place, User
from documents.models import Document
from parcels.models import Asset, Parcel
from parties.models import Party


class WorkflowStep(models.Model):
    """One (old state → new state) pair of a version of a workflow; the trigger on Case.state reads this table."""

    workflow = models.CharField(max_length=40)
    version = models.IntegerField()
    act = models.CharField(max_length=40)
    source = models.CharField(max_length=40)  # '' for the initial state
    target = models.CharField(max_length=40)  # '<return>' where the case was paused, '<stay>' where it remains
    pauses = models.BooleanField(default=False)  # the target stops the clock and remembers where the case was
    roles = ArrayField(models.CharField(max_length=32), default=list)
    not_after = ArrayField(models.CharField(max_length=40), default=list)  # acts whose doer may not do this one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "version", "act", "source", "target"], name="one_row_per_step")
        ]

    def __str__(self) -> str:
        return f"{self.workflow} v{self.version}: {self.source} → {self.target}"


class Case(models.Model):
    """A file that runs through a workflow (ar: ملف / حالة); only `cases.services.perform` moves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # name of the workflow: lease, encroachment
    workflow_version = models.IntegerField(default=1)
    number = models.CharField(max_length=24)  # ar: رقم الملف: 2026/318, per kind, governorate and year
    governorate = models.CharField(max_length=2)
    state = models.CharField(max_length=40)
    paused_from = models.CharField(max_length=40, blank=True)
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="cases")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="cases")
    place = models.ForeignKey(Place, models.PROTECT, related_name="cases")
    custodian = models.ForeignKey(Custodian, models.PROTECT, null=True, blank=True, related_name="cases")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="cases")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="cases")
    geom = models.GeometryField(srid=4326, null=True, blank=True)  # where it is: a point or a drawn polygon
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857), output_field=models.GeometryField(srid=3857, null=True), db_persist=True
    )
    prior = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="following")
    repeat = models.BooleanField(default=False)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # the nearest open deadline
    row_version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "governorate", "number"], name="one_case_per_number"),
        ]
        indexes = [
            models.Index(fields=["kind", "state"], name="case_kind_state"),
            models.Index(fields=["due_on"], name="case_due", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["parcel", "kind"], name="case_of_parcel"),
            models.Index(fields=["-opened_at", "id"], name="case_newest"),
            GistIndex(fields=["geom_3857"], name="case_geom_3857"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def land_id(self) -> uuid.UUID | None:
        """The parcel that the file is about, or on which its asset stands."""
        return self.parcel_id or (self.asset.parcel_id if self.asset else None)


class Event(models.Model):
    """One act on a case; append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    row_version = models.BigIntegerField(default=1)  # of the case after the act: one act for each version
    act = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)  # the role in which it was done
    # For whom it was done, and by which paper (ar: نيابة عن); the giver's role, used by his delegate.
    # Without indexes: both are only read beside their event.
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["case", "row_version"], name="one_act_per_version"),
            models.CheckConstraint(
                name="act_for_another_names_its_paper",
                condition=Q(on_behalf_of__isnull=True, delegation__isnull=True)
                | Q(on_behalf_of__isnull=False, delegation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"


class Paper(models.Model):
    """A paper in a case's file (ar: مستند)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=40)  # site_report, reasoned_order…
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="papers")  # act it served
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # attached by mistake: it stays in the file, marked, and serves no act (ar: مستند مسحوب)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Deadline(models.Model):
    """By when the case must have left a state; stops while the case is paused."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    state = models.CharField(max_length=40)
    starts_on = models.DateField()
    due_on = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    stopped_on = models.DateField(null=True, blank=True)
    working = models.BooleanField(default=False)  # counted in working days
    # from which day how many days are counted: a changed holiday counts them anew; null before the calendar was kept
    counts_from = models.DateField(null=True, blank=True)
    allotted = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.state} ≤ {self.due_on}"


class Interest(models.Model):
    """A conflict of interest (ar: تعارض مصالح): an officer is related to a party, a parcel or a file.

    He declares it himself, or an auditor records it; he then acts on no file that names it. Only an auditor ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="interests")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    relation = models.CharField(max_length=300)  # in words: kinship, a share, a debt (ar: صلة)
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-declared_at",)
        indexes = [models.Index(fields=["person"], name="interest_of_person", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="interest_is_in_one_thing",
                condition=Q(party__isnull=False, parcel__isnull=True, case__isnull=True)
                | Q(party__isnull=True, parcel__isnull=False, case__isnull=True)
                | Q(party__isnull=True, parcel__isnull=True, case__isnull=False),
            ),
            models.CheckConstraint(
                name="interest_is_ended_by_another",
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(ended_by=F("person"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.party or self.parcel or self.case}"


class Series(models.Model):
    """The last number given in a series, governorate and year; locked while the next is given, so none is missing."""

    name = models.CharField(max_length=40)  # a kind of case, contract, order
    governorate = models.CharField(max_length=2)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "governorate", "year"], name="one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.governorate} {self.year}: {self.last}"
