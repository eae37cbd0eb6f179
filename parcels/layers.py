"""The map layers of the register: parcels and assets, with the reader's rights."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, DecimalField, F, QuerySet, Sum, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, User
from authority.moments import iso_book, iso_day, moment
from parcels import numbers
from parcels.areas import FEDDAN, to_metres
from parcels.models import (
    Asset,
    ControlPoint,
    GoverningArea,
    LandUse,
    OwnershipClass,
    ParcelVersion,
    RegistrationSystem,
    Status,
    SurveyMethod,
)
from parcels.policies import assets_visible_to, versions_visible_to
from parcels.selectors import versions_as_of, with_status
from parcels.selectors.points import control_points
from tiles.filters import place_code, slug, within_place
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme, register


def governing_of(path: str = "") -> Case:
    """Return the governing area of a version, in m²; `path` leads to it."""
    deed, survey, drawn = (f"{path}{name}_area_m2" for name in ("deed", "survey", "geom"))
    of_survey = When(**{f"{path}governing_area": GoverningArea.SURVEY}, then=Coalesce(survey, deed, drawn))
    return Case(of_survey, default=Coalesce(deed, survey, drawn))


GOVERNING = governing_of()
AREA_SUM = DecimalField(max_digits=20, decimal_places=4)


def parcel_rows(user: User, filters: Filters) -> QuerySet[ParcelVersion]:
    """Return the versions of the day (today) that the reader may see, as the book stood (now); `PARCELS.filters`."""
    times = moment(filters.get("on"), filters.get("known")).times
    rows = versions_visible_to(user, with_status(versions_as_of(**times), **times))
    for name, path in PARCEL_FILTERS.items():
        if name in filters:
            rows = rows.filter(**{path: filters[name]})
    for name, lookup in (("area_from", "gte"), ("area_to", "lte")):
        if name in filters:
            rows = rows.alias(governing=GOVERNING).filter(**{f"governing__{lookup}": filters[name]})
    return within_place(rows, "place", filters)


PARCEL_FILTERS = {
    "status": "shown_status",
    "use": "land_use",
    "ownership": "ownership_class",
    "custodian": "custodian__code",
}


def asset_rows(user: User, filters: Filters) -> QuerySet[Asset]:
    """Return the open assets that the reader may see and that have a shape of their own."""
    rows = assets_visible_to(user, Asset.objects.filter(closed_on=None, geom__isnull=False))
    for name in ("status", "kind"):
        if name in filters:
            rows = rows.filter(**{name: filters[name]})
    return within_place(rows, "place", filters)


def control_rows(user: User, filters: Filters) -> QuerySet[ControlPoint]:
    """Return the control points in use that the reader may see."""
    return within_place(control_points(user).order_by(), "place", filters)


def parcels_counted(governorate: str) -> QuerySet[Any]:
    """Return counts and areas per deepest place, custodian and status."""
    rows = versions_as_of().filter(place__path__startswith=governorate)
    return rows.values("place_id", "custodian_id", category=F("parcel__status")).annotate(
        count=Count("pk"), area_m2=Cast(Coalesce(Sum(GOVERNING), 0, output_field=AREA_SUM), AREA_SUM)
    )


def assets_counted(governorate: str) -> QuerySet[Any]:
    """Return the same of assets."""
    rows = Asset.objects.filter(closed_on=None, geom__isnull=False, place__path__startswith=governorate)
    return rows.values("place_id", "custodian_id", category=F("status")).annotate(
        count=Count("pk"), area_m2=Cast(Coalesce(Sum("area_m2"), 0, output_field=AREA_SUM), AREA_SUM)
    )


# ---- parsing of what stands in an address ----------------------------------------------------------------------------


def known(choices: type[Any]) -> Any:
    """Return a parser that takes only a value of the list."""
    return lambda text: choices(text).value


def feddans(text: str) -> Decimal:
    """Read an area in feddans as m²."""
    if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text, re.ASCII):
        raise ValueError(text)
    return to_metres(Fraction(text) * FEDDAN)


# ---- looks -----------------------------------------------------------------------------------------------------------

STATUS_THEME = Theme(
    "status",
    _("Status"),
    "status",
    (
        Category((Status.LEASED,), Status.LEASED.label, "st-leased"),
        Category((Status.USUFRUCT,), Status.USUFRUCT.label, "st-usufruct"),
        Category((Status.FREE,), Status.FREE.label, "st-free"),
        Category((Status.ALLOCATED, Status.RESERVED), _("allocated or reserved"), "st-alloc"),
        Category((Status.SOLD, Status.SOLD_INSTALLMENTS), _("sold"), "st-sold"),
        Category((Status.REGULARIZING,), Status.REGULARIZING.label, "st-regular", Pattern.DOTS),
        Category((Status.ENCROACHED,), Status.ENCROACHED.label, "st-encroach", Pattern.HATCH),
        Category((Status.DISPUTED,), Status.DISPUTED.label, "st-dispute", Pattern.CROSS),
    ),
)
USE_THEME = Theme(
    "use",
    _("Use"),
    "use",
    (
        Category((LandUse.AGRI_OLD,), LandUse.AGRI_OLD.label, "lu-field"),
        Category((LandUse.AGRI_RECLAIMED,), LandUse.AGRI_RECLAIMED.label, "lu-recl"),
        Category((LandUse.RESIDENTIAL, LandUse.COMMERCIAL), _("buildings"), "lu-built"),
        Category((LandUse.INDUSTRIAL, LandUse.TOURISM, LandUse.SERVICE), _("industry, tourism, services"), "lu-prod"),
        Category((LandUse.ROAD, LandUse.CEMETERY), _("roads and cemeteries"), "st-sold"),
        Category((LandUse.DRAIN_CANAL,), LandUse.DRAIN_CANAL.label, "lu-water"),
        Category((LandUse.VACANT, LandUse.DESERT), _("vacant and desert"), "lu-unused"),
        Category((LandUse.INTERSTITIAL, LandUse.LINE_REMAINDER), _("left-over pieces"), "st-alloc"),
    ),
)
CUSTODIAN_COLOURS = ("q5", "st-usufruct", "lu-orch", "st-regular", "st-dispute", "lu-built", "st-sold", "lu-water")


def custodian_categories() -> tuple[Category, ...]:
    """Return a line for each custodian, the first eight."""
    found = Custodian.objects.filter(closed_on=None).order_by("code")[: len(CUSTODIAN_COLOURS)]
    return tuple(Category((one.code,), str(one), colour) for one, colour in zip(found, CUSTODIAN_COLOURS, strict=False))


PARCELS = Layer(
    name="parcels",
    title=_("Parcels"),
    geometry=Geometry.POLYGON,
    rows=parcel_rows,
    place_field="parcel__place",
    custodian_field="parcel__custodian",
    attributes=(
        Attribute("id", _("Identifier"), expression="parcel_id", arabic="المعرف"),
        Attribute("code", _("Internal code"), expression="parcel__parcel_code", min_zoom=15, arabic="الكود الداخلي"),
        Attribute("number", _("Parcel number"), expression="parcel_no_raw", min_zoom=15, arabic="رقم القطعة"),
        Attribute(
            "status",
            _("Status"),
            expression="shown_status",
            essential=True,
            choices=Status.choices,
            arabic="الموقف",
        ),
        Attribute("use", _("Use"), "land_use", essential=True, choices=LandUse.choices, arabic="الاستخدام"),
        Attribute("custodian", _("Custodian"), expression="custodian__code", essential=True, arabic="كود جهة الولاية"),
        Attribute("custodian_name", _("Custodian"), "custodian__name_ar", in_tiles=False, arabic="جهة الولاية"),
        Attribute("ownership", _("Class"), "ownership_class", 15, choices=OwnershipClass.choices, arabic="نوع الأملاك"),
        Attribute("area_m2", _("Governing area, m²"), GOVERNING, min_zoom=15, arabic="المساحة المعتمدة م2"),
        Attribute("deed_m2", _("Deed area, m²"), "deed_area_m2", in_tiles=False, arabic="مساحة السند م2"),
        Attribute("survey_m2", _("Survey area, m²"), "survey_area_m2", in_tiles=False, arabic="مساحة الرفع م2"),
        Attribute("geom_m2", _("Area of the drawing, m²"), "geom_area_m2", in_tiles=False, arabic="مساحة الرسم م2"),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
        Attribute("place_name", _("Place"), "place__name_ar", in_tiles=False, arabic="المكان"),
        Attribute("street", _("Street"), in_tiles=False, arabic="الشارع"),
        Attribute("register_book", _("Book"), in_tiles=False, arabic="دفتر"),
        Attribute("register_page", _("Page"), in_tiles=False, arabic="صفحة"),
        Attribute("register_no", _("Entry number"), in_tiles=False, arabic="رقم القيد"),
        Attribute("sheet_no", _("Sheet number"), in_tiles=False, arabic="رقم اللوحة"),
        Attribute("sheet_scale", _("Sheet scale, 1:"), in_tiles=False, arabic="مقياس اللوحة"),
        Attribute("cadastral_edition", _("Cadastral edition"), in_tiles=False, arabic="فك الزمام"),
        Attribute(
            "registration",
            _("Registration system"),
            "registration_system",
            in_tiles=False,
            choices=RegistrationSystem.choices,
            arabic="نظام التسجيل",
        ),
        Attribute("folio", _("Folio"), in_tiles=False, arabic="الصحيفة"),
        Attribute("file_no", _("File number"), in_tiles=False, arabic="رقم الملف"),
        Attribute("shelf", _("Shelf"), in_tiles=False, arabic="الرف"),
        Attribute("legal_range", _("True in law"), in_tiles=False, in_exports=False),
        Attribute(
            "survey_method", _("Surveyed by"), in_tiles=False, choices=SurveyMethod.choices, arabic="طريقة الرفع"
        ),
        Attribute("source_crs", _("System of record"), in_tiles=False, arabic="نظام الإحداثيات الأصلي"),
        Attribute("transform_op", _("Transformation"), in_tiles=False, arabic="التحويل"),
        Attribute("accuracy_m", _("Accuracy, m"), "transform_accuracy_m", in_tiles=False, arabic="دقة التحويل م"),
    ),
    min_zoom=13,
    summarise=parcels_counted,
    filters={
        "status": known(Status),
        "use": known(LandUse),
        "ownership": known(OwnershipClass),
        "area_from": feddans,
        "area_to": feddans,
        "custodian": slug,
        "place": place_code,
        "on": iso_day,
        "known": iso_book,
    },
    themes=(STATUS_THEME, USE_THEME, Theme("custodian", _("Custodian"), "custodian", custodian_categories)),
    label="number",
    unlabelled=(numbers.NONE,),
    order=30,
)

ASSETS = Layer(
    name="assets",
    title=_("Buildings, shops, kiosks, beaches"),
    geometry=Geometry.MIXED,
    rows=asset_rows,
    attributes=(
        Attribute("id", _("Identifier"), arabic="المعرف"),
        Attribute("code", _("Internal code"), "asset_code", min_zoom=15, arabic="الكود الداخلي"),
        Attribute("name", _("Name"), "name_ar", min_zoom=15, arabic="الاسم"),
        Attribute("kind", _("Kind"), essential=True, choices=Asset.Kind.choices, arabic="النوع"),
        Attribute("status", _("Status"), essential=True, choices=Status.choices, arabic="الموقف"),
        Attribute("area_m2", _("Area, m²"), min_zoom=15, arabic="المساحة م2"),
        Attribute("parcel", _("On parcel"), "parcel__parcel_code", in_tiles=False, arabic="على القطعة"),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
        Attribute("street", _("Street"), in_tiles=False, arabic="الشارع"),
        Attribute("building_no", _("Building"), in_tiles=False, arabic="رقم العقار"),
    ),
    min_zoom=14,
    summarise=assets_counted,
    filters={"status": known(Status), "kind": known(Asset.Kind), "place": place_code},
    themes=(STATUS_THEME,),
    label="name",
    label_zoom=17,
    order=40,
)


CONTROL_POINTS = Layer(
    name="control_points",
    title=_("Control points"),
    geometry=Geometry.POINT,
    rows=control_rows,
    attributes=(
        Attribute("id", _("Identifier"), arabic="المعرف"),
        Attribute("name", _("Name"), min_zoom=13, arabic="الاسم"),
        Attribute("order", _("Order"), choices=ControlPoint.Order.choices, arabic="الدرجة"),
        Attribute("condition", _("Found"), essential=True, choices=ControlPoint.Condition.choices, arabic="الحالة"),
        Attribute("crs", _("Coordinate system"), in_tiles=False, arabic="نظام الإحداثيات"),
        Attribute("east", "E", in_tiles=False, arabic="شرقيات"),
        Attribute("north", "N", in_tiles=False, arabic="شماليات"),
        Attribute("height_m", _("Height, m"), in_tiles=False, arabic="المنسوب م"),
        Attribute("sigma_m", _("σ, m"), in_tiles=False, arabic="الدقة م"),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
    ),
    min_zoom=11,
    custodian_field="",
    filters={"place": place_code},
    label="name",
    label_zoom=14,
    order=60,
)


def declare_layers() -> None:
    """Hand the layers to the tiles."""
    register(CONTROL_POINTS)
    register(PARCELS)
    register(ASSETS)
