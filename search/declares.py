"""What can be found in the rooms below: places and parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from authority import audit, changes
from authority.models import Place, User
from authority.policies import STAFF_READ, nothing, scope_of
from parties.models import Party
from parties.policies import party_visible_to
from search import handover, services
from search.registry import Entry, Findable, Hit, register

CHUNK = 5_000


def place_entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the rows of places: their names, other names, number of the hod."""
    rows = Place.objects.filter(closed_on=None).order_by()
    for place in (rows if ids is None else rows.filter(pk__in=ids)).defer("geom", "geom_3857").iterator(CHUNK):
        yield Entry(
            object_id=str(place.pk),
            texts=(place.name_ar, place.name_en, *place.aliases, place.hod_no),
            place_id=place.pk,
            sort=f"{place.path.count('.')}{place.path}",
            tags={"status": place.kind},
        )


def place_hits(_user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield places as they are shown; the tree of places is everybody's."""
    for place in Place.objects.filter(pk__in=ids).select_related("parent").defer("geom", "geom_3857"):
        above = str(place.parent) if place.parent else ""
        yield Hit("place", str(place.pk), str(place), above, place.code, f"/api/v1/places/{place.code}/")


def anybody(_user: User) -> Q:
    """Everybody who may search at all."""
    return Q()


def party_entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the rows of parties: names and the commercial register; never a national number (threats C12)."""
    rows = Party.objects.filter(merged_into=None).order_by()
    fields = ("pk", "name_ar", "name_en", "commercial_register", "governorate")
    doubles = ArraySubquery(Party.objects.filter(merged_into=OuterRef("pk")).values_list("name_ar"))
    rows = (rows if ids is None else rows.filter(pk__in=ids)).annotate(names=doubles)
    for key, name_ar, name_en, register_no, governorate, names in rows.values_list(*fields, "names").iterator(CHUNK):
        yield Entry(
            object_id=str(key), texts=(name_ar, name_en, register_no, *names), sort=name_ar,
            tags={"owner": governorate},
        )  # fmt: skip


def party_seen(user: User) -> Q:
    """Parties entered by the person's governorates."""
    codes = scope_of(user).governorates(STAFF_READ)
    if not codes:
        return nothing()
    return Q() if "" in codes else Q(owner__in=sorted(codes))


def party_hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield parties as they are shown: the way leads to what they hold."""
    for party in party_visible_to(user, Party.objects.filter(pk__in=ids)):
        told = " · ".join(filter(None, (str(party.get_kind_display()), party.national_id_mask)))
        yield Hit("party", str(party.pk), party.name, told, url=f"/api/v1/parties/{party.pk}/")


def follow(kind: str, ids: Iterable[object]) -> None:
    """Renew the index with the change."""
    services.index(kind, ids)


def declare() -> None:
    """Declare places and parties, and follow their changes."""
    handover.declare()
    register(
        Findable(
            kind="place", title=_("Places"), entries=place_entries, seen=anybody, show=place_hits, are_places=True,
            order=40,
        )
    )  # fmt: skip
    register(
        Findable(kind="party", title=_("Parties"), entries=party_entries, seen=party_seen, show=party_hits, order=30)
    )
    audit.declare("search.filter_saved", _("Filter kept"))
    audit.declare("search.filter_closed", _("Filter kept no longer"))
    changes.follow("place", follow)
    changes.follow("party", follow)
