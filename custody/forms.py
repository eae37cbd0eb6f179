"""What a claim of custody and its acts take."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian
from custody.models import CustodyFile
from ui.forms import DayField


def bodies() -> list[tuple[str, str]]:
    """Return the custodians that stand."""
    return [("", "—"), *((one.code, str(one)) for one in Custodian.objects.filter(closed_on=None).order_by("code"))]


class ClaimForm(forms.Form):
    """A claim of custody over a parcel."""

    matter = forms.ChoiceField(label=_("Matter"), choices=CustodyFile.Matter.choices)
    claimant = forms.ChoiceField(label=_("Body that asks for custody"), choices=bodies)
    grounds = forms.CharField(label=_("Grounds"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DecreeForm(forms.Form):
    """The decree of the competent authority."""

    decree_no = forms.CharField(label=_("Number of the decree"), max_length=60)
    decree_on = DayField(label=_("Date of the decree"))
    in_force_on = DayField(label=_("In force from"))


FORMS: dict[str, type[forms.Form]] = {"decide": DecreeForm}
