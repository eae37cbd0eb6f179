"""Makes the places of the two governorates and says where land is laid out, and how much of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from authority.models import Place
from authority.reference.loading import load_places
from workspace.sample.gazetteer import TREES, District, Quarter
from workspace.sample.ground import on_earth, territories
from workspace.sample.plots import Hod, Site

SHARE_OF_ALEXANDRIA = 0.45
FEW = 90  # no quarter gets fewer plots than this


def as_multi(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a geometry as one multipolygon."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return MultiPolygon(parts)


def geos(geometry: BaseGeometry) -> Any:
    """Return a geometry of the belt for the database, in 4326."""
    return GEOSGeometry(memoryview(on_earth(as_multi(geometry)).wkb), srid=4326)


def make_places(seed: int) -> list[Site]:
    """Make governorates, districts and quarters; return the sites in the order of the gazetteer."""
    load_places()
    sites: list[Site] = []
    for governorate, tree in TREES.items():
        parent = Place.objects.get(code=governorate)
        lands = iter(territories(governorate))
        for district in tree:
            mine = [next(lands) for _ in district.quarters]
            sites += _district(parent, district, mine, seed)
    return sites


def _district(parent: Place, district: District, lands: list[MultiPolygon], seed: int) -> list[Site]:
    place = _place(
        parent,
        district.code,
        district.kind,
        district.name_ar,
        district.name_en,
        district.aliases,
        shapely.union_all(lands),
    )
    sites = []
    for number, (quarter, land) in enumerate(zip(district.quarters, lands, strict=True), 1):
        code = f"{district.code}{number:04d}"
        kind = Place.Kind.SHIYAKHA if quarter.urban else Place.Kind.NAHIA
        _place(place, code, kind, quarter.name_ar, quarter.name_en, quarter.aliases, land)
        sites.append(Site(code, quarter, land, _angle(code, quarter), seed))
    return sites


def _angle(code: str, quarter: Quarter) -> float:
    """Return how the frame of a quarter is turned: along the coast in Alexandria, any way elsewhere."""
    stray = float(np.random.default_rng(int(code)).uniform(-0.25, 0.25))
    return (0.66 if code.startswith("02") else -0.1) + stray * (0.6 if quarter.urban else 1.4)


def _place(
    parent: Place, code: str, kind: str, name_ar: str, name_en: str, aliases: Iterable[str], land: BaseGeometry
) -> Place:
    return Place.objects.create(
        parent=parent,
        code=code,
        kind=kind,
        name_ar=name_ar,
        name_en=name_en,
        aliases=list(aliases),
        path=f"{parent.path}.{code}",
        geom=geos(land),
    )


def make_hods(hods: Iterable[Hod]) -> dict[str, int]:
    """Make the hods of one nahia; return their ids by code."""
    hods = list(hods)
    if not hods:
        return {}
    parent = Place.objects.get(code=hods[0].code[:8])
    made = Place.objects.bulk_create(
        [
            Place(
                parent=parent,
                code=hod.code,
                kind=Place.Kind.HOD,
                name_ar=hod.name,
                hod_no=hod.number,
                hod_section=hod.section,
                path=f"{parent.path}.{hod.code}",
                geom=geos(Polygon(hod.ring)),
            )
            for hod in hods
        ],
        batch_size=500,
    )
    return {one.code: one.pk for one in made}


def shares(sites: list[Site], wanted: int) -> Iterator[tuple[Site, int]]:
    """Yield the sites with the number of plots that each is to hold; the smallest come first.

    A small sample uses few quarters of each district, so that each has enough land to look at.
    """
    of_alexandria = [site for site in sites if site.code.startswith("02")]
    of_ismailia = [site for site in sites if site.code.startswith("19")]
    first = round(wanted * SHARE_OF_ALEXANDRIA)
    for some, count in ((of_alexandria, first), (of_ismailia, wanted - first)):
        used = _in_turn(some)[: max(1, min(len(some), count // FEW))]
        used.sort(key=lambda site: site.territory.area)
        each, rest = divmod(count, len(used))
        yield from ((site, each + (1 if order < rest else 0)) for order, site in enumerate(used))


def _in_turn(sites: list[Site]) -> list[Site]:
    """Take one quarter of each district in turn."""
    districts = [list(some) for _, some in itertools.groupby(sites, key=lambda site: site.code[:4])]
    rounds = itertools.zip_longest(*districts)
    return [site for turn in rounds for site in turn if site is not None]
