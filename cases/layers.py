"""The map layer of files: where they stand, coloured by kind and stage, with the reader's rights."""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, DecimalField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authority.models import User
from cases.models import Case
from cases.policies import cases_visible_to
from cases.registry import kinds
from cases.told import LAYER
from tiles.filters import place_code, slug, within_place
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme, register

CLOSED = "closed"


def look_name(kind: str, number: int) -> str:
    """The name under which a line of the legend stands in tiles and counts."""
    return f"{kind}.{number}"


def look() -> Choice:
    """The line of the legend of each row."""
    lines = [
        When(kind=kind.kind, state__in=line.states, then=Value(look_name(kind.kind, number)))
        for kind in kinds()
        for number, line in enumerate(kind.looks)
    ]
    return Choice(*lines, default=Value(CLOSED), output_field=CharField())


def case_rows(user: User, filters: Filters) -> QuerySet[Any]:
    """The open files that the reader may see and that have a place; filters: kind, state, place, custodian."""
    rows = cases_visible_to(user, Case.objects.filter(closed_at__isnull=True, geom__isnull=False))
    for name, path in CASE_FILTERS.items():
        if name in filters:
            rows = rows.filter(**{path: filters[name]})
    found: QuerySet[Any] = within_place(rows, "place", filters).annotate(look=look())
    return found


CASE_FILTERS = {"kind": "kind", "state": "state", "custodian": "custodian__code"}


def counted(governorate: str) -> QuerySet[Any]:
    """Counts per place, custodian and line of the legend."""
    rows = Case.objects.filter(closed_at__isnull=True, geom__isnull=False, governorate=governorate)
    return (
        rows.annotate(category=look())
        .values("place_id", "custodian_id", "category")
        .annotate(count=Count("pk"), area_m2=Cast(Value(0), DecimalField(max_digits=20, decimal_places=4)))
    )


def categories() -> tuple[Category, ...]:
    """The lines of the legend, as the registers declare them."""
    return tuple(
        Category((look_name(kind.kind, number),), line.title, line.colour, Pattern(line.pattern))
        for kind in kinds()
        for number, line in enumerate(kind.looks)
    )


def kind_titles() -> list[tuple[str, Any]]:
    """The kinds of files with their words."""
    return [(kind.kind, kind.title) for kind in kinds()]


def state_titles() -> list[tuple[str, str]]:
    """The stages of all kinds with their words; no two kinds mean different things by one name."""
    states = {row.name: gettext(row.title) for kind in kinds() for row in kind.workflow.states}
    return list(states.items())


def word(text: str) -> str:
    """Read a kind or a state: a short word of letters."""
    if not (0 < len(text) <= 40 and text.isascii() and text.replace("_", "").isalpha()):
        raise ValueError(text)
    return text


CASES = Layer(
    name=LAYER,
    title=_("Leases and encroachments"),
    geometry=Geometry.MIXED,
    rows=case_rows,
    attributes=(
        Attribute("id", _("Identifier"), arabic="المعرف"),
        Attribute("kind", _("Kind of file"), essential=True, choices=kind_titles, arabic="نوع الملف"),
        Attribute("number", _("File number"), min_zoom=14, arabic="رقم الملف"),
        Attribute("state", _("Stage"), essential=True, choices=state_titles, arabic="الموقف"),
        Attribute("look", _("Kind and stage"), essential=True, in_exports=False),
        Attribute("parcel", _("Parcel"), "parcel__parcel_code", min_zoom=14, arabic="كود القطعة"),
        Attribute("parcel_id", _("Parcel"), "parcel_id", min_zoom=12, in_exports=False),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
        Attribute("place_name", _("Place"), "place__name_ar", in_tiles=False, arabic="المكان"),
        Attribute("custodian", _("Custodian"), "custodian__name_ar", in_tiles=False, arabic="جهة الولاية"),
        Attribute("party", _("Party"), "party__name_ar", in_tiles=False, arabic="الطرف"),
        Attribute("opened_at", _("Opened"), in_tiles=False, arabic="تاريخ القيد"),
        Attribute("due_on", _("Deadline"), in_tiles=False, arabic="الميعاد"),
        Attribute("repeat", _("Repeated"), in_tiles=False, arabic="تكرار"),
    ),
    min_zoom=12,
    summarise=counted,
    filters={"kind": word, "state": word, "place": place_code, "custodian": slug},
    themes=(Theme("stage", _("Kind and stage"), "look", categories),),
    label="number",
    order=60,
)


def declare() -> None:
    """Hand the layer to the tiles; the registers above bring the lines of its legend."""
    register(CASES)
