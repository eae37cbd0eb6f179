"""The forms of the reference pages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place
from importers.crs import BELTS
from law.days import holidays
from parcels.models import ControlPoint, Monument, ProtectionZone
from parcels.screening import EXPECTED
from ui.forms import DayField, DecimalField
from workspace.book.fields import PlaceField

YEAR = dt.timedelta(days=366)
SYSTEMS = [("EPSG:4326", "WGS 84 (EPSG:4326)"), *((f"EPSG:{code}", f"EPSG:{code}") for code in (*BELTS, 32635, 32636))]


def governorates() -> list[tuple[str, str]]:
    """Return the governorates, and the whole country."""
    rows = Place.objects.filter(kind=Place.Kind.GOVERNORATE, closed_on=None).order_by("code")
    return [("", _("the whole country")), *((one.code, str(one)) for one in rows.defer("geom", "geom_3857"))]  # type: ignore[list-item]


class LayerForm(forms.Form):
    """A protection layer to load."""

    code = forms.ChoiceField(label=_("Layer"), choices=lambda: [(code, title) for code, title in EXPECTED.items()])
    name_ar = forms.CharField(label=_("Arabic name"), max_length=160)
    source = forms.CharField(label=_("Issuing body"), max_length=200, help_text=_("The body whose layer it is"))
    dated_on = DayField(label=_("State of"), help_text=_("The day whose state the layer shows"))
    covers = forms.ChoiceField(label=_("Covers"), choices=governorates, required=False)
    feature = forms.ChoiceField(label=_("The shapes are"), choices=ProtectionZone.Feature.choices)
    crs = forms.ChoiceField(
        label=_("Coordinate system"), choices=[("", _("as the file says")), *SYSTEMS], required=False
    )
    file = forms.FileField(label=_("File"), help_text=_("A zipped shapefile or GeoJSON, at most 20 MB"))


class PointForm(forms.Form):
    """A control point to enter."""

    name = forms.CharField(label=_("Name or number"), max_length=40)
    place = PlaceField(label=_("Place"))
    crs = forms.ChoiceField(label=_("Coordinate system"), choices=SYSTEMS, initial="EPSG:22992")
    east = DecimalField(label="E", max_digits=16, decimal_places=9)
    north = DecimalField(label="N", max_digits=16, decimal_places=9)
    order = forms.ChoiceField(label=_("Order"), choices=ControlPoint.Order.choices, initial="LOCAL")
    height_m = DecimalField(label=_("Height, m"), max_digits=9, decimal_places=3, required=False)
    sigma_m = DecimalField(label=_("σ, m"), max_digits=7, decimal_places=4, required=False, min_value=0)
    monument = forms.ChoiceField(label=_("Mark"), choices=Monument.choices, initial="CONCRETE")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    description = forms.CharField(
        label=_("Where it stands and how to get there"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def card(self) -> dict[str, Any]:
        """Return what the card says."""
        names = ("order", "height_m", "sigma_m", "monument", "source", "description")
        said = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] not in ("", None)}
        return said | ({"sigma_m": float(said["sigma_m"])} if "sigma_m" in said else {})


class VisitForm(forms.Form):
    """What was found at a control point."""

    condition = forms.ChoiceField(label=_("Found"), choices=ControlPoint.Condition.choices)
    visited_on = DayField(label=_("Visited on"))
    description = forms.CharField(
        label=_("Where it stands and how to get there"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class RuleForm(forms.Form):
    """A rule to propose; what it says is written as the formula reads it."""

    params = forms.CharField(
        label=_("What the rule says"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10, "dir": "ltr"})
    )
    starts_on = DayField(label=_("In force from"))
    last_day = DayField(label=_("Last day, included"), required=False)
    source = forms.CharField(label=_("Law, article, gazette"), max_length=300)
    reason = forms.CharField(label=_("Why it changes"), max_length=300, required=False)

    def clean_params(self) -> Any:
        """Read the rule."""
        try:
            return json.loads(self.cleaned_data["params"])
        except ValueError:
            raise forms.ValidationError(_("This is no JSON."), code="unreadable") from None


class AliasForm(forms.Form):
    """Other names of a place, one a line."""

    aliases = forms.CharField(
        label=_("Other names, one a line"), required=False, max_length=2500, widget=forms.Textarea(attrs={"rows": 6})
    )


def standing_holidays() -> list[tuple[str, str]]:
    """Return the holidays that can move."""
    rows = holidays().filter(day__gte=clock.today() - YEAR)
    return [("", _("none")), *((str(one.pk), str(one)) for one in rows)]  # type: ignore[list-item]  # lazy texts


class HolidayForm(forms.Form):
    """A holiday to propose, the move of one, or its end."""

    day = DayField(label=_("Day"), required=False, help_text=_("Empty where a holiday is cancelled"))
    name_ar = forms.CharField(label=_("Arabic name"), max_length=120, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    source = forms.CharField(label=_("Decree, number, gazette"), max_length=300)
    replaces = forms.ChoiceField(
        label=_("Instead of"), choices=standing_holidays, required=False,
        help_text=_("Where a holiday moves or is cancelled"),
    )  # fmt: skip
