"""Custodians, offices and one account for each role."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import make_password

from authority.models import Custodian, Office, Place, Role, RoleHolding, User
from authority.reference.governorates import BY_CODE
from workspace.sample.gazetteer import TREES

CUSTODIANS: tuple[tuple[str, str, str], ...] = (
    ("local-02", "محافظة الإسكندرية (الوحدات المحلية)", "Alexandria Governorate (local units)"),
    ("local-19", "محافظة الإسماعيلية (الوحدات المحلية)", "Ismailia Governorate (local units)"),
    ("local-18", "محافظة البحيرة (الوحدات المحلية)", "Beheira Governorate (local units)"),
    (
        "garpad",
        "الهيئة العامة لمشروعات التعمير والتنمية الزراعية",
        "General Authority for Reconstruction Projects and Agricultural Development",
    ),
    ("agrarian-reform", "الهيئة العامة للإصلاح الزراعي", "General Authority for Agrarian Reform"),
    ("awqaf", "هيئة الأوقاف المصرية", "Egyptian Endowments Authority"),
    ("irrigation", "وزارة الموارد المائية والري", "Ministry of Water Resources and Irrigation"),
    ("roads", "الهيئة العامة للطرق والكباري", "General Authority for Roads and Bridges"),
    ("suez-canal", "هيئة قناة السويس", "Suez Canal Authority"),
    ("new-communities", "هيئة المجتمعات العمرانية الجديدة", "New Urban Communities Authority"),
    ("tourism", "الهيئة العامة للتنمية السياحية", "Tourism Development Authority"),
    ("shore", "الهيئة العامة لحماية الشواطئ", "Shore Protection Authority"),
    ("railways", "هيئة سكك حديد مصر", "Egyptian National Railways"),
)
SERVED = ("02", "19", "18")  # governorates in which the sample's accounts hold their roles; 18 for one's own surveys
NAMES: dict[str, tuple[str, str]] = {
    Role.CITIZEN: ("سيد أبو العلا", "Sayed Abu El Ela"),
    Role.FRONT_DESK: ("نجلاء فتحي", "Naglaa Fathy"),
    Role.FILE_REVIEWER: ("كريمة حجازي", "Karima Hegazy"),
    Role.SURVEYOR: ("مصطفى شاهين", "Mostafa Shahin"),
    Role.INSPECTOR: ("حسن الدسوقي", "Hassan El Desouky"),
    Role.GIS_OFFICER: ("منى خليل", "Mona Khalil"),
    Role.SPATIAL_CHANGE_OFFICER: ("طارق نصار", "Tarek Nassar"),
    Role.PROPERTY_OFFICER: ("هدى منصور", "Hoda Mansour"),
    Role.PRICING_MEMBER: ("عادل غنيم", "Adel Ghoneim"),
    Role.DECISION_MEMBER: ("سميرة عوض", "Samira Awad"),
    Role.APPEALS_MEMBER: ("فؤاد البنا", "Fouad El Banna"),
    Role.TENDER_MEMBER: ("رجب عامر", "Ragab Amer"),
    Role.COMMITTEE_SECRETARY: ("أسماء رزق", "Asmaa Rizk"),
    Role.LEGAL_OFFICER: ("نبيل درويش", "Nabil Darwish"),
    Role.FINANCE_OFFICER: ("ماجدة سالم", "Magda Salem"),
    Role.COLLECTOR: ("شعبان متولي", "Shaaban Metwally"),
    Role.CUSTODIAN_OFFICER: ("إيمان الفقي", "Iman El Feky"),
    Role.FIELD_TEAM: ("بدوي العريشي", "Badawy El Arishy"),
    Role.DISTRICT_HEAD: ("كمال الجندي", "Kamal El Gendy"),
    Role.SECRETARY_GENERAL: ("ليلى البدري", "Laila El Badry"),
    Role.GOVERNOR: ("حمدي هلال", "Hamdy Helal"),
    Role.AUDITOR: ("وفاء قنديل", "Wafaa Kandil"),
    Role.ADMIN: ("شريف جاد", "Sherif Gad"),
    Role.SYSTEM: ("النظام", "System"),
}
# Roles that are not held for a whole governorate: by the code of their office.
NARROW: dict[str, tuple[str, ...]] = {
    Role.DISTRICT_HEAD: ("district-0201", "district-1904"),
    Role.CUSTODIAN_OFFICER: ("custodian-garpad", "custodian-irrigation"),
    Role.CITIZEN: (),
    Role.SYSTEM: (),
}


def make_custodians() -> dict[str, Custodian]:
    """Make the custodians; return them by code."""
    for code, name_ar, name_en in CUSTODIANS:
        Custodian.objects.get_or_create(code=code, defaults={"name_ar": name_ar, "name_en": name_en})
    return {one.code: one for one in Custodian.objects.all()}


def make_offices(custodians: dict[str, Custodian]) -> None:
    """Make the tree of offices: one department a governorate, below it one office a district; some custodians'."""
    for governorate in SERVED:
        name = BY_CODE[governorate]
        head = _office(
            f"property-{governorate}",
            f"إدارة أملاك الدولة بمحافظة {name.name_ar}",
            f"State Property Department, {name.name_en}",
            place=Place.objects.get(code=governorate),
        )
        for district in TREES.get(governorate, ()):
            word = "مركز ومدينة" if district.kind == Place.Kind.MARKAZ else "حي"
            _office(
                f"district-{district.code}",
                f"وحدة أملاك {word} {district.name_ar.removeprefix('حي ')}",
                f"Property Unit, {district.name_en}",
                place=Place.objects.get(code=district.code),
                parent=head,
            )
    for code in ("garpad", "irrigation", "agrarian-reform", "awqaf"):
        body = custodians[code]
        _office(f"custodian-{code}", f"مندوبو {body.name_ar}", f"Officers of the {body.name_en}", custodian=body)


def _office(code: str, name_ar: str, name_en: str, **fields: object) -> Office:
    office, _ = Office.objects.get_or_create(code=code, defaults={"name_ar": name_ar, "name_en": name_en, **fields})
    return office


def make_accounts(on: dt.date) -> dict[str, User]:
    """Make one account a role, named by the role's code; the password is hashed once and shared by all."""
    password = make_password(settings.SAMPLE_PASSWORD)
    starts_on = dt.date(on.year - 3, 1, 1)
    for role, (name_ar, name_en) in NAMES.items():
        user, made = User.objects.get_or_create(
            username=role,
            defaults={
                "name_ar": name_ar,
                "name_en": name_en,
                "password": make_password(None) if role == Role.SYSTEM else password,
                "is_staff": role == Role.ADMIN,
            },
        )
        if made:
            _give(user, role, starts_on)
    return {one.username: one for one in User.objects.filter(username__in=list(NAMES))}


def _give(user: User, role: str, starts_on: dt.date) -> None:
    codes = NARROW.get(role, tuple(f"property-{governorate}" for governorate in SERVED))
    offices = Office.objects.filter(code__in=codes)
    RoleHolding.objects.bulk_create(
        RoleHolding(user=user, role=role, office=office, starts_on=starts_on) for office in offices
    )
