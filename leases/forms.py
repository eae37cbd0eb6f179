"""What an application and the acts on a lease take."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DayInput
from leases.models import Lease
from leases.services import TENURES
from parcels.models import Holding


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
    requested_from = forms.DateField(label=_("From"), widget=DayInput())
    requested_to = forms.DateField(label=_("To, last day included"), widget=DayInput())
    rent_period = forms.ChoiceField(
        label=_("Rent falls due"), choices=Lease.Period.choices, initial=Lease.Period.YEAR, required=False
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ContractForm(forms.Form):
    """The contract: its dates within the approval, its rent as a rate or as a whole."""

    starts_on = forms.DateField(label=_("First day"), widget=DayInput(), required=False)
    ends_on = forms.DateField(label=_("Last day, included"), widget=DayInput(), required=False)
    rate_per_m2 = forms.DecimalField(
        label=_("Rent for a square metre, EGP"),
        max_digits=14,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        required=False,
    )
    rent = forms.DecimalField(
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

    signed_on = forms.DateField(label=_("Signed on"), widget=DayInput(), required=False)


FORMS: dict[str, type[forms.Form]] = {"contract": ContractForm, "activate": SignatureForm}
