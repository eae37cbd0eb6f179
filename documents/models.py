"""What came in or goes out as a file: content-addressed, never overwritten."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import User


class Document(models.Model):
    """A stored file (ar: مستند), named by the SHA-256 of its bytes."""

    class State(models.TextChoices):
        """Whether it may be handed out."""

        QUARANTINED = "QUARANTINED", _("in quarantine")  # ar: قيد الفحص
        CLEAN = "CLEAN", _("checked")  # ar: سليم
        # taken in while no scanner was set: handed out until one is, then asked for its verdict
        UNSCANNED = "UNSCANNED", _("not scanned")  # ar: لم يُفحص
        REFUSED = "REFUSED", _("refused")  # ar: مرفوض

    class Type(models.TextChoices):
        """What kind of paper it is."""

        DEED = "DEED", _("title deed")  # ar: سند ملكية
        DECREE = "DECREE", _("decree")  # ar: قرار
        CONTRACT = "CONTRACT", _("contract")  # ar: عقد
        SURVEY = "SURVEY", _("survey sheet")  # ar: كشف تحديد مساحي
        MAP = "MAP", _("map or plan")  # ar: خريطة أو رسم
        PHOTO = "PHOTO", _("photograph")  # ar: صورة فوتوغرافية
        LETTER = "LETTER", _("letter")  # ar: خطاب
        MINUTES = "MINUTES", _("minutes of a meeting")  # ar: محضر
        REPORT = "REPORT", _("report")  # ar: تقرير
        JUDGMENT = "JUDGMENT", _("judgment")  # ar: حكم قضائي
        ATTORNEY = "ATTORNEY", _("power of attorney")  # ar: توكيل
        IDENTITY = "IDENTITY", _("proof of identity")  # ar: إثبات شخصية
        HEIRS = "HEIRS", _("declaration of heirs")  # ar: إعلام وراثة
        RECEIPT = "RECEIPT", _("receipt")  # ar: إيصال
        APPLICATION = "APPLICATION", _("application")  # ar: طلب
        OTHER = "OTHER", _("other paper")  # ar: مستند آخر

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)  # found from the content, not from the name
    filename = models.CharField(max_length=200)  # a label only, never a path
    kind = models.CharField(max_length=40)  # what it was taken in for: parcel_paper, export, issued
    type = models.CharField(max_length=12, choices=Type.choices, blank=True, default="", db_default="")  # ar: النوع
    number = models.CharField(max_length=60, blank=True, default="", db_default="")  # ar: رقم المستند
    dated_on = models.DateField(null=True, blank=True)  # ar: تاريخ المستند
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLEAN)
    scanned_at = models.DateTimeField(null=True, blank=True)  # ar: تاريخ الفحص؛ null: never scanned
    scan_told = models.CharField(max_length=200, blank=True, default="", db_default="")  # the scanner's own words
    scanner = models.CharField(max_length=120, blank=True, default="", db_default="")  # its version and signatures
    # A picture is handed out as it was drawn anew; the bytes that came in stay as evidence.
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies", db_index=False)
    # Versions: a better scan follows the first one; which one stands has no `superseded_at`.
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later", db_index=False)
    version = models.SmallIntegerField(default=1, db_default=1)  # ar: رقم النسخة
    superseded_at = models.DateTimeField(null=True, blank=True)  # ar: تاريخ الاستبدال
    looked_at = models.DateTimeField(null=True, blank=True)  # when it was opened and checked; null: never
    active = models.BooleanField(default=False, db_default=False)  # a PDF that can run, fetch or carry something
    pdfa = models.CharField(max_length=4, blank=True, default="", db_default="")  # 2b: PDF/A-2b, as it claims
    pages = models.IntegerField(null=True, blank=True)
    warnings = models.JSONField(default=list, db_default=[])  # codes of documents.quality
    # What the camera wrote: position, time, camera, pixels, dpi. For those who may see the file.
    evidence = models.JSONField(default=dict, db_default={})
    governorate = models.CharField(max_length=2, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # from when on its bytes need not be kept

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "version"], name="one_document_of_a_version"),
            models.UniqueConstraint(fields=["copy_of"], name="one_copy_of_a_document"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="document_sha256"),
            # the few that wait for a verdict are asked for every night
            models.Index(
                fields=["state"],
                name="document_waiting",
                condition=models.Q(state__in=["QUARANTINED", "UNSCANNED"], closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def root_id(self) -> uuid.UUID:
        """The key of its first version: what cases and parcels name."""
        return self.first_id or self.pk


class DocumentText(models.Model):
    """The words of a paper (ar: نص المستند): a help for finding it, never a proof of what it says."""

    class Way(models.TextChoices):
        """How they were read."""

        OCR = "OCR", _("read from the picture by a machine")  # ar: قراءة آلية
        LAYER = "LAYER", _("carried by the file itself")  # ar: نص من الملف
        NONE = "NONE", _("no text could be read")  # ar: لم يُقرأ نص

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="text")
    text = models.TextField(blank=True)
    way = models.CharField(max_length=6, choices=Way.choices)
    pages = models.SmallIntegerField()  # that were read
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class IssuedPaper(models.Model):
    """A paper the office issued (ar: مستند صادر): its number, what it says, and how a stranger proves it is ours.

    Whoever holds the paper proves it by the code in its QR (≥ 128 bits), or by its number with the short check code
    printed beside it. Rows are never changed but to revoke them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # declared by the room that issues it: parcels.extract
    governorate = models.CharField(max_length=2)
    training = models.BooleanField(default=False, db_default=False)  # of a training site: a series of its own
    year = models.SmallIntegerField()
    serial = models.IntegerField()  # without gaps in a governorate's year
    code = models.CharField(max_length=32, unique=True)  # in the QR; 160 bits
    check_code = models.CharField(max_length=10)  # the second secret beside the short number
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    state_of_record = models.CharField(max_length=64)  # of the thing when it was issued: compared when it is verified
    facts = models.JSONField()  # what a stranger with the paper in hand may compare: [[title, value], …]
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revocation_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["governorate", "year", "serial", "training"], name="one_issued_paper_of_a_number"
            )
        ]
        indexes = [models.Index(fields=["object_type", "object_id"], name="issued_for_object")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number as it is printed: governorate, year, serial; T- before it on a training site."""
        return f"{'T-' if self.training else ''}{self.governorate}-{self.year}-{self.serial:06d}"
