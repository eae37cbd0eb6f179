"""What an act takes, read alike from a page and from a program: one form a kind of act, declared by its register."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import shapely.geometry
from django import forms
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError

from authority.refusal import Invalid, TooLarge
from authority.rest.parsing import parse_json

MAX_VERTICES = 100_000
MOST_TEXT = 200_000  # letters of a shape in an address
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, GEOSException, ShapelyError, Invalid, TooLarge)


class ShapeInput(forms.Textarea):
    """A shape drawn on a map (`cases/draw.js`); the text below it takes the same without a pointer."""

    template_name = "cases/widgets/shape.html"

    def __init__(self, kinds: tuple[str, ...] = (), measured_at: str = "") -> None:
        super().__init__({"rows": 3, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"})
        self.kinds, self.measured_at = kinds, measured_at

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What may be drawn, and where the drawing is measured."""
        context = super().get_context(name, value, attrs)
        measured = reverse(self.measured_at) if self.measured_at else ""
        return context | {"point": "Point" in self.kinds, "area": "Polygon" in self.kinds, "measured_at": measured}


class GeoJSONField(forms.Field):
    """A geometry in EPSG:4326 as GeoJSON, text or object; valid, not empty, at most 100,000 vertices."""

    widget = ShapeInput
    default_error_messages = {
        "unreadable": _("The shape cannot be read: GeoJSON in longitude and latitude is expected."),
        "kind": _("The shape has to be one of: %(kinds)s."),
        "invalid_shape": _("The boundary crosses or touches itself: %(reason)s."),
        "outside": _("The shape does not lie in Egypt: longitude comes first, then latitude."),
        "heavy": _("The shape has more than 100,000 corners."),
    }

    def __init__(self, *, kinds: tuple[str, ...], measured_at: str = "", **options: Any) -> None:
        self.kinds = kinds
        super().__init__(widget=ShapeInput(kinds, measured_at), **options)

    def to_python(self, value: Any) -> GEOSGeometry | None:
        """The geometry, after the gate: nothing is computed with an invalid one."""
        if value in self.empty_values:
            return None
        shape = self._read(value)
        if shape.geom_type not in self.kinds:
            raise self._error("kind", kinds=", ".join(self.kinds))
        if shape.num_coords > MAX_VERTICES:
            raise self._error("heavy")
        if shape.empty or not shape.valid:
            raise self._error("invalid_shape", reason=shape.valid_reason)
        if not in_egypt(shape):
            raise self._error("outside")
        return shape

    def _read(self, value: Any) -> GEOSGeometry:
        """GDAL is not asked: it would follow a link in `crs` and write its complaints to the log."""
        try:
            said = parse_json(value.encode()) if isinstance(value, str) else value
            if not isinstance(said, dict) or "crs" in said:
                raise self._error("unreadable")
            return GEOSGeometry(memoryview(shapely.to_wkb(shapely.geometry.shape(said))), srid=4326)
        except UNREADABLE as fault:
            raise self._error("unreadable") from fault

    def _error(self, code: str, **params: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=params)


def in_egypt(shape: GEOSGeometry) -> bool:
    """Say whether the shape lies between 24–38° E and 21–33° N."""
    west, south, east, north = shape.extent
    return west >= 24 and east <= 38 and south >= 21 and north <= 33


def facts_of(
    form: type[forms.Form] | None, data: Mapping[str, Any], beside: Collection[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """The facts of an act, read through its form; raises Invalid naming each field at fault.

    What neither the form nor the caller (`beside`) knows is refused: nothing is set or dropped by surprise (B8).
    """
    unknown = sorted(set(data) - set(form.base_fields if form else ()) - set(beside))
    if unknown:
        raise Invalid("facts_unknown", _("This field is not known here: %(field)s."), field=unknown[0][:40])
    if form is None:
        return {}
    read = form(plain_data(form, data))
    if not read.is_valid():
        raise invalid(read)
    return {name: value for name, value in read.cleaned_data.items() if value not in (None, "")}


def plain_data(form: type[forms.Form], data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form reads: words; a number of JSON becomes its words, an object is a shape or a fault."""
    shapes = {name for name, field in form.base_fields.items() if isinstance(field, GeoJSONField)}
    switches = {name for name, field in form.base_fields.items() if isinstance(field, forms.BooleanField)}
    words: dict[str, Any] = {}
    for name, value in data.items():
        if name not in form.base_fields:
            continue
        if isinstance(value, dict | list) and name not in shapes:
            raise Invalid("facts_invalid", _("A word or a number is expected."), field=name)
        as_it_is = value is None or name in shapes or (isinstance(value, bool) and name in switches)
        words[name] = value if as_it_is else str(value)
    return words


def invalid(form: forms.Form) -> Invalid:
    """The refusal that a form's faults amount to."""
    faults = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    name, texts = next(iter(faults.items()))
    label = form.fields[name].label if name in form.fields else ""
    first = f"{label}: {texts[0]}" if label else texts[0]
    return Invalid("facts_invalid", "%(first)s", first=first, fields=faults)


def drawn(text: str) -> str:
    """GeoJSON of a shape written POINT(lon lat) or POLYGON((…)), as the map hands it on; '' for anything else."""
    if not text or len(text) > MOST_TEXT:
        return ""
    try:
        return shapely.to_geojson(shapely.from_wkt(text))
    except UNREADABLE:
        return ""
