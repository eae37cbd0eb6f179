"""Places, custodians, offices, people, roles, keys and the audit trail."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(arabic: str, english: str) -> str:
    """Return the name in the reader's language; Arabic is the original."""
    return english if english and (get_language() or "ar").startswith("en") else arabic


class Place(models.Model):
    """A unit of the administrative or cadastral tree (ar: مكان): governorate, markaz/qism/city, nahia/shiyakha, hod."""

    class Kind(models.TextChoices):
        """What the unit is; always printed beside its name."""

        GOVERNORATE = "GOVERNORATE", _("governorate")  # ar: محافظة
        MARKAZ = "MARKAZ", _("markaz")  # ar: مركز
        QISM = "QISM", _("qism")  # ar: قسم
        CITY = "CITY", _("city")  # ar: مدينة
        DISTRICT = "DISTRICT", _("district")  # ar: حي
        NAHIA = "NAHIA", _("nahia")  # ar: ناحية
        SHIYAKHA = "SHIYAKHA", _("shiyakha")  # ar: شياخة
        HOD = "HOD", _("hod")  # ar: حوض

    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(
        max_length=24, unique=True
    )  # digits only, parent's code first: 02, 0203, 02030004, 02030004008
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # ar: أسماء أخرى
    hod_no = models.CharField(max_length=12, blank=True)  # ar: رقم الحوض
    hod_section = models.CharField(max_length=24, blank=True)  # ar: قسم الحوض
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, unique=True)  # codes of the chain joined by dots: 02.0203.02030004
    geom = models.MultiPolygonField(srid=4326, null=True, blank=True)
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.MultiPolygonField(srid=3857, null=True, spatial_index=False),
        db_persist=True,
    )
    # The metric system in which checks, areas and editing run for this governorate (EPSG code); set on governorates.
    working_srid = models.IntegerField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("path",)
        indexes = [
            models.Index(fields=["path"], name="place_path_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind"], name="place_kind"),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        if self.name.lower().startswith(kind):
            return self.name
        return in_language(f"{kind} {self.name}", f"{self.name} {kind}")

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_ar, self.name_en)

    @property
    def governorate_code(self) -> str:
        """The two-digit code of the governorate the place lies in (domain.md §2.1)."""
        return self.path[:2]


class Custodian(models.Model):
    """A custodian authority (ar: جهة الولاية)."""

    code = models.SlugField(max_length=32, unique=True)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return in_language(self.name_ar, self.name_en)


class Office(models.Model):
    """An office (ar: إدارة / مكتب) with its jurisdiction: a place with all below it, a custodian, or both."""

    code = models.SlugField(max_length=48, unique=True)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="offices")  # ar: نطاق الاختصاص
    custodian = models.ForeignKey(Custodian, models.PROTECT, null=True, blank=True, related_name="offices")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                name="office_has_jurisdiction",
                condition=Q(place__isnull=False) | Q(custodian__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name_ar, self.name_en)


class Role(models.TextChoices):
    """What a person may do; where, is the office's jurisdiction (domain.md §7, §0b.23)."""

    CITIZEN = "citizen", _("Citizen")  # ar: مواطن
    FRONT_DESK = "front_desk", _("Front desk")  # ar: شباك
    FILE_REVIEWER = "file_reviewer", _("File reviewer")  # ar: مراجع
    SURVEYOR = "surveyor", _("Surveyor")  # ar: مساح
    INSPECTOR = "inspector", _("Inspector")  # ar: معاين
    GIS_OFFICER = "gis_officer", _("GIS officer")  # ar: مراجع نظم المعلومات الجغرافية
    SPATIAL_CHANGE_OFFICER = "spatial_change_officer", _("Spatial changes officer")  # ar: مسئول المتغيرات المكانية
    PROPERTY_OFFICER = "property_officer", _("Property officer")  # ar: أخصائي أملاك
    PRICING_MEMBER = "pricing_member", _("Pricing committee member")
    DECISION_MEMBER = "decision_member", _("Decision committee member")
    APPEALS_MEMBER = "appeals_member", _("Appeals committee member")
    TENDER_MEMBER = "tender_member", _("Tender committee member")
    COMMITTEE_SECRETARY = "committee_secretary", _("Committee secretary")
    LEGAL_OFFICER = "legal_officer", _("Legal officer")  # ar: الشئون القانونية
    FINANCE_OFFICER = "finance_officer", _("Finance officer")  # ar: حسابات
    COLLECTOR = "collector", _("Collector")  # ar: محصل
    CUSTODIAN_OFFICER = "custodian_officer", _("Custodian's officer")  # ar: مندوب جهة الولاية
    FIELD_TEAM = "field_team", _("Field team")  # ar: فريق ميداني
    DISTRICT_HEAD = "district_head", _("Head of markaz or district")  # ar: رئيس المركز/الحي
    SECRETARY_GENERAL = "secretary_general", _("Secretary general")  # ar: السكرتير العام
    GOVERNOR = "governor", _("Governor")  # ar: المحافظ
    AUDITOR = "auditor", _("Internal auditor")  # ar: مراجعة داخلية
    ADMIN = "admin", _("Administrator")  # ar: مدير النظام
    SYSTEM = "system", _("System")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; a password is optional only for the system's own account."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Return a saved account."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Return a saved account that may use the reference-table administration."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account (ar: مستخدم)."""

    username = models.CharField(max_length=64, unique=True)
    name_ar = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="ar", choices=[("ar", "العربية"), ("en", "English")])
    digits = models.CharField(max_length=4, default="latn", choices=[("latn", "0–9"), ("arab", "٠–٩")])
    theme = models.CharField(max_length=5, default="light", choices=[("light", _("light")), ("dark", _("dark"))])
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_ar, self.name_en)

    def get_short_name(self) -> str:
        """The name without titles."""
        return self.get_full_name() or self.username


class RoleHolding(models.Model):
    """A role held by a person in an office, from a day to a day (both included)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=32, choices=Role.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="holders")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "role"], name="role_of_user")]
        constraints = [
            models.CheckConstraint(
                name="role_ends_after_it_starts", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.office}"


class ApiKey(models.Model):
    """A personal key for programs such as QGIS; only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=128)
    scopes = ArrayField(models.CharField(max_length=16))  # read, write, tiles
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Bucket(models.Model):
    """Requests counted against a person, a key or an address in one window (`authority.limits`); an unlogged table."""

    name = models.CharField(max_length=120, primary_key=True)
    began = models.DateTimeField()
    spent = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.spent}"


class UserSession(models.Model):
    """One sign-in on one device (ar: جلسة دخول); the row outlives the session so that its owner can look back."""

    class Way(models.TextChoices):
        """How the person proved who he is."""

        PASSWORD = "PASSWORD", _("password")  # ar: كلمة المرور
        OIDC = "OIDC", _("government account")  # ar: حساب الدخول الموحد

    class Ending(models.TextChoices):
        """Why a session ended."""

        SIGNED_OUT = "SIGNED_OUT", _("signed out")  # ar: خروج
        IDLE = "IDLE", _("left unused")  # ar: خمول
        AGE = "AGE", _("too old")  # ar: انتهاء المدة
        OWNER = "OWNER", _("ended by its owner")  # ar: أنهاها صاحبها
        ADMINISTRATOR = "ADMINISTRATOR", _("ended by an administrator")  # ar: أنهاها مدير النظام
        RIGHTS = "RIGHTS", _("account or role ended")  # ar: تغير الصلاحيات
        CREDENTIALS = "CREDENTIALS", _("password or second factor changed")  # ar: تغير بيانات الدخول

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="entries")
    # The key of Django's session; none once it has ended, for then it opens nothing.
    key = models.CharField(max_length=40, unique=True, null=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.PASSWORD)
    signed_in_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    second_factor_at = models.DateTimeField(null=True)  # ar: التحقق بالعامل الثاني
    proved_at = models.DateTimeField()  # when the person last gave a password or a code
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=13, choices=Ending.choices, blank=True)

    class Meta:
        ordering = ("-signed_in_at",)
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="session_of_user")]
        constraints = [
            models.CheckConstraint(
                name="session_ends_whole",
                condition=Q(ended_at__isnull=True, key__isnull=False, ending="")
                | (Q(ended_at__isnull=False, key__isnull=True) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.signed_in_at:%Y-%m-%d %H:%M}"


class Recovery(models.Model):
    """A colleague's way back in (ar: طلب استعادة الدخول): a new password by a code, or the second factor taken off."""

    class Kind(models.TextChoices):
        """What is restored."""

        PASSWORD = "PASSWORD", _("new password")  # ar: كلمة مرور جديدة
        FACTOR = "FACTOR", _("second factor taken off")  # ar: إلغاء العامل الثاني

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="recoveries")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    needs_second = models.BooleanField()  # another administrator has to confirm
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # used, or withdrawn

    class Meta:
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                name="recovery_has_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="recovery_is_for_another",
                condition=~Q(asked_by=F("user")) & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("user"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.user}"


class AuditEvent(models.Model):
    """One thing that was done; append-only, held so by the database."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    governorate = models.CharField(max_length=2, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.UUIDField(default=uuid.uuid4)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_of_object"),
            models.Index(fields=["governorate", "id"], name="audit_of_governorate"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditLink(models.Model):
    """The place of an audit event in its governorate's chain (ar: حلقة سجل المراجعة); written by the database alone.

    hash = SHA-256(prev_hash ‖ digest), digest = SHA-256 of the event's canonical form (docs/explanation/audit.md).
    """

    event = models.OneToOneField(
        AuditEvent, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="link"
    )
    chain = models.CharField(max_length=2, blank=True)  # the event's governorate; "" for events without one
    seq = models.BigIntegerField()  # from 1, without gaps
    form = models.SmallIntegerField()  # version of the canonical form
    salt = models.UUIDField(null=True)  # of the detail's digest; gone once the detail was redacted
    detail_digest = models.BinaryField()  # SHA-256(salt ⏎ detail as jsonb writes it)
    digest = models.BinaryField()
    prev_hash = models.BinaryField()  # of the link before; 32 zero bytes for the first
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_link_of_a_number"),
            models.UniqueConstraint(fields=["chain", "prev_hash"], name="chain_never_forks"),
        ]

    def __str__(self) -> str:
        return f"{self.chain or '-'} {self.seq}"


class AuditRedaction(models.Model):
    """The recorded act by which personal data left an event's detail (ar: حجب بيانات); the tables' owner writes it."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="redaction")
    record = models.OneToOneField(AuditEvent, models.PROTECT, related_name="+")  # the event that records the act
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event_id}"


class AuditCheck(models.Model):
    """One run of the check of the chains (ar: فحص سلسلة المراجعة)."""

    at = models.DateTimeField()
    rows = models.BigIntegerField()
    seconds = models.FloatField()
    faults = models.JSONField(default=list)  # the first bad row of each chain that has one

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {len(self.faults)}"


class SigningKey(models.Model):
    """A public key under which daily heads are signed (ar: مفتاح التوقيع); the private half never comes here."""

    key_id = models.CharField(max_length=16, primary_key=True)  # first hex digits of SHA-256 of the public key
    public_key = models.CharField(max_length=64)  # Ed25519, hex
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)  # set once, when the next key takes over

    def __str__(self) -> str:
        return self.key_id


class SignedHead(models.Model):
    """The heads of all chains at the end of a day, signed (ar: رأس السجل الموقّع)."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    text = models.TextField()  # the signed bytes: JSON
    signature = models.CharField(max_length=128)  # Ed25519, hex
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day}"


class TrainingMark(models.Model):
    """The one row by which a database says that it is there to practise on (ar: علامة التدريب)."""

    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_training_mark", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.marked_at:%Y-%m-%d}"
