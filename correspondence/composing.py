"""What the file itself says in a memo: the land with its map, who holds it, what happened, opinions, the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from authority import clock
from authority.models import Role, User
from cases.land import Land, land_of
from cases.models import Case, Event
from cases.registry import act_title, kind_of, state_title, workflow_of
from cases.selectors import acts_for
from cases.showing import figures_of
from correspondence.models import Letter
from correspondence.selectors import letters_on
from correspondence.sources import in_full
from law.models import LegalRule
from law.registry import kinds as kinds_of_rules
from parcels import locks, shapes
from parcels.corners import corners_of
from parcels.models import ParcelVersion
from parcels.products import saying
from parcels.products.drawing import Sheet, Sketch, path, sheet_of, sketch
from parcels.products.ground import Ground, ground_of, srid_of
from ui import digits

WIDTH, HEIGHT = 170, 105  # mm
ROOM_M = 40.0  # around a point without an outline
Line = tuple[str, str]


@dataclass(frozen=True)
class Over:
    """What the register of the file has measured, drawn over the land: an outline, or a spot."""

    title: str
    path: str = ""
    spot: tuple[float, float] | None = None


@dataclass(frozen=True)
class Chart:
    """The map of the file, in mm."""

    sketch: Sketch
    crs: str
    over: list[Over]


@dataclass(frozen=True)
class Opinion:
    """What somebody wrote in the file."""

    who: str
    on: dt.date
    text: str


@dataclass(frozen=True)
class Happened:
    """One act on the file."""

    on: dt.date
    title: str
    who: str


@dataclass(frozen=True)
class Presented:
    """All that is read from the file."""

    heading: list[Line]
    identity: list[Line]
    areas: list[saying.AreaLine]
    law: list[Line]
    holders: list[Line]
    restricted: list[str]
    unchecked: list[str]
    barred: list[str]
    figures: list[Line]
    chart: Chart | None
    history: list[Happened]
    opinions: list[Opinion]
    papers: list[Line]
    letters: list[Letter]
    basis: list[Line]


def present(case: Case, user: User, at: dt.datetime, rules: list[int]) -> Presented:
    """Read the file as it stands."""
    land = land_of(case.parcel, case.asset)
    events = list(case.events.select_related("by").order_by("id"))
    parcel, version = land.parcel, land.version
    book = saying.restrictions(parcel) if parcel else {"hits": [], "unchecked": []}
    return Presented(
        heading=heading(case),
        identity=[*asset_lines(land), *(saying.identity(parcel, version) if parcel and version else ())],
        areas=saying.area_lines(version) if version else [],
        law=list(saying.law(version)) if version else [],
        holders=[*holders(case), *(saying.tenure(parcel, clock.day_of(at)) if parcel else ())],
        restricted=book["hits"],
        unchecked=book["unchecked"],
        barred=barred(land),
        figures=[(str(row.title), figure_words(row)) for row in figures_of(case, user) if row.value not in (None, "")],
        chart=chart_of(case, land, user),
        history=[happened(case, event) for event in events],
        opinions=opinions(case, events),
        papers=list(papers(case)),
        letters=list(letters_on(user, case=case.pk).exclude(serial=None)),
        basis=[*basis_of_acts(case, events, user, at), *basis_of_land(land), *cited(rules)],
    )


def heading(case: Case) -> list[Line]:
    """Return what names the file."""
    return [
        (_("File"), f"{kind_of(case.kind).title} {case.number}"),
        (_("Opened on"), digits.day(clock.day_of(case.opened_at))),
        (_("Stands at"), state_title(case.kind, case.state)),
        (_("Place"), " · ".join(str(one) for one in (case.place.parent, case.place) if one)),
    ]


def asset_lines(land: Land) -> list[Line]:
    """Return what names the asset of the file."""
    if land.asset is None:
        return []
    area = saying.metres(land.asset.area_m2)
    return [(_("Asset"), str(land.asset)), (_("Internal code"), land.asset.asset_code), (_("Area, m²"), area)]


def holders(case: Case) -> list[Line]:
    """Return who the file is about."""
    told = []
    if case.party is not None:
        told.append((_("Party of the file"), str(case.party)))
    if case.custodian is not None:
        told.append((_("Custodian"), str(case.custodian)))
    return told


def barred(land: Land) -> list[str]:
    """Say which suits bar what on the land."""
    if land.parcel is None:
        return []
    found = locks.locks([land.parcel.pk]).get(land.parcel.pk, [])
    return sorted({f"{one.why} ({locks_words(one.acts)})" for one in found})


def locks_words(acts: Any) -> str:
    """Name the acts that a suit bars."""
    return "، ".join(str(locks.Lockable(act).label) for act in sorted(acts))


def figure_words(row: Any) -> str:
    """Print a figure of the register of the file."""
    if isinstance(row.value, dt.datetime):
        return digits.day(clock.day_of(row.value))
    if isinstance(row.value, dt.date):
        return digits.day(row.value)
    if row.kind in ("area", "money"):
        return digits.figure(row.value, 2)
    return str(row.value)


def happened(case: Case, event: Event) -> Happened:
    """Say an act of the file in a line."""
    return Happened(clock.day_of(event.at), act_title(case.kind, event.act), who(event))


def who(event: Event) -> str:
    """Name who acted, in which role."""
    return f"{event.by.get_full_name() or event.by} — {Role(event.role).label}"


def opinions(case: Case, events: list[Event]) -> list[Opinion]:
    """Return what people wrote with their acts, and the papers that are words."""
    notes = [Opinion(who(event), clock.day_of(event.at), event.note) for event in events if event.note.strip()]
    written = case.papers.filter(withdrawn_at=None).exclude(text="").select_related("added_by")
    declared = kind_of(case.kind)
    texts = [
        Opinion(
            f"{declared.paper_title(one.kind)} {one.number}".strip(),
            one.dated_on or clock.day_of(one.added_at),
            one.text,
        )
        for one in written
    ]
    return sorted([*notes, *texts], key=lambda one: one.on)


def papers(case: Case) -> Iterator[Line]:
    """Yield the papers of the file with number and day."""
    declared = kind_of(case.kind)
    for one in case.papers.filter(withdrawn_at=None):
        day = digits.day(one.dated_on) if one.dated_on else ""
        yield declared.paper_title(one.kind), " — ".join(filter(None, (one.number, day))) or "—"


# ---- the law ---------------------------------------------------------------------------------------------------------


def basis_of_acts(case: Case, events: list[Event], user: User, at: dt.datetime) -> list[Line]:
    """Return the sources of the acts done and of those that can follow."""
    table = workflow_of(case)
    known = {act.name: act for act in (table.opening, *table.acts)}
    done = [known[event.act] for event in events if event.act in known]
    coming = [row.act for row in acts_for(case, user, at)]
    told: dict[str, str] = {}
    for act in (*done, *coming):
        if act.basis and act.name not in told:
            told[act.name] = in_full(act.basis)
    return [(act_title(case.kind, name), source) for name, source in told.items()]


def basis_of_land(land: Land) -> list[Line]:
    """Return the rules by which the land is restricted."""
    if land.parcel is None:
        return []
    rows = land.parcel.restrictions.filter(ended_on=None).exclude(basis="").select_related("layer")
    return [(str(row), row.basis) for row in rows if row.is_hit]


def rules_for(case: Case, at: dt.datetime) -> QuerySet[LegalRule]:
    """Return the rules in force today or on the day the file was opened."""
    rows = LegalRule.objects.filter(state=LegalRule.State.IN_FORCE, in_book=True)
    today = rows.filter(effective_range__contains=clock.day_of(at))
    return (today | rows.filter(effective_range__contains=clock.day_of(case.opened_at))).order_by("code", "regime")


def rule_title(rule: LegalRule) -> str:
    """Name a rule with its regime."""
    titles = {kind.code: str(kind.title) for kind in kinds_of_rules()}
    return " — ".join(filter(None, (titles.get(rule.code, rule.code), rule.regime)))


def cited(rules: list[int]) -> list[Line]:
    """Return the rules that the writer cites, with their source and since when they apply."""
    found = LegalRule.objects.filter(pk__in=rules).order_by("code", "regime")
    return [(rule_title(rule), f"{rule.source} ({_('in force from')} {since(rule)})") for rule in found]


def since(rule: LegalRule) -> str:
    """Print from when a rule applies."""
    lower = rule.effective_range.lower
    return digits.day(lower) if lower else "—"


# ---- the map ---------------------------------------------------------------------------------------------------------


def chart_of(case: Case, land: Land, user: User) -> Chart | None:
    """Draw the land among its neighbours, and over it what the register of the file has measured."""
    measured = shapes_of(case)
    version = land.version
    if version is None or version.geom is None:
        return bare_chart(case, measured)
    ground = ground_of(version, user) if version.source_geom else derived(version, version.geom)
    drawn = sketch(ground, corners_of(version), width=WIDTH, height=HEIGHT)
    return Chart(drawn, ground.crs, list(over(measured, ground, sheet_of(ground.own, WIDTH, HEIGHT))))


def derived(version: ParcelVersion, outline: GEOSGeometry) -> Ground:
    """Return land that has an outline but no coordinates of record: drawn from the outline alone."""
    srid = srid_of("EPSG:4326", version.place)
    return Ground(f"EPSG:{srid}", False, shapes.in_metres([bytes(outline.wkb)], srid)[0], [])


def shapes_of(case: Case) -> dict[str, GEOSGeometry]:
    """Return what the register has measured, or where the file stands."""
    declared = kind_of(case.kind).shapes
    found = {name: shape for name, shape in (declared(case) if declared else {}).items() if shape}
    if not found and case.geom is not None and not case.parcel_id:
        found["place"] = case.geom
    return found


def bare_chart(case: Case, measured: dict[str, GEOSGeometry]) -> Chart | None:
    """Draw a file whose land has no outline: the place it names, to scale."""
    if not measured:
        return None
    srid = srid_of("EPSG:4326", case.place)
    flat = [shapes.in_metres([bytes(shape.wkb)], srid)[0] for shape in measured.values()]
    around = shapely.box(*shapely.union_all(flat).buffer(ROOM_M).bounds)
    ground = Ground(f"EPSG:{srid}", False, around, [])
    sheet = sheet_of(around, WIDTH, HEIGHT)
    drawn = replace(sketch(ground, [], width=WIDTH, height=HEIGHT), own="")  # the frame is no parcel
    return Chart(drawn, ground.crs, list(over(measured, ground, sheet)))


def title_of(name: str) -> str:
    """Name what is drawn over the land."""
    titles = {"measured": _("measured on the ground"), "overlap": _("on the land"), "place": _("where the file stands")}
    return titles.get(name, name)


def over(measured: dict[str, GEOSGeometry], ground: Ground, sheet: Sheet) -> Iterator[Over]:
    """Yield what is drawn over the land, in mm."""
    srid = int(ground.crs.removeprefix("EPSG:"))
    for name, shape in measured.items():
        flat = shapes.in_metres([bytes(shape.wkb)], srid)[0]
        if shape.dims == 2:
            yield Over(title_of(name), path=path(sheet, flat))
        else:
            middle = flat.centroid
            x, y = sheet.put(middle.x, middle.y)
            yield Over(title_of(name), spot=(round(x, 2), round(y, 2)))
