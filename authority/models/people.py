"""Who may do what where: places, custodians, offices, people, roles, keys."""

from __future__ import annotations

import datetime as dt
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


def not_over(day: dt.date) -> Q:
    """Return the condition on role holdings that their last day is not before this one."""
    return Q(ends_on=None) | Q(ends_on__gte=day)


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
