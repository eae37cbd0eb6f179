"""The forms of the book of persons."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties.models import Agency, Party
from parties.shares import ShareError, parse
from ui.forms import DayField
from workspace.book.fields import BodyField, PickInput

LATIN = {"dir": "ltr", "autocomplete": "off"}
KINDS = [(kind.value, kind.label) for kind in Party.Kind if kind != Party.Kind.GROUP]


class PartyField(BodyField):
    """Any party of the book, chosen from what was found."""

    default_error_messages = {"unknown": gettext_lazy("Choose the party from those found.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", PickInput(reverse_lazy("workspace:pick_parties"), gettext_lazy("Name of the party"))
        )
        super().__init__(**options)


class NewPartyForm(forms.Form):
    """A party to enter."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    national_id = forms.CharField(
        label=gettext_lazy("National ID"), max_length=40, required=False, widget=forms.TextInput(LATIN),
        help_text=gettext_lazy("14 digits; kept encrypted and shown masked"),
    )  # fmt: skip
    commercial_register = forms.CharField(label=gettext_lazy("Commercial register"), max_length=32, required=False)
    tax_no = forms.CharField(label=gettext_lazy("Tax number"), max_length=20, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(LATIN)
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)


class ContactForm(forms.Form):
    """How a party is reached."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(LATIN)
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    tax_no = forms.CharField(label=gettext_lazy("Tax number"), max_length=20, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(ReasonForm):
    """Another entry of the same party."""

    other = PartyField(label=gettext_lazy("The other entry, which is the same party"))


class HeirsForm(forms.Form):
    """Heirs by a court's certificate."""

    died_on = DayField(label=gettext_lazy("Died on"))
    certificate_no = forms.CharField(label=gettext_lazy("Number of the certificate of heirs"), max_length=40)
    court = forms.CharField(label=gettext_lazy("Court"), max_length=80)
    dated_on = DayField(label=gettext_lazy("Dated"))
    heirs = forms.CharField(
        label=gettext_lazy("Heirs, one a line: name — share"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("أحمد محمود — 8 قيراط، or 1/3; the shares add up to 24 qirat exactly"),
    )  # fmt: skip
    succeed = forms.BooleanField(
        label=gettext_lazy("What he held goes over to the heirs from the day of death"), required=False, initial=True
    )

    def clean_heirs(self) -> list[tuple[str, Fraction]]:
        """Read names and shares; a line that says neither is named."""
        found = []
        for row, line in enumerate(self.cleaned_data["heirs"].splitlines(), 1):
            if not line.strip():
                continue
            name, _dash, share = line.replace("–", "—").rpartition("—")
            try:
                found.append((" ".join(name.split()), parse(share)))
            except ShareError:
                raise forms.ValidationError(
                    _("Line %(row)s: write the name, a dash, and the share.") % {"row": row}, code="heir_unreadable"
                ) from None
            if not found[-1][0]:
                raise forms.ValidationError(
                    _("Line %(row)s: write the name, a dash, and the share.") % {"row": row}, code="heir_unreadable"
                )
        return found


class AgentForm(forms.Form):
    """A power of attorney."""

    agent = PartyField(label=gettext_lazy("Agent"))
    extent = forms.ChoiceField(label=gettext_lazy("Power"), choices=Agency.Extent.choices)
    scope = forms.CharField(label=gettext_lazy("What a special power is for"), max_length=200, required=False)
    number = forms.CharField(label=gettext_lazy("Number of the power of attorney"), max_length=40)
    notary = forms.CharField(label=gettext_lazy("Notary's office"), max_length=80)
    starts_on = DayField(label=gettext_lazy("In force from"))
    ends_on = DayField(label=gettext_lazy("Last day, included"), required=False)


class RevokeForm(forms.Form):
    """The day of a revocation."""

    on = DayField(label=gettext_lazy("Revoked on"))
