"""How files are found: by number, by party, by what their register says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import changes
from authority.models import User
from cases.models import Case
from cases.policies import cases_visible_to
from cases.registry import kind_of, state_title
from search.registry import Entry, Findable, Hit, register
from search.services import index

CHUNK = 2_000


def entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the rows of files; a closed file is found as well."""
    rows = Case.objects.select_related("party").defer("geom", "geom_3857").order_by()
    for case in (rows if ids is None else rows.filter(pk__in=ids)).iterator(CHUNK):
        words = kind_of(case.kind).words
        told = words(case) if words is not None else []
        yield Entry(
            object_id=str(case.pk),
            texts=(case.number, case.number.rpartition("/")[2], *told, *names(case)),
            place_id=case.place_id,
            custodian_id=case.custodian_id,
            sort=f"{10**12 - int(case.opened_at.timestamp()):012d}",  # the newest first
            tags={"status": case.state},
        )


def names(case: Case) -> tuple[str, ...]:
    """Return the names of the party."""
    return (case.party.name_ar, case.party.name_en) if case.party else ()


def hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield files as they are shown, within the reader's rights."""
    rows = cases_visible_to(user, Case.objects.filter(pk__in=ids)).select_related("party", "place")
    for case in rows.defer("geom_3857", "place__geom", "place__geom_3857"):
        middle = case.geom.centroid if case.geom else None
        yield Hit(
            kind="case",
            id=str(case.pk),
            title=f"{kind_of(case.kind).title} {case.number}",
            subtitle=" · ".join(str(part) for part in (case.party, case.place) if part),
            code=case.number,
            url=f"/api/v1/cases/{case.pk}/",
            status_title=state_title(case.kind, case.state),
            lon=middle.x if middle else None,
            lat=middle.y if middle else None,
        )


def within(user: User, outline: GEOSGeometry) -> QuerySet[Any]:
    """Return the files whose place meets an outline."""
    return cases_visible_to(user, Case.objects.filter(geom__intersects=outline)).annotate(thing=F("pk"))


def follow_party(_kind: str, ids: Iterable[object]) -> None:
    """Renew the files of a party when its name has changed or is withheld."""
    index("case", Case.objects.filter(party_id__in=list(ids)).order_by().values_list("pk", flat=True))


def declare_findable() -> None:
    """Hand files to the search."""
    changes.follow("party", follow_party)
    register(
        Findable(
            kind="case", title=_("Files"), entries=entries, show=hits, within=within, by_place=True,
            filters=frozenset({"place", "custodian"}), order=25,
        )
    )  # fmt: skip
