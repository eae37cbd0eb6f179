"""Suits before the courts (ar: الدعاوى القضائية): what they are about, hearings, judgments, execution."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from cases.models import Case
from documents.models import Document
from parcels.models import Asset, Holding, Parcel
from parties.models import Party


class Suit(models.Model):
    """One suit in one court (ar: دعوى); an appeal is a suit of its own that names the one before."""

    class Court(models.TextChoices):
        """What kind of court; it decides the days of appeal."""

        SUMMARY = "SUMMARY", _("summary court")  # ar: جزئية
        FIRST_INSTANCE = "FIRST_INSTANCE", _("court of first instance")  # ar: ابتدائية
        APPEAL = "APPEAL", _("court of appeal")  # ar: استئناف
        CASSATION = "CASSATION", _("court of cassation")  # ar: نقض
        URGENT = "URGENT", _("court of urgent matters")  # ar: أمور مستعجلة
        ADMINISTRATIVE = "ADMINISTRATIVE", _("administrative court")  # ar: إدارية
        ADMINISTRATIVE_JUSTICE = "ADMINISTRATIVE_JUSTICE", _("court of administrative justice")  # ar: القضاء الإداري
        SUPREME_ADMINISTRATIVE = "SUPREME_ADMINISTRATIVE", _("supreme administrative court")  # ar: الإدارية العليا

    class Subject(models.TextChoices):
        """What is asked of the court (domain.md §0b.16); which acts it bars is a rule of law."""

        OWNERSHIP = "OWNERSHIP", _("establishing ownership")  # ar: تثبيت ملكية
        ANNULMENT = "ANNULMENT", _("annulment of a decision")  # ar: بطلان قرار أو إلغاؤه
        STAY = "STAY", _("stay of execution")  # ar: وقف تنفيذ
        RENT = "RENT", _("mesne profits or rent")  # ar: ريع أو أجرة
        EVICTION = "EVICTION", _("eviction of an occupant without title")  # ar: طرد للغصب
        DELIVERY = "DELIVERY", _("delivery")  # ar: تسليم
        DAMAGES = "DAMAGES", _("damages")  # ar: تعويض
        OTHER = "OTHER", _("other")  # ar: أخرى

    class Side(models.TextChoices):
        """On which side somebody stands."""

        CLAIMANT = "CLAIMANT", _("claimant")  # ar: مدعٍ
        DEFENDANT = "DEFENDANT", _("defendant")  # ar: مدعى عليه
        INTERVENER = "INTERVENER", _("intervener")  # ar: خصم متدخل

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("before the court")  # ar: متداولة
        JUDGED = "JUDGED", _("judged, open to appeal")  # ar: محكوم فيها، قابلة للطعن
        FINAL = "FINAL", _("final judgment")  # ar: حكم بات
        WITHDRAWN = "WITHDRAWN", _("ended without judgment")  # ar: منتهية دون حكم

    STANDING = frozenset({State.OPEN, State.JUDGED})  # a court has not said its last word

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    court_kind = models.CharField(max_length=24, choices=Court.choices)
    court = models.CharField(max_length=120)  # ar: المحكمة
    circuit = models.CharField(max_length=60, blank=True)  # ar: الدائرة
    number = models.CharField(max_length=20)  # ar: رقم الدعوى
    year = models.PositiveSmallIntegerField()  # ar: السنة؛ القضائية for courts of the State Council
    filed_on = models.DateField()  # ar: تاريخ الرفع
    subject = models.CharField(max_length=12, choices=Subject.choices)
    our_side = models.CharField(max_length=12, choices=Side.choices)  # ar: صفة الجهة
    claim = models.TextField(blank=True)  # ar: الطلبات
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # EGP
    counsel_file = models.CharField(max_length=60, blank=True)  # ar: رقم ملف هيئة قضايا الدولة
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    governorate = models.CharField(max_length=2)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")  # what is appealed
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    row_version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "circuit", "number", "year"], name="one_suit_of_a_number"),
            models.CheckConstraint(
                name="suit_ended_with_a_day",
                condition=Q(state__in=["OPEN", "JUDGED"], ended_on__isnull=True)
                | Q(state__in=["FINAL", "WITHDRAWN"], ended_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "governorate"], name="suit_by_state")]

    def __str__(self) -> str:
        return f"{self.number}/{self.year} {self.court}"


class SuitParty(models.Model):
    """Who stands in a suit: a party of the register, or a name as the papers write it."""

    suit = models.ForeignKey(Suit, models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="suits")
    name = models.CharField(max_length=200)
    side = models.CharField(max_length=12, choices=Suit.Side.choices)

    class Meta:
        indexes = [models.Index(fields=["party"], name="suits_of_party")]

    def __str__(self) -> str:
        return self.name


class SuitLand(models.Model):
    """Land or an asset that a suit concerns, whole or a part in words; the dispute it writes in the book."""

    suit = models.ForeignKey(Suit, models.PROTECT, related_name="lands")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="suits")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="suits")
    part = models.CharField(max_length=200, blank=True)  # ar: الجزء المتنازع عليه
    holding = models.ForeignKey(Holding, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suit_on_one_thing",
                condition=Q(parcel__isnull=False, asset__isnull=True) | Q(parcel__isnull=True, asset__isnull=False),
            ),
            models.UniqueConstraint(fields=["suit", "parcel"], name="one_suit_on_a_parcel"),
            models.UniqueConstraint(fields=["suit", "asset"], name="one_suit_on_an_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.suit_id} {self.parcel_id or self.asset_id}"


class SuitCase(models.Model):
    """A file whose decision a suit attacks, or which it serves (ar: القرار المطعون فيه)."""

    suit = models.ForeignKey(Suit, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="suits")
    decision = models.CharField(max_length=200, blank=True)  # number and date of the decision

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suit", "case"], name="one_suit_on_a_case")]

    def __str__(self) -> str:
        return f"{self.suit_id} {self.case_id}"


class Hearing(models.Model):
    """One day in court (ar: جلسة); what was decided there opens the next."""

    suit = models.ForeignKey(Suit, models.PROTECT, related_name="hearings")
    held_on = models.DateField()
    purpose = models.CharField(max_length=200, blank=True)  # ar: ما أُجلت له
    outcome = models.CharField(max_length=300, blank=True)  # ar: قرار الجلسة
    next_on = models.DateField(null=True, blank=True)  # ar: التأجيل لجلسة
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["suit", "held_on"], name="one_hearing_a_day"),
            models.CheckConstraint(
                name="hearing_adjourned_later", condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on"))
            ),
        ]
        indexes = [models.Index(fields=["held_on"], name="hearing_by_day")]

    def __str__(self) -> str:
        return f"{self.held_on} {self.suit_id}"


class Judgment(models.Model):
    """What the court ruled (ar: حكم); it unlocks and ends nothing before a second person has confirmed it."""

    class Ruling(models.TextChoices):
        """What it means for the state."""

        FOR_US = "FOR_US", _("for the state")  # ar: لصالح الدولة
        AGAINST_US = "AGAINST_US", _("against the state")  # ar: ضد الدولة
        PARTIAL = "PARTIAL", _("in part")  # ar: جزئي
        INTERIM = "INTERIM", _("interim")  # ar: تمهيدي
        STAY_GRANTED = "STAY_GRANTED", _("execution stayed")  # ar: وقف التنفيذ
        STAY_REFUSED = "STAY_REFUSED", _("stay refused, or lifted")  # ar: رفض وقف التنفيذ أو رفعه
        ENDED = "ENDED", _("ended without judgment: abandoned, struck out, settled")  # ar: ترك أو شطب أو صلح

    suit = models.ForeignKey(Suit, models.PROTECT, related_name="judgments")
    ruled_on = models.DateField()
    ruling = models.CharField(max_length=12, choices=Ruling.choices)
    words = models.TextField()  # ar: منطوق الحكم
    notified_on = models.DateField(null=True, blank=True)  # ar: تاريخ الإعلان
    appeal_until = models.DateField(null=True, blank=True)  # ar: آخر ميعاد للطعن
    rule_id = models.BigIntegerField(null=True, blank=True)  # the legal_rule the days were read from
    is_final = models.BooleanField(default=False)  # ar: بات
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)  # entered by mistake
    set_aside_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="judgment_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="judgment_notified_after",
                condition=Q(notified_on__isnull=True) | Q(notified_on__gte=F("ruled_on")),
            ),
        ]
        indexes = [models.Index(fields=["appeal_until"], name="judgment_by_appeal")]

    def __str__(self) -> str:
        return f"{self.ruled_on} {self.ruling}"


class ExecutionStep(models.Model):
    """One step of carrying a judgment out (ar: إجراء تنفيذ)."""

    class Kind(models.TextChoices):
        """What was done."""

        STAMPED = "STAMPED", _("executory copy received")  # ar: استلام الصيغة التنفيذية
        NOTICE = "NOTICE", _("served by bailiff")  # ar: إعلان على يد محضر
        EXECUTED = "EXECUTED", _("executed")  # ar: تم التنفيذ
        OBSTACLE = "OBSTACLE", _("obstacle to execution")  # ar: إشكال أو تعذر تنفيذ

    judgment = models.ForeignKey(Judgment, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    done_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.done_on} {self.kind}"
