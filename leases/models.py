"""What a lease case knows beyond the docket."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.models import Case
from parcels.models import Holding


class Lease(models.Model):
    """A lease or another tenure by contract (ar: عقد)."""

    class Period(models.TextChoices):
        """How often rent falls due."""

        YEAR = "YEAR", pgettext_lazy("rent period", "a year")
        MONTH = "MONTH", pgettext_lazy("rent period", "a month")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="lease")
    tenure = models.CharField(max_length=20, choices=Holding.Kind.choices, default=Holding.Kind.LEASE)
    purpose = models.CharField(max_length=200)  # ar: الغرض
    requested_from = models.DateField()
    requested_to = models.DateField()  # last day, included
    contract_number = models.CharField(max_length=40, blank=True)  # ع/2026/1187
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # last day, included
    rent = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # EGP per period
    rent_period = models.CharField(max_length=5, choices=Period.choices, default=Period.YEAR)
    rent_record = models.JSONField(default=dict, blank=True)  # formula, inputs, rounding (leases.rent)
    area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # governing area on signing
    holding = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="lease")

    def __str__(self) -> str:
        return self.contract_number or str(self.case)
