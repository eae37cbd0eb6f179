"""What a file of custody knows beyond the docket."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian
from cases.models import Case
from parcels.models import Holding


class CustodyFile(models.Model):
    """A transfer of custody between two bodies, or their dispute over it (ar: نقل ولاية / نزاع ولاية)."""

    class Matter(models.TextChoices):
        """What it is about."""

        TRANSFER = "TRANSFER", _("transfer of custody")  # ar: نقل ولاية
        DISPUTE = "DISPUTE", _("dispute over custody")  # ar: نزاع على الولاية

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="custody_file")
    matter = models.CharField(max_length=8, choices=Matter.choices)
    holder = models.ForeignKey(Custodian, models.PROTECT, related_name="+")  # who has custody when it begins
    claimant = models.ForeignKey(Custodian, models.PROTECT, related_name="+")  # who asks for it
    grounds = models.CharField(max_length=300)  # ar: الأسانيد
    decree_no = models.CharField(max_length=60, blank=True)
    decree_on = models.DateField(null=True, blank=True)
    decided_for = models.ForeignKey(Custodian, models.PROTECT, null=True, blank=True, related_name="+")
    in_force_on = models.DateField(null=True, blank=True)
    holding = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="+")  # the dispute

    def __str__(self) -> str:
        return f"{self.holder} → {self.claimant}"
