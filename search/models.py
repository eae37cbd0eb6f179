"""The index beside the stored text: one row for each thing that can be found."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Office, Place, User


class WordsAsVector(models.Func):
    """The words of a text as lexemes, taken as they are: no parser, no dictionary."""

    template = "array_to_tsvector(string_to_array(%(expressions)s, ' '))"


@SearchVectorField.register_lookup
class Meets(models.Lookup[bool]):
    """Lexemes meet a query in PostgreSQL's own notation, which no parser or dictionary has touched."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Return `vector @@ 'query'::tsquery`."""
        field, params = self.process_lhs(compiler, connection)
        return f"{field} @@ %s::tsquery", (*params, self.rhs)


class SearchEntry(models.Model):
    """The keys by which a thing is found; never shown, never a unique key."""

    kind = models.CharField(max_length=16)  # parcel, asset, place, party, case, suit, letter, document
    object_id = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    custodian = models.ForeignKey(Custodian, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    words = models.TextField()  # keys (search.normalise.keys), joined by spaces
    sort = models.CharField(max_length=80, blank=True, default="", db_default="")
    area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    status = models.CharField(max_length=20, blank=True, default="", db_default="")
    use = models.CharField(max_length=24, blank=True, default="", db_default="")
    # whose it is, where no place says so: a party\'s governorate
    owner = models.CharField(max_length=40, blank=True, default="", db_default="")
    vector = models.GeneratedField(expression=WordsAsVector("words"), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_per_object")]
        indexes = [
            # one index a kind: a name borne by a hundred thousand parties is not read to find a parcel
            *(
                GinIndex(fields=["vector"], name=f"search_words_{kind}", condition=models.Q(kind=kind))
                for kind in ("parcel", "asset", "place", "party", "case", "suit", "letter", "document")
            ),
            models.Index(fields=["kind", "place", "sort"], name="search_place"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SavedFilter(models.Model):
    """A list narrowed as somebody needs it again (ar: مرشح محفوظ): his own, or his office's."""

    class Page(models.TextChoices):
        """Which list it narrows."""

        PARCELS = "parcels", _("list of parcels")  # ar: قائمة القطع
        SEARCH = "search", _("search")  # ar: البحث

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.CharField(max_length=8, choices=Page.choices)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)  # as it stands in the address, without "?"
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")  # shared with it
    saved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"], condition=models.Q(closed_at=None), name="one_saved_filter_of_a_name"
            )
        ]
        indexes = [models.Index(fields=["office", "page"], name="saved_filter_of_office")]

    def __str__(self) -> str:
        return self.name
