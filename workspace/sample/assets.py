"""Invented assets: buildings with their units and shops on town plots, kiosks in streets, beaches along the coast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from parcels.codes import asset_code
from parcels.models import Asset, Holding, LandUse
from workspace.sample.facts import Tenure, new_id, reference
from workspace.sample.ground import land_of, lonlat, seed_of
from workspace.sample.mesh import ALONG, STRIP
from workspace.sample.plots import Plot, Site

Kind = Asset.Kind
BUILT = 0.09  # share of town plots on which a building of the state stands
KIOSKS = 0.25  # share of streets with a kiosk
ASSET = (
    *("id", "asset_code", "kind", "name_ar", "parcel_id", "parent_id", "place_id", "custodian_id", "street"),
    *("building_no", "floor", "unit_no", "area_m2", "geom", "status", "registered_on", "row_version", "invented"),
    "recorded_by_id",
)
REGISTERED_ON = dt.date(2012, 6, 1)
HELD: dict[str, tuple[str, float]] = {
    Kind.UNIT: (Holding.Kind.LEASE, 0.55),
    Kind.SHOP: (Holding.Kind.LEASE, 0.7),
    Kind.KIOSK: (Holding.Kind.USE_LICENCE, 0.75),
    Kind.BEACH: (Holding.Kind.USE_LICENCE, 0.8),
}


@dataclass
class Thing:
    """An asset before the register knows it."""

    id: str
    code: str
    kind: str
    name: str
    parcel: str | None
    parent: str | None
    street: str
    building: str
    floor: int | None
    unit: str
    area: float
    geom: str | None  # hexadecimal EWKB
    tenures: list[Tenure]


class Builder:
    """Puts assets on plots; numbers run through each quarter."""

    def __init__(self, seed: int, on: dt.date) -> None:
        self.rng, self.on = Random(f"assets {seed}"), on  # noqa: S311 - a sample, not a secret
        self.serials: dict[str, int] = {}

    def on_plot(self, site: Site, plot: Plot, use: str, parcel: str) -> Iterator[Thing]:
        """Yield the assets of a plot."""
        if not site.quarter.urban:
            return
        if plot.role == ALONG and self.rng.random() < KIOSKS:
            yield self._kiosk(site, plot, parcel)
        elif plot.role == STRIP and use in (LandUse.RESIDENTIAL, LandUse.COMMERCIAL) and self.rng.random() < BUILT:
            yield from self._building(site, plot, parcel)

    def beaches(self, site: Site) -> Iterator[Thing]:
        """Yield two or three beaches along the coast of a quarter."""
        for number, sand in enumerate(_sands(site), 1):
            name = f"شاطئ {site.quarter.name_ar} {number}"
            yield self._thing(site, Kind.BEACH, name, geom=_hex(sand), area=float(sand.area))

    def _kiosk(self, site: Site, plot: Plot, parcel: str) -> Thing:
        middle = shapely.Point(plot.ring[: len(plot.ring) // 2].mean(axis=0))
        name = f"كشك شارع {plot.street}"
        area = round(self.rng.uniform(4, 12), 2)
        return self._thing(site, Kind.KIOSK, name, parcel=parcel, street=plot.street, geom=_hex(middle), area=area)

    def _building(self, site: Site, plot: Plot, parcel: str) -> Iterator[Thing]:
        centre = plot.ring.mean(axis=0)
        walls = shapely.polygons(np.round(centre + (plot.ring - centre) * 0.82, 3))
        if not shapely.is_valid(walls):
            return
        name = f"عقار {plot.building} شارع {plot.street}"
        where: dict[str, Any] = {"parcel": parcel, "street": plot.street, "building": plot.building}
        whole = self._thing(site, Kind.BUILDING, name, geom=_hex(walls), area=float(walls.area), **where)
        yield whole
        where |= {"parent": whole.id}
        for number in range(1, self.rng.randrange(1, 4)):
            area = round(float(walls.area) / 4, 2)
            yield self._thing(site, Kind.SHOP, f"محل {number} {name}", floor=0, unit=str(number), area=area, **where)
        for floor in range(1, self.rng.randrange(1, 5)):
            area = round(float(walls.area) * 0.7, 2)
            yield self._thing(site, Kind.UNIT, f"شقة {floor} {name}", floor=floor, unit=str(floor), area=area, **where)

    def _thing(
        self,
        site: Site,
        kind: str,
        name: str,
        *,
        area: float,
        parcel: str | None = None,
        parent: str | None = None,
        street: str = "",
        building: str = "",
        floor: int | None = None,
        unit: str = "",
        geom: str | None = None,
    ) -> Thing:
        serial = self.serials[kind + site.code] = self.serials.get(kind + site.code, 0) + 1
        made = new_id(self.rng)
        code = asset_code(site.code, kind, serial)
        held = self._tenures(kind, serial)
        return Thing(made, code, kind, name, parcel, parent, street, building, floor, unit, area, geom, held)

    def _tenures(self, kind: str, serial: int) -> list[Tenure]:
        how, share = HELD.get(kind, ("", 0.0))
        if self.rng.random() >= share:
            return []
        starts = self.on - dt.timedelta(days=self.rng.randrange(30, 1000))
        return [Tenure(how, starts, starts.replace(year=starts.year + 3, day=1), reference(how, starts, serial))]


def _hex(geometry: BaseGeometry) -> str:
    earth = shapely.set_srid(shapely.transform(geometry, lonlat), 4326)
    told: str = shapely.to_wkb(earth, hex=True, include_srid=True)
    return told


def _sands(site: Site) -> Iterator[BaseGeometry]:
    """Yield strips of sand, some 25 m deep, along the coast that lies nearest to the middle of the quarter."""
    if not site.quarter.coastal:
        return
    land = land_of(site.code[:2])
    middle = shapely.Point(seed_of(site.quarter))
    coast = min((LineString(part.exterior) for part in shapely.get_parts(land)), key=middle.distance)
    here = coast.project(middle)
    for away in (-420, 0, 380):
        start = here + away
        sand = substring(coast, start, start + 260).buffer(25).intersection(site.territory)
        best = max(shapely.get_parts(sand), key=shapely.area, default=None)
        if best is not None and best.geom_type == "Polygon" and best.area > 800:
            yield best


def asset_row(thing: Thing, status: str, place: int, custodian: int, by: int) -> tuple[object, ...]:
    """Return the columns of an asset in the order of ASSET."""
    return (
        *(thing.id, thing.code, thing.kind, thing.name, thing.parcel, thing.parent, place, custodian, thing.street),
        *(thing.building, thing.floor, thing.unit, f"{thing.area:.4f}", thing.geom, status, REGISTERED_ON, 1, "t", by),
    )
