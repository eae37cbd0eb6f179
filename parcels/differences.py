"""What differs between two moments of the register: new, ended, and changed parcels with what they said before.

A parcel's row is its version of the later moment; of what has ended by then, the last one of the earlier moment. `was`
is the version of the earlier moment. Rows that say the same of both moments are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.moments import Moment, iso_book, iso_day, moment
from authority.refusal import Invalid
from parcels import numbers
from parcels.layers import GOVERNING, governing_of, known
from parcels.models import LandUse, ParcelVersion, Status
from parcels.policies import versions_visible_to
from parcels.selectors import stood_at, versions_as_of
from parcels.status import status_on
from tiles.filters import place_code, within_place
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme, register


class Change(TextChoices):
    """How a parcel differs; the first that holds names it on the map."""

    NEW = "NEW", _("new")
    ENDED = "ENDED", _("ended")
    GEOMETRY = "GEOMETRY", _("another outline")
    CUSTODIAN = "CUSTODIAN", _("another custodian")
    STATUS = "STATUS", _("another status")
    AREA = "AREA", _("another area")
    OTHER = "OTHER", _("other facts")


class Differs(Func):
    """Whether two values differ, where nothing is a value too; of outlines, corner by corner."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = BooleanField()


class SinceMissing(Invalid):
    """A difference has two days."""

    code = "since_missing"
    message = _("Say since which day the register is compared.")


class ExtentMissing(Invalid):
    """All parcels of all places are too much to compare."""

    code = "extent_missing"
    message = _("Name a place or draw an extent: the whole register is not compared at once.")


HEAVY = ("geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857")
FACTS = (
    "land_use",
    "ownership_class",
    "parcel_no_norm",
    "place_id",
    "street",
    "building_no",
    "custody_decree",
    "file_no",
)


def true_at(when: Moment, path: str = "") -> Q:
    """Return the condition that a version is true on the day, as the book stood at the moment."""
    true = Q(**{f"{path}legal_range__contains": when.on})
    if not when.asked_book:
        return true & Q(**{f"{path}in_book": True})
    return true & Q(**{f"{path}recorded_range__contains": when.known_at})


def compared(since: Moment, until: Moment) -> QuerySet[ParcelVersion]:
    """Return the parcels that differ between two moments, each with `change_*`, `changes`, `change` and what was."""
    then = versions_as_of(on=until.on, known_at=until.known_at if until.asked_book else None)
    later = true_at(until) & (stood_at(until.known_at) if until.asked_book else Q())
    gone = true_at(since) & ~Exists(then.filter(parcel=OuterRef("parcel_id")))
    rows = ParcelVersion.objects.alias(
        was=FilteredRelation("parcel__versions", condition=true_at(since, "parcel__versions__"))
    )
    rows = rows.filter(later | gone).annotate(ended=Case(When(true_at(until), then=False), default=True))
    told = rows.annotate(was_id=F("was__id"), **statuses(since, until)).annotate(**flags())
    differs = Q()
    for change in Change:
        differs |= Q(**{f"change_{change.lower()}": True})
    return told.filter(differs).annotate(change=first(), changes=listed())


def statuses(since: Moment, until: Moment) -> dict[str, Any]:
    """Return the status of either moment; none where the parcel did not stand."""
    before = status_on(since.on, since.known_at if since.asked_book else None, "was__")
    return {
        "was_status": Case(When(was__id=None, then=Value("")), default=before, output_field=CharField()),
        "shown_status": Case(
            When(ended=True, then=Value("")),
            default=status_on(until.on, until.known_at if until.asked_book else None),
            output_field=CharField(),
        ),
    }


def flags() -> dict[str, Any]:
    """Return a truth for each way to differ; the same row of the book says the same of all but its status."""
    both = Q(ended=False, was__id__isnull=False)
    another = both & ~Q(was__id=F("pk"))

    def of(*pairs: tuple[Any, Any], where: Q = another) -> Case:
        told = [When(where & Q(Differs(now, before)), then=True) for now, before in pairs]
        return Case(*told, default=False, output_field=BooleanField())

    return {
        "change_new": Case(When(ended=False, was__id=None, then=True), default=False),
        "change_ended": F("ended"),
        "change_geometry": of((F("geom"), F("was__geom"))),
        "change_custodian": of((F("custodian_id"), F("was__custodian_id"))),
        "change_status": of((F("shown_status"), F("was_status")), where=both),
        "change_area": of((GOVERNING, governing_of("was__"))),
        "change_other": of(*((F(name), F(f"was__{name}")) for name in FACTS)),
    }


def first() -> Case:
    """Return the change that names the row."""
    told = [When(**{f"change_{change.lower()}": True}, then=Value(change.value)) for change in Change]
    return Case(*told, output_field=CharField())


def listed() -> Combinable:
    """Return all changes of a row, each followed by a space."""
    told: list[Combinable] = [
        Case(When(**{f"change_{one.lower()}": True}, then=Value(f"{one.value} ")), default=Value("")) for one in Change
    ]
    return Concat(*told, output_field=CharField())


def changed_rows(user: User, filters: Filters) -> QuerySet[Any]:
    """Return what differs within the reader's sight; filters: `DIFFERENCES.filters`."""
    since = moment(filters["since"], filters.get("since_known"))
    until = moment(filters.get("on"), filters.get("known"))
    rows = within_place(versions_visible_to(user, compared(since, until)), "parcel__place", filters)
    rule = Q(geom__bboverlaps=filters["bbox"]) if "bbox" in filters else Q()
    if "change" in filters:
        rule &= Q(**{f"change_{filters['change'].lower()}": True})
    found: QuerySet[Any] = rows.filter(rule)
    return found


def told(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add what a list shows beside the row itself: its area, and what was."""
    light = rows.select_related("parcel", "place", "custodian").defer(*HEAVY)
    found: QuerySet[Any] = light.annotate(
        governing=GOVERNING, was_area=governing_of("was__"), was_number=F("was__parcel_no_raw"),
        was_custodian=F("was__custodian__code"), was_custodian_name=F("was__custodian__name_ar"),
        was_use=F("was__land_use"),
    )  # fmt: skip
    return found


def in_words(changes: str) -> Sequence[str]:
    """Return the changes of a row in words."""
    return [str(Change(one).label) for one in changes.split()]


CHANGE_THEME = Theme(
    "change",
    _("Change"),
    "change",
    (
        Category((Change.NEW,), Change.NEW.label, "ok"),
        Category((Change.ENDED,), Change.ENDED.label, "danger", Pattern.HATCH),
        Category((Change.GEOMETRY,), Change.GEOMETRY.label, "st-regular", Pattern.DOTS),
        Category((Change.CUSTODIAN,), Change.CUSTODIAN.label, "lu-built", Pattern.CROSS),
        Category((Change.STATUS,), Change.STATUS.label, "st-usufruct"),
        Category((Change.AREA,), Change.AREA.label, "lu-recl"),
        Category((Change.OTHER,), Change.OTHER.label, "st-sold"),
    ),
)

DIFFERENCES = Layer(
    name="differences",
    title=_("What changed between two days"),
    geometry=Geometry.POLYGON,
    rows=changed_rows,
    place_field="parcel__place",
    custodian_field="parcel__custodian",
    attributes=(
        Attribute("id", _("Identifier"), expression="parcel_id", arabic="المعرف"),
        Attribute("code", _("Internal code"), "parcel__parcel_code", in_tiles=False, arabic="الكود الداخلي"),
        Attribute("number", _("Parcel number"), "parcel_no_raw", min_zoom=15, arabic="رقم القطعة"),
        Attribute("was_number", _("Number before"), "was__parcel_no_raw", in_tiles=False, arabic="الرقم السابق"),
        Attribute("change", _("Change"), essential=True, choices=Change.choices, arabic="التغيير"),
        Attribute("changes", _("All changes"), in_tiles=False, arabic="كل التغييرات"),
        Attribute("status", _("Status"), "shown_status", choices=Status.choices, arabic="الموقف"),
        Attribute("was_status", _("Status before"), choices=Status.choices, in_tiles=False, arabic="الموقف السابق"),
        Attribute("custodian", _("Custodian"), "custodian__name_ar", in_tiles=False, arabic="جهة الولاية"),
        Attribute(
            "was_custodian",
            _("Custodian before"),
            "was__custodian__name_ar",
            in_tiles=False,
            arabic="جهة الولاية السابقة",
        ),
        Attribute("area_m2", _("Governing area, m²"), GOVERNING, in_tiles=False, arabic="المساحة المعتمدة م2"),
        Attribute(
            "was_area_m2", _("Area before, m²"), governing_of("was__"), in_tiles=False, arabic="المساحة السابقة م2"
        ),
        Attribute("use", _("Use"), "land_use", in_tiles=False, choices=LandUse.choices, arabic="الاستخدام"),
        Attribute(
            "was_use",
            _("Use before"),
            "was__land_use",
            in_tiles=False,
            choices=LandUse.choices,
            arabic="الاستخدام السابق",
        ),
        Attribute("basis", _("Basis"), in_tiles=False, arabic="السند"),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
        Attribute("place_name", _("Place"), "place__name_ar", in_tiles=False, arabic="المكان"),
    ),
    min_zoom=13,
    versions=("parcels",),
    filters={
        "since": iso_day,
        "since_known": iso_book,
        "on": iso_day,
        "known": iso_book,
        "place": place_code,
        "change": known(Change),
    },
    required_filters=frozenset({"since"}),
    themes=(CHANGE_THEME,),
    listed=False,
    label="number",
    unlabelled=(numbers.NONE,),
    order=35,
)


def declare_differences() -> None:
    """Hand the layer to the tiles."""
    register(DIFFERENCES)
