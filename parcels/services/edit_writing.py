"""An accepted edit enters the book through its own acts, and leaves it through them again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from authority.clock import day_of
from authority.models import User
from authority.refusal import Conflict
from parcels import editing, shapes
from parcels.facts import Boundary
from parcels.models import Asset, EditProposal, EditShape, Parcel, ParcelVersion
from parcels.services.edit_plan import limits
from parcels.services.lineage import Part, merge_parcels, split_parcel
from parcels.services.versions import new_version

Kind = EditProposal.Kind
MADE = "edited on the map"  # how the coordinates came about (domain.md §0b.1)
NEW_ONES = frozenset({Kind.SPLIT, Kind.CUT, Kind.MERGE})
AREAS = ("deed_area_m2", "survey_area_m2")


def write_edit(proposal: EditProposal, rows: Sequence[EditShape], *, by: User, at: dt.datetime) -> None:
    """Write it and name in each row which parcel bears its shape now; inside the caller's transaction."""
    olds = [row for row in rows if row.parcel_id is not None]
    news = [row for row in rows if row.parcel_id is None]
    if proposal.kind == Kind.MERGE:
        _merge(proposal, olds, news[0], by=by, at=at)
    elif proposal.kind in NEW_ONES:
        _split(proposal, olds[0], news, by=by, at=at)
    else:
        for row in olds:
            _redraw(proposal, row, by=by, at=at)


def _split(proposal: EditProposal, old: EditShape, news: Sequence[EditShape], *, by: User, at: dt.datetime) -> None:
    parcel = _parcel(old)
    assets = _assets_by_shape([parcel], [bytes(row.after or b"") for row in news], proposal.working_srid)
    parts = [Part(row.number, _drawn(proposal, row), assets=assets[i]) for i, row in enumerate(news)]
    made = split_parcel(
        by=by, at=at, parcel=parcel.pk, parts=parts, on=proposal.on, basis=proposal.basis, expected=old.row_version
    )
    for row, new in zip(news, made, strict=True):
        row.made = new


def _merge(proposal: EditProposal, olds: Sequence[EditShape], new: EditShape, *, by: User, at: dt.datetime) -> None:
    new.made = merge_parcels(
        by=by, at=at, parcels=[_parcel(row) for row in olds], number=new.number, on=proposal.on,
        boundary=_drawn(proposal, new), basis=proposal.basis,
    )  # fmt: skip


def _redraw(proposal: EditProposal, row: EditShape, *, by: User, at: dt.datetime) -> None:
    """Write the new boundary; the area that a survey measured of the old one no longer stands."""
    row.made = new_version(
        by=by, at=at, parcel=_parcel(row).pk, on=proposal.on, boundary=_drawn(proposal, row),
        facts={"survey_area_m2": None}, basis=proposal.basis, expected=row.row_version,
    )  # fmt: skip


def _drawn(proposal: EditProposal, row: EditShape) -> Boundary:
    return Boundary(bytes(row.after or b""), f"EPSG:{proposal.working_srid}", made=MADE)


def _parcel(row: EditShape) -> Parcel:
    assert row.parcel is not None  # noqa: S101 - rows of standing parcels only
    return row.parcel


def _assets_by_shape(parcels: Sequence[Parcel], wkbs: Sequence[bytes], srid: int) -> Mapping[int, list[UUID]]:
    """Return for each shape the assets that lie on it; what has no place of its own is left to say by hand."""
    found: defaultdict[int, list[UUID]] = defaultdict(list)
    pieces: list[Any] = list(shapely.from_wkb(list(wkbs)))
    for asset in Asset.objects.filter(parcel__in=parcels, closed_on=None).exclude(geom=None).order_by("pk"):
        (lying,) = shapes.in_metres([bytes(asset.geom.wkb)], srid)  # type: ignore[union-attr]  # excluded above
        nearest = min(range(len(pieces)), key=lambda i: float(pieces[i].distance(lying.representative_point())))
        found[nearest].append(asset.pk)
    return found


# ---- undoing ---------------------------------------------------------------------------------------------------------


def restore(proposal: EditProposal, rows: Sequence[EditShape], *, by: User, at: dt.datetime) -> None:
    """Write the former boundaries again, as they stood in their own system."""
    olds = [row for row in rows if row.parcel_id is not None]
    news = [row for row in rows if row.parcel_id is None]
    _require_room(rows)
    if proposal.kind == Kind.MERGE:
        _split_again(proposal, olds, news[0], by=by, at=at)
    elif proposal.kind in NEW_ONES:
        _merge_again(proposal, olds[0], news, by=by, at=at)
    else:
        for row in olds:
            _redraw_again(proposal, row, by=by, at=at)


def _redraw_again(proposal: EditProposal, row: EditShape, *, by: User, at: dt.datetime) -> None:
    stood = _stood(row)
    new_version(
        by=by, at=at, parcel=_parcel(row).pk, on=proposal.on, kind="correction", boundary=_former(stood),
        facts={"survey_area_m2": stood.survey_area_m2}, basis=_basis(proposal),
    )  # fmt: skip


def _merge_again(
    proposal: EditProposal, old: EditShape, news: Sequence[EditShape], *, by: User, at: dt.datetime
) -> None:
    stood = _stood(old)
    merge_parcels(
        by=by, at=at, parcels=[row.made_id for row in news if row.made_id], number=stood.parcel_no_raw,
        on=_day_after(proposal, at), boundary=_former(stood), facts=_areas(stood), basis=_basis(proposal),
    )  # fmt: skip


def _split_again(
    proposal: EditProposal, olds: Sequence[EditShape], new: EditShape, *, by: User, at: dt.datetime
) -> None:
    merged = new.made
    assert merged is not None  # noqa: S101 - an accepted merge made one
    assets = _assets_by_shape([merged], [bytes(row.before or b"") for row in olds], proposal.working_srid)
    parts = [
        Part(_stood(row).parcel_no_raw, _former(_stood(row)), facts=_areas(_stood(row)), assets=assets[i])
        for i, row in enumerate(olds)
    ]
    split_parcel(
        by=by, at=at, parcel=merged.pk, parts=parts, on=_day_after(proposal, at), basis=_basis(proposal),
        expected=new.made_version,
    )  # fmt: skip


def _require_room(rows: Sequence[EditShape]) -> None:
    """Refuse where the former outlines would cover land outside the edited ones that is another's by now."""
    before: list[Any] = [shapely.from_wkb(bytes(row.before)) for row in rows if row.before is not None]
    after: list[Any] = [shapely.from_wkb(bytes(row.after)) for row in rows if row.after is not None]
    freed = shapely.union_all(before).difference(shapely.union_all(after))
    if freed.area <= limits().overlap_area_m2:
        return
    srid = rows[0].proposal.working_srid
    (lonlat,) = shapes.from_working([freed], srid)
    land = GEOSGeometry(memoryview(shapely.to_wkb(lonlat)), srid=4326)
    own = {row.made_id for row in rows} | {row.parcel_id for row in rows}
    near = ParcelVersion.objects.filter(in_book=True, parcel__closed_on=None, geom__bboverlaps=land)
    for other in near.exclude(parcel__in=[pk for pk in own if pk]).select_related("parcel"):
        (shape,) = shapes.in_metres([bytes(other.geom.wkb)], srid)  # type: ignore[union-attr]  # it overlaps something
        if editing.new_overlaps(after, before, [shape], limits()):
            raise Conflict(
                "edit_built_on", _("Parcel %(thing)s was changed since: something was built on this edit."),
                thing=other.parcel.parcel_code,
            )  # fmt: skip


def _stood(row: EditShape) -> ParcelVersion:
    assert row.stood is not None  # noqa: S101 - rows of standing parcels only
    return row.stood


def _former(stood: ParcelVersion) -> Boundary:
    """Return a boundary of record as it stood, with all that was said of it."""
    named = bool(shapes.NAME.fullmatch(stood.source_crs or ""))
    return Boundary(
        bytes(stood.source_geom or b""), stood.source_crs, made=stood.source_made, frame=stood.source_frame,
        operation="" if named and stood.transform_op == shapes.NO_SHIFT else stood.transform_op,
        lonlat=None if named or stood.geom is None else bytes(stood.geom.wkb),
        lonlat_accuracy_m=stood.transform_accuracy_m, method=stood.survey_method, accuracy_m=stood.survey_accuracy_m,
        file=stood.source_file, row=stood.source_row, encoding=stood.source_encoding,
        attributes=stood.source_attributes,
    )  # fmt: skip


def _areas(stood: ParcelVersion) -> dict[str, Any]:
    return {name: stood.__dict__[name] for name in AREAS}


def _basis(proposal: EditProposal) -> str:
    return proposal.undone_why[:200] or proposal.basis


def _day_after(proposal: EditProposal, at: dt.datetime) -> dt.date:
    """Return the first day on which the parcels that came to be can end again: they lived a day at least."""
    return max(day_of(at), proposal.on + dt.timedelta(days=1))
