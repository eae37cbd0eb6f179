"""An edit worked out, and nothing written: the shapes that come to be, and what has to be told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from django.conf import settings
from django.contrib.gis.geos import Polygon as Box
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from shapely import Polygon

from authority.models import Place, User
from authority.policies import scope_of
from authority.refusal import Conflict, Invalid
from parcels import editing, numbers, shapes
from parcels.edit_asked import XY, Asked, point_of, side_of, target, wanted_areas
from parcels.edit_refusals import in_words
from parcels.editing import Limits
from parcels.models import EditProposal, Holding, Parcel, ParcelVersion
from parcels.policies import KEEPERS, may_see, require_keeper
from parcels.selectors import parcel_by_id

Kind = EditProposal.Kind
MOST_PARCELS = 50
NEAR_DEGREES = 2e-5  # about 2 m: who lies that near is looked at
ONE = frozenset({Kind.DRAW, Kind.SPLIT, Kind.CUT, Kind.CORNER})


@dataclass(frozen=True)
class Lying:
    """A parcel as the book has it that day, in the working system."""

    version: ParcelVersion
    shape: Polygon

    @property
    def parcel(self) -> Parcel:
        """The parcel."""
        return self.version.parcel


@dataclass(frozen=True)
class Change:
    """What becomes of a parcel, or a parcel that comes to be; shapes in the working system."""

    before: Lying | None
    after: Polygon | None
    number: str = ""  # proposed for a new one

    @property
    def area_before(self) -> Decimal | None:
        """m² before."""
        return None if self.before is None else _m2(self.before.shape.area)

    @property
    def area_after(self) -> Decimal | None:
        """m² after."""
        return None if self.after is None else _m2(self.after.area)


@dataclass(frozen=True)
class Plan:
    """A whole edit."""

    asked: Asked
    place: Place
    srid: int
    changes: list[Change]
    told: list[dict[str, Any]] = field(default_factory=list)

    def shapes(self, side: str) -> list[Polygon]:
        """Return the shapes `before` or `after`."""
        if side == "before":
            return [one.before.shape for one in self.changes if one.before is not None]
        return [one.after for one in self.changes if one.after is not None]


def limits() -> Limits:
    """Return what is too little to be land, of the settings."""
    return Limits(**settings.EDIT_LIMITS)


def plan_edit(*, by: User, asked: Asked, on: dt.date) -> Plan:
    """Work an edit out as the book stands; nothing is written.

    Raise NotFound for a parcel out of sight, NotAllowed, Invalid `edit_*`, Conflict `edit_overlaps`,
    `edit_neighbour_of_others`, `edit_too_many_neighbours`, `edit_not_located`, `parcel_closed`.
    """
    olds = [_lying(parcel_by_id(one, by), on) for one in _chosen(asked)]
    place, srid = _ground([old.parcel for old in olds])
    for old in olds:
        require_keeper(by, old.parcel.place, old.parcel.custodian_id)
    drawn = [*shapes.points_in_working(asked.points, asked.crs, srid)]
    typed = None if asked.to is None else shapes.points_in_working([asked.to], asked.to_crs or asked.crs, srid)[0]
    with in_words():
        whole = [editing.require_sound(old.shape) for old in olds]
        around = _around([old.version for old in olds], _reach(asked, whole, drawn, typed), srid, on)
        changes, told = _work(asked, olds, around, drawn, typed)
        plan = Plan(asked, place, srid, changes, told)
        editing.require_inside(plan.shapes("after"), _governorate(place, srid), limits())
    _require_all_kept(by, changes)
    return _looked_over(plan, around, by, on)


def _chosen(asked: Asked) -> list[Any]:
    chosen = sorted(set(asked.parcels))
    wanted = 1 if asked.kind in ONE else 2
    if len(chosen) < wanted or (len(chosen) > wanted and asked.kind != Kind.MERGE) or len(chosen) > MOST_PARCELS:
        raise Invalid("edit_parcels_count", _("Choose the parcels this edit needs: %(wanted)s."), wanted=wanted)
    return list(asked.parcels) if len(chosen) == len(asked.parcels) else chosen


def _lying(parcel: Parcel, on: dt.date) -> Lying:
    if parcel.closed_on is not None:
        raise Conflict(
            "parcel_closed", _("Parcel %(thing)s was closed on %(on)s; its successors are in its file."),
            thing=parcel.parcel_code, on=parcel.closed_on,
        )  # fmt: skip
    rows = ParcelVersion.objects.filter(parcel=parcel, in_book=True, legal_range__contains=on)
    version = rows.select_related("parcel__place", "parcel__custodian").first()
    if version is None:
        raise Conflict(
            "no_version_then", _("The book says nothing of parcel %(thing)s on %(on)s."),
            thing=parcel.parcel_code, on=on,
        )  # fmt: skip
    if version.geom is None:
        raise Conflict("edit_not_located", _("Parcel %(thing)s has no outline yet."), thing=parcel.parcel_code)
    return Lying(version, shape_of(version, _ground([parcel])[1]))


def shape_of(version: ParcelVersion, srid: int) -> Any:
    """Return a version's boundary in the working system: that of record, else the derived one."""
    if version.source_geom and shapes.NAME.fullmatch(version.source_crs or ""):
        moved = shapes.in_working(bytes(version.source_geom), version.source_crs, version.transform_op, srid)
    else:
        (moved,) = shapes.in_metres([bytes(version.geom.wkb) if version.geom else b""], srid)
    parts = shapely.get_parts(moved)
    return parts[0] if len(parts) == 1 else moved


def _ground(parcels: Sequence[Parcel]) -> tuple[Place, int]:
    codes = {one.place.governorate_code for one in parcels}
    if len(codes) > 1:
        raise Invalid("bulk_governorates", _("They lie in several governorates: one at a time."))
    place = Place.objects.get(code=codes.pop())
    if place.working_srid is None:
        raise Conflict("edit_no_working_system", _("The governorate has no metric working system yet."))
    return place, place.working_srid


def _governorate(place: Place, srid: int) -> Any:
    return None if place.geom is None else shapes.in_metres([bytes(place.geom.wkb)], srid)[0]


# ---- who lies around -------------------------------------------------------------------------------------------------


def _reach(asked: Asked, whole: Sequence[Polygon], drawn: Sequence[XY], typed: XY | None) -> Any:
    """Return the land that the edit can touch."""
    parts: list[Any] = list(whole)
    if asked.kind == Kind.DRAW and drawn:
        parts.append(shapely.multipoints(list(drawn)))
    if asked.kind == Kind.CORNER and drawn:
        to = shapely.Point(target(asked, drawn[0], typed))
        parts += [to] if whole[0].distance(to) <= editing.FARTHEST_M else []  # farther is refused later on
    return shapely.union_all(parts)


def _around(chosen: Sequence[ParcelVersion], reach: Any, srid: int, on: dt.date) -> list[Lying]:
    """Return all parcels around, whoever keeps them: land has neighbours that one may not see."""
    (lonlat,) = shapes.from_working([shapely.box(*reach.bounds)], srid)
    west, south, east, north = lonlat.bounds
    box = Box.from_bbox((west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES))
    rows = ParcelVersion.objects.filter(in_book=True, legal_range__contains=on, geom__bboverlaps=box)
    rows = rows.exclude(parcel__in=[one.parcel_id for one in chosen]).select_related(
        "parcel__place", "parcel__custodian"
    )
    found = list(rows.order_by("pk")[: settings.EDIT_NEIGHBOURS + 1])
    if len(found) > settings.EDIT_NEIGHBOURS:
        raise Conflict("edit_too_many_neighbours", _("Too many parcels lie around: edit a smaller piece."))
    lying = [Lying(row, shape_of(row, srid)) for row in found]
    if sum(shapely.get_num_coordinates(one.shape) for one in lying) > settings.EDIT_CORNERS:
        raise Conflict("edit_too_many_neighbours", _("Too many parcels lie around: edit a smaller piece."))
    return [one for one in lying if isinstance(one.shape, Polygon) and one.shape.is_valid]


# ---- each kind -------------------------------------------------------------------------------------------------------

Worked = tuple[list[Change], list[dict[str, Any]]]


def _work(asked: Asked, olds: Sequence[Lying], around: Sequence[Lying], drawn: list[XY], typed: XY | None) -> Worked:
    neighbours = [one.shape for one in around]
    snapped = editing.snap_line(drawn, neighbours, limits().snap_m) if asked.snap else drawn
    if asked.kind == Kind.MERGE:
        return _merged(asked, olds)
    if asked.kind == Kind.CORNER:
        return _cornered(asked, olds[0], around, drawn, typed)
    if asked.kind == Kind.BOUNDARY:
        (one, other), _union = editing.change_boundary(olds[0].shape, olds[1].shape, drawn, limits())
        return [Change(olds[0], one), Change(olds[1], other)], []
    if asked.kind == Kind.DRAW:
        if len(snapped) < 3:
            raise editing.EditError("outline_empty")
        return [Change(olds[0], _outline(snapped))], []
    return _split(asked, olds[0], drawn), []


def _outline(points: Sequence[XY]) -> Polygon:
    """Return a drawn outline, closed; raise `outline_crosses_itself`, `sliver`."""
    made = editing.require_sound(Polygon(points))
    editing.refuse_slivers([made], limits())
    return made


def _split(asked: Asked, old: Lying, line: list[XY]) -> list[Change]:
    if asked.kind == Kind.SPLIT:
        pieces = editing.split_by_line(old.shape, line, limits())
    else:
        wanted = wanted_areas(asked, old.shape.area)
        pieces = editing.cut_areas(old.shape, wanted, side_of(asked, old.shape), limits())
    named = [Change(None, piece, _numbered(old.version, i + 1)) for i, piece in enumerate(pieces)]
    return [Change(old, None), *named]


def _numbered(version: ParcelVersion, serial: int) -> str:
    """Return a number for a piece, as surveyors give it: 12 becomes 12/1, 12/2; what cannot bear one is left open."""
    proposed = f"{version.parcel_no_raw}/{serial}"
    return proposed if numbers.read(proposed)[0].main is not None else ""


def _merged(asked: Asked, olds: Sequence[Lying]) -> Worked:
    made = editing.merge([old.shape for old in olds], limits(), holes_allowed=asked.holes)
    told = [{"code": "holes_made", "count": made.holes}] if made.holes else []
    if made.filled_m2 > 1e-4:
        told.append({"code": "gap_closed", "area": f"{made.filled_m2:.2f}"})
    return [*(Change(old, None) for old in olds), Change(None, made.shape, olds[0].version.parcel_no_raw)], told


def _cornered(asked: Asked, old: Lying, around: Sequence[Lying], drawn: Sequence[XY], typed: XY | None) -> Worked:
    if len(drawn) != 1:
        raise Invalid("edit_corner_missing", _("Choose the corner that moves."), field="points")
    corner, _missed = editing.nearest_corner(old.shape, drawn[0])
    shapes_around = [one.shape for one in around]
    to = target(asked, corner, typed)
    if asked.snap and typed is None and asked.distance is None:
        to = editing.snap(to, shapes_around, limits().snap_m).at
    own, changed = editing.move_corner(old.shape, shapes_around, drawn[0], to, limits())
    return [Change(old, own), *(Change(around[i], new) for i, new in changed.items())], []


# ---- what is told of it ----------------------------------------------------------------------------------------------


def _require_all_kept(by: User, changes: Sequence[Change]) -> None:
    """Refuse where a neighbour that would have to follow is kept by others: that is theirs to propose."""
    scope = scope_of(by)
    for change in changes:
        one = change.before
        if one is not None and not scope.allows(KEEPERS, one.parcel.place, one.parcel.custodian_id):
            raise Conflict(
                "edit_neighbour_of_others",
                _("A neighbour in the custody of %(custodian)s would have to follow; its book is kept by others."),
                custodian=str(one.parcel.custodian),
            )  # fmt: skip


def _looked_over(plan: Plan, around: Sequence[Lying], by: User, on: dt.date) -> Plan:
    own = {one.before.parcel.pk for one in plan.changes if one.before is not None}
    rest = [one for one in around if one.parcel.pk not in own]
    lying = [one.shape for one in rest]
    before, after = plan.shapes("before"), plan.shapes("after")
    for i, area in editing.new_overlaps(before, after, lying, limits()).items():
        raise Conflict(
            "edit_overlaps", _("It would overlap %(thing)s by %(area)s m²."), thing=_named(rest[i], by), area=area
        )
    for i in editing.touched(before, after, lying, limits()):
        plan.told.append({"code": "corner_on_neighbour", "parcel": _named(rest[i], by)})
    plan.told.extend(_held(own, on))
    return plan


def _named(one: Lying, by: User) -> str:
    """Return a neighbour's code; of one out of sight only who has its custody."""
    if may_see(by, one.parcel):
        return one.parcel.parcel_code
    return _now("a parcel of %(custodian)s") % {"custodian": one.parcel.custodian}


def _held(parcels: set[Any], on: dt.date) -> list[dict[str, Any]]:
    rows = Holding.objects.filter(parcel__in=parcels, in_book=True, legal_range__contains=on).select_related("parcel")
    return [
        {"code": "held", "parcel": row.parcel.parcel_code, "kind": row.kind, "reference": row.reference}
        for row in rows.order_by("pk")
        if row.parcel is not None
    ]


def _m2(area: float) -> Decimal:
    return Decimal(f"{area:.4f}")


def require_same(plan: Plan, kept: Sequence[bytes]) -> None:
    """Raise Conflict `edit_outdated` where the edit, worked out anew, is not what was proposed."""
    fresh = plan.shapes("after")
    told = [shapely.from_wkb(one) for one in kept]
    same = len(fresh) == len(told) and all(
        float(one.symmetric_difference(other).area) <= 0.001 for one, other in zip(fresh, told, strict=True)
    )
    if not same:
        raise Conflict("edit_outdated", _("The land around has changed since it was proposed: propose it anew."))


def trace_along(
    *,
    by: User,
    parcel: UUID,
    on: dt.date,
    start: Sequence[float],
    end: Sequence[float],
    crs: str = "EPSG:4326",
    longer: bool = False,
) -> list[tuple[float, float]]:
    """Return the way along a parcel's outline between two points near it, in degrees; nothing is written.

    Raise NotFound, Invalid `edit_trace_*`, `crs_unknown`, Conflict `edit_not_located`.
    """  # fmt: skip
    one = _lying(parcel_by_id(parcel, by), on)
    _place, srid = _ground([one.parcel])
    ends = shapes.points_in_working([point_of(start), point_of(end)], crs, srid)
    with in_words():
        way = editing.trace(editing.require_sound(one.shape), ends[0], ends[1], limits().snap_m, longer=longer)
    (lonlat,) = shapes.from_working([shapely.LineString(way)], srid)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(lonlat)]
