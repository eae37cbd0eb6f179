"""The layers of places: outlines and names, the map's own ground. Places are public: anyone on the staff sees them."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import PointField
from django.db.models import F, Func, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Place, User
from tiles.filters import place_code, within_place
from tiles.registry import Attribute, Filters, Geometry, Layer, register

# From which zoom on a kind is drawn and named.
OUTLINED_FROM = {
    "GOVERNORATE": 0,
    "MARKAZ": 7,
    "QISM": 7,
    "CITY": 7,
    "DISTRICT": 9,
    "NAHIA": 9,
    "SHIYAKHA": 9,
    "HOD": 11,
}


def kinds_at(z: int) -> list[str]:
    """Return the kinds of places that a zoom draws."""
    return [kind for kind, zoom in OUTLINED_FROM.items() if zoom <= z]


def places(user: User, filters: Filters) -> QuerySet[Any]:
    """Return the places with an outline that the zoom draws; filter: place (its code), with all below it."""
    found = Place.objects.filter(geom__isnull=False, closed_on__isnull=True)
    found = within_place(found, "pk", filters)
    return found.filter(kind__in=kinds_at(filters["z"])) if "z" in filters else found


def named(user: User, filters: Filters) -> QuerySet[Any]:
    """Return the same places with the point their name stands on."""
    middle = Func(F("geom_3857"), function="ST_Centroid", output_field=PointField(srid=3857))
    found: QuerySet[Any] = places(user, filters).annotate(middle=middle)
    return found


ATTRIBUTES = (
    Attribute("code", _("Place's code"), essential=True, arabic="كود المكان"),
    Attribute("kind", _("Kind"), essential=True, choices=Place.Kind.choices, arabic="نوع المكان"),
    Attribute("name_ar", _("Name"), essential=True, arabic="الاسم"),
    Attribute("name_en", _("Name in English"), essential=True, arabic="الاسم بالإنجليزية"),
)


def declare() -> None:
    """Register the layers of places and what this room records."""
    audit.declare("tiles.add_orthophoto", _("Orthophoto added"))
    shared: dict[str, Any] = {"attributes": ATTRIBUTES, "index_field": "geom", "id_attribute": "code"}
    shared["filters"] = {"place": place_code}
    register(Layer(name="places", title=_("Places"), geometry=Geometry.POLYGON, rows=places, order=0, **shared))
    register(
        Layer(
            name="placenames",
            title=_("Names of places"),
            geometry=Geometry.POINT,
            rows=named,
            geometry_field="middle",
            versions=("places",),
            order=90,
            **shared,
        )
    )
