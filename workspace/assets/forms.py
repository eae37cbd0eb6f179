"""The forms of assets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import GeoJSONField
from parcels.models import Asset
from ui.forms import DayField, DecimalField, IntegerField
from workspace.book.fields import PlaceField
from workspace.book.forms import CustodianField

KINDS = [(kind.value, kind.label) for kind in Asset.Kind if kind != Asset.Kind.UNIT]


class AssetForm(forms.Form):
    """A building, shop, kiosk, beach or billboard to register."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    name_ar = forms.CharField(label=_("Name"), max_length=160)
    place = PlaceField(label=_("Place"), required=False, help_text=_("Left out where it stands on a parcel"))
    custodian = CustodianField(label=_("Custodian"), required=False)
    street = forms.CharField(label=_("Street"), max_length=160, required=False)
    building_no = forms.CharField(label=_("Building number"), max_length=24, required=False)
    area_m2 = DecimalField(label=_("Area, m²"), max_digits=14, decimal_places=4, min_value=0, required=False)
    registered_on = DayField(label=_("Registered on"))
    geometry = GeoJSONField(
        kinds=("Point", "Polygon"), label=_("Its own place on the map"), required=False,
        help_text=_("Left out where it lies where its parcel is"),
    )  # fmt: skip


class UnitsForm(forms.Form):
    """Units of a building, many at once: floors from–to, so many on each."""

    floor_from = IntegerField(label=_("From floor"), min_value=-5, max_value=120, initial=1)
    floor_to = IntegerField(label=_("to floor"), min_value=-5, max_value=120, initial=1)
    on_each = IntegerField(label=_("Units on each floor"), min_value=1, max_value=40, initial=2)
    first_no = IntegerField(label=_("First number"), min_value=1, max_value=9999, initial=1)
    area_m2 = DecimalField(label=_("Area of each, m²"), max_digits=14, decimal_places=4, min_value=0, required=False)
    registered_on = DayField(label=_("Registered on"))

    def clean(self) -> dict[str, Any]:
        """Floors rise; not more than 400 units at once."""
        known = super().clean() or {}
        low, high, each = known.get("floor_from"), known.get("floor_to"), known.get("on_each")
        if low is not None and high is not None and high < low:
            self.add_error("floor_to", _("The last floor lies below the first."))
        elif low is not None and high is not None and each and (high - low + 1) * each > 400:
            self.add_error("on_each", _("At most 400 units at once."))
        return known


class ChangeAssetForm(forms.Form):
    """What is said of an asset."""

    name_ar = forms.CharField(label=_("Name"), max_length=160)
    floor = IntegerField(label=_("Floor"), min_value=-5, max_value=120, required=False)
    unit_no = forms.CharField(label=_("Unit number"), max_length=24, required=False)
    street = forms.CharField(label=_("Street"), max_length=160, required=False)
    building_no = forms.CharField(label=_("Building number"), max_length=24, required=False)
    area_m2 = DecimalField(label=_("Area, m²"), max_digits=14, decimal_places=4, min_value=0, required=False)


class CloseAssetForm(forms.Form):
    """The end of an asset."""

    on = DayField(label=_("Ended on"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
