"""Letters in and out (ar: الصادر والوارد), and the memos put before whoever decides (ar: مذكرات العرض)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from authority.models import Office, Place, User
from cases.models import Case
from documents.models import Document, IssuedPaper
from parcels.models import Parcel
from parties.models import Party


class Letter(models.Model):
    """One letter of an office's register; its number, once given, is never changed and never given again."""

    class Direction(models.TextChoices):
        """Which of the two registers of an office."""

        IN = "IN", pgettext_lazy("letter", "incoming")  # ar: وارد
        OUT = "OUT", pgettext_lazy("letter", "outgoing")  # ar: صادر

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "DRAFT", pgettext_lazy("letter", "draft")  # ar: مسودة
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("letter", "draft withdrawn")  # ar: مسودة مسحوبة
        REGISTERED = "REGISTERED", pgettext_lazy("letter", "registered")  # ar: مقيد
        ISSUED = "ISSUED", pgettext_lazy("letter", "sent")  # ar: صادر
        ASSIGNED = "ASSIGNED", pgettext_lazy("letter", "assigned")  # ar: محال
        ANSWERED = "ANSWERED", pgettext_lazy("letter", "answered")  # ar: تم الرد عليه
        FILED = "FILED", pgettext_lazy("letter", "filed")  # ar: محفوظ
        CANCELLED = "CANCELLED", pgettext_lazy("letter", "cancelled")  # ar: ملغى

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="letters")  # ar: الإدارة
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # ar: نطاق الاختصاص
    governorate = models.CharField(max_length=2)
    year = models.SmallIntegerField(null=True, blank=True)  # ar: السنة
    serial = models.IntegerField(null=True, blank=True)  # ar: رقم القيد؛ null for a draft
    registered_on = models.DateField(null=True, blank=True)  # ar: تاريخ القيد
    correspondent = models.CharField(max_length=200)  # ar: الجهة الواردة منها أو الصادر إليها
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="letters")
    sender_no = models.CharField(max_length=60, blank=True)  # ar: رقم كتاب الجهة الراسلة
    sender_on = models.DateField(null=True, blank=True)  # ar: تاريخ كتاب الجهة الراسلة
    subject = models.CharField(max_length=300)  # ar: الموضوع
    body = models.TextField(blank=True)  # ar: نص الخطاب; of what goes out
    enclosures = models.SmallIntegerField(default=0)  # ar: عدد المرفقات
    replies_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    due_on = models.DateField(null=True, blank=True)  # ar: ميعاد الرد
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # ar: المختص
    state = models.CharField(max_length=10, choices=State.choices)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # ar: المحرر; the last who wrote the text
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # ar: الموقع
    paper = models.ForeignKey(IssuedPaper, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)  # ar: سبب الإلغاء
    row_version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "direction", "year", "serial"], name="one_letter_of_a_number"),
            models.CheckConstraint(
                name="letter_numbered_when_registered",
                condition=Q(
                    state__in=["DRAFT", "WITHDRAWN"], direction="OUT", serial=None, year=None, registered_on=None
                )
                | Q(
                    ~Q(state__in=["DRAFT", "WITHDRAWN"]), serial__gte=1, year__isnull=False, registered_on__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="letter_signed_by_another",
                condition=Q(signed_by=None) | ~Q(signed_by=F("entered_by")) & ~Q(signed_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="letter_goes_out_signed",
                condition=Q(direction="IN") | Q(serial=None) | Q(signed_by__isnull=False, paper__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_cancelled_with_reason", condition=~Q(state="CANCELLED") | ~Q(cancel_reason="")
            ),
            models.CheckConstraint(name="letter_enclosures_counted", condition=Q(enclosures__gte=0)),
        ]
        indexes = [
            models.Index(fields=["office", "direction", "-year", "-serial"], name="letter_in_register"),
            models.Index(
                fields=["due_on"], name="letter_awaiting", condition=Q(state__in=["REGISTERED", "ASSIGNED", "ISSUED"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.number}"

    @property
    def number(self) -> str:
        """The number as it is written: 12/2026; "" for a draft."""
        return f"{self.serial}/{self.year}" if self.serial else ""


class LetterCase(models.Model):
    """A file that a letter is about."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "case"], name="one_letter_on_a_case")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.case_id}"


class LetterParcel(models.Model):
    """A parcel that a letter is about."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="parcels")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="letters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "parcel"], name="one_letter_on_a_parcel")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.parcel_id}"


class Enclosure(models.Model):
    """A file that came with a letter, or the scan of the letter itself (ar: مرفق)."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="files")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class LetterEvent(models.Model):
    """What was done with a letter, and each correction with what stood there before; rows are only added."""

    class Act(models.TextChoices):
        """What was done."""

        REGISTERED = "REGISTERED", pgettext_lazy("letter", "registered")  # ar: قُيد
        DRAFTED = "DRAFTED", pgettext_lazy("letter", "drafted")  # ar: حُرر
        REDRAFTED = "REDRAFTED", pgettext_lazy("letter", "draft changed")  # ar: عُدلت المسودة
        SIGNED = "SIGNED", pgettext_lazy("letter", "signed and sent")  # ar: وُقع وصدر
        ASSIGNED = "ASSIGNED", pgettext_lazy("letter", "assigned")  # ar: أُحيل
        ANSWERED = "ANSWERED", pgettext_lazy("letter", "answered")  # ar: تم الرد
        REOPENED = "REOPENED", pgettext_lazy("letter", "waits again")  # ar: عاد إلى الانتظار
        DUE = "DUE", pgettext_lazy("letter", "due day set")  # ar: حُدد ميعاد الرد
        ENCLOSED = "ENCLOSED", pgettext_lazy("letter", "file attached")  # ar: أُرفق ملف
        LINKED = "LINKED", pgettext_lazy("letter", "linked")  # ar: رُبط
        CORRECTED = "CORRECTED", pgettext_lazy("letter", "corrected")  # ar: صُحح
        FILED = "FILED", pgettext_lazy("letter", "filed")  # ar: حُفظ
        CANCELLED = "CANCELLED", pgettext_lazy("letter", "cancelled")  # ar: أُلغي
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("letter", "draft withdrawn")  # ar: سُحبت المسودة

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=Act.choices)
    field = models.CharField(max_length=20, blank=True)  # which entry was corrected
    before = models.TextField(blank=True)  # ar: ما كان مقيداً
    after = models.TextField(blank=True)  # ar: ما صار
    note = models.CharField(max_length=300, blank=True)  # reason, instruction, or what it was linked to
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"


class Memo(models.Model):
    """A memo put before whoever decides on a file (ar: مذكرة عرض): drafted by one, issued by another."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "DRAFT", pgettext_lazy("memo", "draft")  # ar: مسودة
        ISSUED = "ISSUED", pgettext_lazy("memo", "issued")  # ar: صدرت
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("memo", "withdrawn")  # ar: مسحوبة

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="memos")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    paper = models.ForeignKey(IssuedPaper, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # ar: سبب السحب
    row_version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="memo_issued_by_another", condition=Q(issued_by=None) | ~Q(issued_by=F("opened_by"))
            ),
            models.CheckConstraint(
                name="memo_issued_with_paper",
                condition=~Q(state="ISSUED") | Q(issued_by__isnull=False, issued_at__isnull=False, paper__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class MemoVersion(models.Model):
    """One version of a memo's own words; what the file says is read from the file (ar: نسخة المذكرة)."""

    memo = models.ForeignKey(Memo, models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    addressee = models.CharField(max_length=200)  # ar: تُعرض على
    subject = models.CharField(max_length=300)  # ar: الموضوع
    opinion = models.TextField(blank=True)  # ar: الدراسة
    options = models.TextField(blank=True)  # ar: البدائل; one a line
    recommendation = models.TextField()  # ar: الرأي والتوصية
    rules = ArrayField(models.BigIntegerField(), default=list)  # ar: السند القانوني; ids of law_legalrule
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["memo", "number"], name="one_version_of_a_memo")]

    def __str__(self) -> str:
        return f"{self.memo_id} v{self.number}"
