"""The questions only a person can answer, and which answers there are at all."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid
from importers.crs import FILE, parse_code
from importers.encoding import UnknownEncodingError, canonical
from importers.mapping import FIELDS
from importers.refusals import UnreadableError
from surveys.models import Question

Kind = Question.Kind
SWAPPED: Final = ";yx"  # EPSG:4326;yx is the same system with its axes in the other order
MOST_COLUMNS = 500


def checked_answer(kind: str, value: Any) -> Any:
    """Return an answer in its one form.

    Raises Invalid: question_unknown, crs_unknown, encoding_unknown, mapping_unknown.
    """
    if kind == Kind.ENCODING:
        return _encoding(value)
    if kind == Kind.CRS:
        return _crs(value)
    if kind == Kind.COLUMNS:
        return _columns(value)
    raise Invalid("question_unknown", _("There is no question of this kind."))


def crs_value(code: str, swapped: bool) -> str:
    """Return a placement as one word, the form in which it is offered and answered."""
    return f"{code}{SWAPPED}" if swapped else code


def split_crs(value: str) -> tuple[str, bool]:
    """Return (code, axes swapped) of a placement's word."""
    return value.removesuffix(SWAPPED), value.endswith(SWAPPED)


def _encoding(value: Any) -> str:
    try:
        return str(canonical(value if isinstance(value, str) else ""))
    except UnknownEncodingError:
        raise Invalid("encoding_unknown", _("This encoding of characters is not among those known.")) from None


def _crs(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    code, swapped = split_crs(text)
    if code == FILE:
        return crs_value(FILE, swapped)
    try:
        return crs_value(parse_code(code), swapped)
    except UnreadableError:
        raise Invalid(
            "crs_unknown",
            _("This coordinate system is not among those known."),
            advice=_("Give it by its code, such as EPSG:22992; addresses and definitions are not read."),
        ) from None


def _columns(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_COLUMNS:
        raise Invalid("mapping_unknown", _("The mapping of columns cannot be read."))
    chosen = {str(column): field for column, field in value.items() if field}
    unknown = sorted({str(field) for field in chosen.values()} - set(FIELDS))
    if unknown:
        raise Invalid("mapping_unknown", _("The register has no field %(field)s."), field=unknown[0][:60])
    if len(set(chosen.values())) != len(chosen):
        raise Invalid("mapping_twice", _("Two columns were given the same field."))
    return chosen
