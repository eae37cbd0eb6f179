"""Fields that take what officials type: ٠–٩ and 0–9, Arabic comma and decimal sign, days as dd/mm/yyyy."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.digits import to_latin

GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")


class FigureInput(forms.TextInput):
    """A box for a figure: left to right, numeric keys on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, mode: str = "decimal") -> None:
        super().__init__({"dir": "ltr", "inputmode": mode, "autocomplete": "off", **(attrs or {})})


class DayInput(forms.DateInput):
    """A box for a day, written dd/mm/yyyy in every browser."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "placeholder": "31/12/2026"}
        super().__init__({**plain, **(attrs or {})}, format="%d/%m/%Y")


def bare_figure(value: Any) -> Any:
    """Return a typed figure with 0–9 and a point, its groups taken out.

    A comma that parts no groups of three («1,5») is left in: no rule of numbers reads it, so the field refuses it and
    nobody pays ten times what was meant.
    """
    if not isinstance(value, str):
        return value
    plain = to_latin(value).replace(" ", "").replace("−", "-")
    return plain.replace(",", "") if GROUPED.fullmatch(plain) else plain


class DecimalField(forms.DecimalField):
    """A decimal in either digits; localised input is read here, not by the locale's formats."""

    widget = FigureInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", FigureInput())
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:  # a Decimal; the stubs of the parent say otherwise
        """Read the figure."""
        return super().to_python(bare_figure(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A text box has no step."""
        return {}


class IntegerField(forms.IntegerField):
    """A whole number in either digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", FigureInput(mode="numeric"))
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        """Read the figure."""
        return super().to_python(bare_figure(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A text box has no bounds of its own."""
        return {}


class DayField(forms.DateField):
    """A day as dd/mm/yyyy in either digits."""

    default_error_messages = {"invalid": _("Write the day as day/month/year, for example 31/12/2026.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", DayInput())
        options.setdefault("input_formats", DAY_FORMATS)
        super().__init__(**options)

    def to_python(self, value: Any) -> dt.date | None:
        """Read the day."""
        return super().to_python(to_latin(value).strip() if isinstance(value, str) else value)
