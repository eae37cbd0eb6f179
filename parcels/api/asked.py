"""What a request asks of the register: filters of a list, bodies of writes; a mistake is refused by its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place
from authority.moments import iso_book, iso_day
from authority.refusal import Invalid
from authority.rest.queries import BadParameter
from parcels import codes, numbers
from parcels.facts import FACTS, Boundary
from parcels.layers import known
from parcels.models import Asset, LandUse, OwnershipClass, ParcelVersion, Status, SurveyMethod
from parcels.shapes import geojson_wkb
from search import outline
from tiles.filters import place_code, slug, within_place

T = TypeVar("T")
MOST_TEXT = 200


# ---- lists -----------------------------------------------------------------------------------------------------------


def number(text: str) -> str:
    """Read a parcel number in its one spelling."""
    return numbers.read(text[:MOST_TEXT])[1]


def code(text: str) -> str:
    """Read an internal code as typed."""
    return codes.clean(text[:MOST_TEXT])


PARCEL_FILTERS: dict[str, Callable[[str], Any]] = {
    "place": place_code,
    "status": known(Status),
    "use": known(LandUse),
    "ownership": known(OwnershipClass),
    "custodian": slug,
    "number": number,
    "code": code,
    "bbox": outline.box,
    "as_of": iso_day,
    "known_at": iso_book,
}
PATHS = {
    "status": "shown_status",
    "use": "land_use",
    "ownership": "ownership_class",
    "custodian": "custodian__code",
    "number": "parcel_no_norm",
    "code": "parcel__parcel_code",
    "bbox": "geom__bboverlaps",
}
ASSET_FILTERS: dict[str, Callable[[str], Any]] = {
    "place": place_code,
    "status": known(Status),
    "kind": known(Asset.Kind),
    "custodian": slug,
    "code": code,
    "parcel": UUID,
    "bbox": outline.box,
}
ASSET_PATHS = {
    "status": "status",
    "kind": "kind",
    "custodian": "custodian__code",
    "code": "asset_code",
    "parcel": "parcel_id",
    "bbox": "geom__bboverlaps",
}


def read(asked: Mapping[str, str], known_ones: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Return the values of the filters; raise BadParameter naming the one that cannot be read."""
    values: dict[str, Any] = {}
    for name, parse in known_ones.items():
        if name in asked:
            try:
                values[name] = parse(asked[name])
            except (ValueError, OverflowError):
                raise BadParameter(parameter=name) from None
    return values


def filtered(rows: QuerySet[Any], values: Mapping[str, Any], paths: Mapping[str, str]) -> QuerySet[Any]:
    """Bound a list to the filters; the place holds all below it."""
    chosen = {paths[name]: value for name, value in values.items() if name in paths}
    return within_place(rows.filter(**chosen), "place", values)


# ---- bodies ----------------------------------------------------------------------------------------------------------


class Body:
    """The JSON object of a write: each field is read once, by its type; what nobody read is refused."""

    def __init__(self, data: Any, prefix: str = "") -> None:
        if not isinstance(data, Mapping):
            raise Invalid("not_an_object", _("The body must be a JSON object."))
        self._left, self._prefix = dict(data), prefix

    def take(self, name: str, parse: Callable[[Any], T], default: T | None = None) -> T | None:
        """Return a field, or the default where it is missing or null."""
        value = self._left.pop(name, None)
        if value is None:
            return default
        try:
            return parse(value)
        except (ValueError, TypeError, OverflowError, ArithmeticError, AttributeError, KeyError):
            raise self.wrong(name) from None

    def need(self, name: str, parse: Callable[[Any], T]) -> T:
        """Return a field that must be there."""
        value = self.take(name, parse)
        if value is None:
            raise Invalid("field_missing", _("The field “%(field)s” is missing."), field=self._prefix + name)
        return value

    def facts(self) -> dict[str, Any]:
        """Return the facts of a version among the fields."""
        return {name: self._left.pop(name) for name in sorted(FACTS & self._left.keys())}

    def end(self) -> None:
        """Refuse what nobody read."""
        for name in self._left:
            raise Invalid(
                "field_unknown", _("The field “%(field)s” is not known."), field=self._prefix + str(name)[:60]
            )

    def wrong(self, name: str) -> Invalid:
        """Return the refusal of a field that cannot be read."""
        return Invalid("field_invalid", _("The field “%(field)s” cannot be read."), field=self._prefix + name)


def text(value: Any) -> str:
    """Take a text of some length only."""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise TypeError(value)
    return value.strip()


def date(value: Any) -> dt.date:
    """Take a day, ISO 8601."""
    return dt.date.fromisoformat(text(value))


def whole(value: Any) -> int:
    """Take a whole number only."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def metres(value: Any) -> float:
    """Take a length ≥ 0."""
    found = float(value)
    if not 0 <= found < 1e6:
        raise ValueError(value)
    return found


def area(value: Any) -> Decimal:
    """Take an area as text or number."""
    return Decimal(str(value))


def objects(value: Any) -> list[Any]:
    """Take a list of some length."""
    if not isinstance(value, list) or len(value) > 200:
        raise TypeError(value)
    return value


def uuid(value: Any) -> UUID:
    """Take an id."""
    return UUID(text(value))


def ids(value: Any) -> list[UUID]:
    """Take a list of ids."""
    return [uuid(one) for one in objects(value)]


def place(value: Any) -> Place:
    """Take a place by its code."""
    found = Place.objects.filter(code=text(value)).first()
    if found is None:
        raise ValueError(value)
    return found


def custodian(value: Any) -> Custodian:
    """Take a custodian by its code."""
    found = Custodian.objects.filter(code=text(value)).first()
    if found is None:
        raise ValueError(value)
    return found


def boundary(body: Body) -> Boundary | None:
    """Read `geometry` (GeoJSON, in `crs`, EPSG:4326 when nothing is said) with how it was measured."""
    crs = body.take("crs", text, "EPSG:4326") or "EPSG:4326"
    wkb = body.take("geometry", polygon_wkb)
    method = body.take("survey_method", lambda value: SurveyMethod(text(value)).value, "") or ""
    accuracy = body.take("survey_accuracy_m", metres)
    return None if wkb is None else Boundary(wkb, crs, method=method, accuracy_m=accuracy)


def polygon_wkb(value: Any) -> bytes:
    """Take a GeoJSON Polygon or MultiPolygon."""
    if value["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(value["type"])
    return as_wkb(value)


def as_wkb(value: Any) -> bytes:
    """Take any GeoJSON geometry."""
    return geojson_wkb(value)


def point_or_polygon(value: Any) -> GEOSGeometry:
    """Take the shape of an asset, EPSG:4326."""
    if value["type"] not in ("Point", "Polygon", "MultiPolygon"):
        raise ValueError(value["type"])
    return GEOSGeometry(memoryview(as_wkb(value)), srid=4326)


LIGHT = ("source_geom", "source_attributes", "geom_3857")


def light(rows: QuerySet[ParcelVersion]) -> QuerySet[ParcelVersion]:
    """Read what a feature shows and no more."""
    return rows.select_related("parcel", "place", "custodian").defer(*LIGHT, "place__geom", "place__geom_3857")
