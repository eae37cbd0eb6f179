"""What is said of many parcels at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.facts import BASIS_LENGTH
from parcels.models import BulkAct, Confidence, LandUse, LocationClass, OwnershipClass, RegistrationSystem
from ui.forms import DayField, IntegerField
from workspace.book.forms import CustodianField, Groups, optional, words


class BulkForm(forms.Form):
    """From which day, and why."""

    GROUPS: Groups = ()
    on = DayField(label=_("True from"))
    basis = forms.CharField(label=_("Reason or decision"), max_length=BASIS_LENGTH)

    def said(self) -> dict[str, Any]:
        """Return what is said, without the day and the reason."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("on", "basis")}
        return {name: value for name, value in told.items() if value not in ("", None)}

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return the fields by what they speak of."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]


class CustodyForm(BulkForm):
    """Another body has custody, by one decree."""

    GROUPS: Groups = (
        (_("Custody"), ("custodian", "decree_no", "decree_on")),
        (_("Day and reason"), ("on", "basis")),
    )
    custodian = CustodianField(label=_("New custodian"))
    decree_no = forms.CharField(label=_("Decree number"), max_length=120)
    decree_on = DayField(label=_("Decree date"))

    def said(self) -> dict[str, Any]:
        """Return the custodian by its code, the decree with its day."""
        told = super().said()
        day = told["decree_on"]
        return told | {
            "custodian": told["custodian"].code,
            "decree_on": day.isoformat() if isinstance(day, dt.date) else day,
        }


class SharedForm(BulkForm):
    """Facts that many parcels share; what stays empty stays as it is."""

    GROUPS: Groups = (
        (_("Class and use"), ("ownership_class", "land_use", "location_class", "confidence")),
        (
            _("Register, sheet and shelf"),
            (
                "registration_system", "register_book", "sheet_no", "sheet_scale", "cadastral_edition", "file_no",
                "shelf",
            ),
        ),
        (_("Address"), ("hamlet", "street")),
        (_("Day and reason"), ("on", "basis")),
    )  # fmt: skip
    ownership_class = forms.ChoiceField(
        label=_("Class of property"), choices=lambda: optional(OwnershipClass.choices), required=False
    )
    land_use = forms.ChoiceField(label=_("Land use"), choices=lambda: optional(LandUse.choices), required=False)
    location_class = forms.ChoiceField(
        label=_("Location"), choices=lambda: optional(LocationClass.choices), required=False
    )
    confidence = forms.ChoiceField(
        label=_("Degree of checking"), choices=lambda: optional(Confidence.choices), required=False
    )
    registration_system = forms.ChoiceField(
        label=_("Registration system"), choices=lambda: optional(RegistrationSystem.choices), required=False
    )
    register_book = words(_("Book"), 24)
    sheet_no = words(_("Sheet number"), 40)
    sheet_scale = IntegerField(label=_("Sheet scale, 1:"), required=False, min_value=100, max_value=1_000_000)
    cadastral_edition = words(_("Cadastral edition"), 60)
    file_no = words(_("File number"), 40)
    shelf = words(_("Shelf"), 24)
    hamlet = words(_("Hamlet"), 120)
    street = words(_("Street"), 160)


FORMS: dict[str, type[BulkForm]] = {BulkAct.Act.CUSTODY: CustodyForm, BulkAct.Act.FACTS: SharedForm}
