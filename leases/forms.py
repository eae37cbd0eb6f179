"""What an application and the acts on a lease take."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from leases.models import Lease
from leases.services import TENURES
from parcels.models import Holding
from ui.forms import DayField, DecimalField


class ApplicationForm(forms.Form):
    """An application for a parcel or an asset."""

    tenure = forms.ChoiceField(
        label=_("Kind of tenure"),
        choices=[(kind.value, kind.label) for kind in Holding.Kind if kind in TENURES],
        initial=Holding.Kind.LEASE,
    )
    party_name = forms.CharField(label=_("Applicant"), max_length=200, required=False)
    national_id = forms.CharField(label=_("National ID"), max_length=20, required=False)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    requested_from = DayField(label=_("From"))
    requested_to = DayField(label=_("To, last day included"))
    rent_period = forms.ChoiceField(
        label=_("Rent falls due"), choices=Lease.Period.choices, initial=Lease.Period.YEAR, required=False
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ContractForm(forms.Form):
    """The contract: its dates within the approval, its rent as a rate or as a whole."""

    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day, included"), required=False)
    rate_per_m2 = DecimalField(
        label=_("Rent for a square metre, EGP"),
        max_digits=14,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        required=False,
    )
    rent = DecimalField(
        label=_("or rent as a whole, EGP"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
    )
    rent_period = forms.ChoiceField(
        label=_("Rent falls due"), choices=[("", "—"), *Lease.Period.choices], required=False
    )


class SignatureForm(forms.Form):
    """Signature and hand-over."""

    signed_on = DayField(label=_("Signed on"), required=False)


FORMS: dict[str, type[forms.Form]] = {"contract": ContractForm, "activate": SignatureForm}
