"""Every write of encroachments; acts on a running file go through `cases.services.perform`."""

from __future__ import annotations

import datetime as dt

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from authority.refusal import Invalid
from cases import services as cases
from encroachments import selectors
from encroachments.models import Encroachment
from parcels.models import Asset, Parcel
from parties.models import Party

FAR_DEGREES = 0.01  # about a kilometre: swapped axes and a slip of the pen lie farther off


def require_near(parcel: Parcel | None, asset: Asset | None, geom: GEOSGeometry | None) -> None:
    """Raise Invalid for a place that lies far from the land it is reported on."""
    outline = selectors.outline_of(parcel, asset)
    if geom is not None and outline is not None and outline.distance(geom) > FAR_DEGREES:
        raise Invalid(
            "far_from_parcel", _("The place lies more than a kilometre away from the parcel."), field="geometry"
        )


@transaction.atomic
def report(
    *,
    by: User,
    at: dt.datetime,
    geom: GEOSGeometry | None = None,
    parcel: Parcel | None = None,
    asset: Asset | None = None,
    place: Place | None = None,
    party: Party | None = None,
    source: str = Encroachment.Source.PATROL,
    works: str = Encroachment.Works.OTHER,
    occupant_name: str = "",
    seen_on: dt.date | None = None,
    caught_in_progress: bool = False,
    note: str = "",
) -> Encroachment:
    """Report an encroachment by a point or a drawn area (EPSG:4326); the parcel under it is found if none is named.

    A report on land from which an encroachment was removed within two years opens a new file linked to the old one.
    """
    land = parcel or (selectors.parcel_under(geom) if geom is not None and asset is None else None)
    if land is None and asset is None and geom is None:
        raise Invalid("place_required", _("Say where it is: a parcel, or a place on the map."))
    require_near(land, asset, geom)
    where = place or (selectors.place_under(geom) if land is None and asset is None and geom is not None else None)
    former = selectors.removed_before(parcel=land, asset=asset, at=at)
    case = cases.open_case(
        kind="encroachment",
        by=by,
        at=at,
        parcel=land,
        asset=asset,
        place=where,
        party=party,
        geom=geom,
        facts={"source": source, "works": works, "seen_on": seen_on, "geometry": geom},
        prior=former,
        repeat=former is not None,
        note=note,
    )
    return Encroachment.objects.create(
        case=case,
        source=source,
        works=works,
        occupant_name=occupant_name,
        seen_on=seen_on,
        caught_in_progress=caught_in_progress,
    )
