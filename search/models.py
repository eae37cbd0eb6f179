"""The index beside the stored text: one row for each thing that can be found."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from authority.models import Custodian, Place


class SearchEntry(models.Model):
    """The normalised words by which a thing is found; never shown, never a unique key."""

    kind = models.CharField(max_length=16)  # parcel, asset, place, party, case
    object_id = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="+")
    custodian = models.ForeignKey(Custodian, models.CASCADE, null=True, blank=True, related_name="+")
    words = models.TextField()  # normalised text (search.normalise)
    vector = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_per_object")]
        indexes = [GinIndex(fields=["vector"], name="search_vector")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
