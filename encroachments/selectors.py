"""Reads of encroachments: what lies under a place, what was reported near it."""

from __future__ import annotations

import datetime as dt

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.measure import D
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place, User
from authority.refusal import Invalid
from cases.models import Case
from cases.policies import cases_visible_to
from law.selectors import rule_on
from parcels.models import Asset, Parcel, ParcelVersion
from parcels.selectors import latest_versions

NEAR_M = 25  # a second report within these metres …
NEAR_DAYS = 90  # … and days is probably of the same thing (domain.md §8.3)
REPEAT = "encroachments.repeat"  # a row of legal_rule
DEGREE_M = 90_000  # at least so many metres has a degree in Egypt: a box for the index before the exact distance


def parcel_under(geom: GEOSGeometry) -> Parcel | None:
    """The parcel whose standing boundary holds the middle of the shape."""
    point = geom if geom.geom_type == "Point" else geom.point_on_surface
    version = ParcelVersion.objects.filter(in_book=True, geom__covers=point).select_related("parcel__place").first()
    return version.parcel if version else None


def outline_of(parcel: Parcel | None, asset: Asset | None) -> GEOSGeometry | None:
    """The standing outline of the land: the asset's own, else the parcel's; None where it has none."""
    own: GEOSGeometry | None = asset.geom if asset is not None else None
    if own is not None or parcel is None:
        return own
    below: GEOSGeometry | None = latest_versions(parcel).values_list("geom", flat=True).first()
    return below or None


def working_srid(governorate: str, shape: GEOSGeometry | None) -> int:
    """The metric system of the governorate; the zone of UTM under the shape where none is set."""
    srid = Place.objects.filter(code=governorate).values_list("working_srid", flat=True).first()
    return srid or (32635 if shape is not None and shape.centroid.x < 30 else 32636)


def place_under(geom: GEOSGeometry) -> Place:
    """The deepest place that holds the shape; raises Invalid where none does."""
    places = Place.objects.filter(geom__covers=geom.centroid, closed_on__isnull=True).order_by("-path")
    found = max(places, key=lambda place: place.path.count("."), default=None)
    if found is None:
        raise Invalid("no_place_here", _("No place of the register lies here."))
    return found


def near(*, user: User, geom: GEOSGeometry, at: dt.datetime) -> QuerySet[Case]:
    """Files of encroachments within 25 m and 90 days of a report, the nearest first: perhaps the same thing."""
    point = geom.centroid
    box = point.buffer(2 * NEAR_M / DEGREE_M)
    box.srid = 4326
    rows = cases_visible_to(user, Case.objects.filter(kind="encroachment", geom__bboverlaps=box))
    rows = rows.filter(opened_at__gte=at - dt.timedelta(days=NEAR_DAYS)).annotate(metres=Distance("geom", point))
    return rows.filter(metres__lte=D(m=NEAR_M)).order_by("metres")


def removed_before(*, parcel: Parcel | None, asset: Asset | None, at: dt.datetime) -> Case | None:
    """The last file on the same land that ended in removal within the days of the rule (encroachments.repeat)."""
    if parcel is None and asset is None:
        return None
    thing = Q(asset=asset) if asset is not None else Q(parcel=parcel)
    rows = Case.objects.filter(thing, kind="encroachment", state="CLOSED", closed_at__lte=at)
    days = rule_on(REPEAT, clock.day_of(at)).params["days"]
    return rows.filter(closed_at__gte=at - dt.timedelta(days=days)).order_by("-closed_at").first()
