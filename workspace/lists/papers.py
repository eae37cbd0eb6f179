"""How papers are found: type, number, title, and the words inside; seen by whoever sees the file they hang on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from authority import changes
from authority.models import User
from cases.models import Paper
from cases.policies import cases_visible_to
from documents.models import DocumentText
from documents.presenting import Shown, shown
from parcels.models import Parcel, ParcelDocument
from parcels.policies import parcels_visible_to
from search.registry import Entry, Findable, Hit, register
from search.services import index

CHUNK = 500
WORDS_OF_A_TEXT = 40  # so many of one text become keys
MOST_WORDS = 40_000
AROUND = 9  # words of a quote before and behind the place of the hit


@dataclass(frozen=True)
class Filed:
    """Where a paper hangs: its first version, what it is called there, and where that lies."""

    root: UUID
    title: str
    number: str
    place_id: int | None
    custodian_id: int | None
    on: str  # the number of the parcel or file


def in_parcels(rows: QuerySet[ParcelDocument]) -> Iterator[Filed]:
    """Yield papers of parcels."""
    for row in rows.select_related("parcel", "document").order_by("document_id").iterator(CHUNK):
        parcel = row.parcel
        yield Filed(
            row.document.root_id, row.title, row.number, parcel.place_id, parcel.custodian_id, parcel.parcel_code
        )


def in_cases(rows: QuerySet[Paper]) -> Iterator[Filed]:
    """Yield papers of files; one that was attached by mistake is not found."""
    held = rows.filter(document__isnull=False, withdrawn_at=None).select_related("case", "document")
    for row in held.defer("case__geom", "case__geom_3857").order_by("document_id").iterator(CHUNK):
        if row.document is not None:
            case = row.case
            yield Filed(row.document.root_id, "", row.number, case.place_id, case.custodian_id, case.number)


def entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the index rows of papers that hang somewhere, each once."""
    filed, held = ParcelDocument.objects.all(), Paper.objects.all()
    if ids is not None:
        keys = list(map(UUID, ids))
        filed, held = filed.filter(document__in=keys), held.filter(document__in=keys)
    told: set[UUID] = set()
    every = (one for rows in (in_parcels(filed), in_cases(held)) for one in rows)
    while batch := list(islice(every, CHUNK)):
        fresh = {one.root: one for one in batch if one.root not in told}
        told |= fresh.keys()
        yield from rows_of(fresh)


def rows_of(filed: dict[UUID, Filed]) -> Iterator[Entry]:
    """Yield the index rows of these papers: what is said of them, and the words of the version that stands."""
    stands = shown(filed)
    words = texts_of(stands)
    for root, one in filed.items():
        document = stands[root].document
        with override("ar"):
            kind = stands[root].type
        yield Entry(
            object_id=str(root),
            texts=(kind, one.title, one.number, document.number, document.filename, *pieces(words.get(root, ""))),
            place_id=one.place_id,
            custodian_id=one.custodian_id,
            sort=f"{10**12 - int(document.created_at.timestamp()):012d}",  # the newest first
        )


def texts_of(stands: dict[UUID, Shown]) -> dict[UUID, str]:
    """Return the words of the versions that stand, by the first version."""
    roots = {one.document.pk: root for root, one in stands.items()}
    found = DocumentText.objects.filter(document__in=roots).values_list("document_id", "text")
    return {roots[key]: text for key, text in found}


def pieces(text: str) -> Iterator[str]:
    """Cut a long text, so that all its words become keys."""
    words = text.split(" ", MOST_WORDS)[:MOST_WORDS] if text else []
    for start in range(0, len(words), WORDS_OF_A_TEXT):
        yield " ".join(words[start : start + WORDS_OF_A_TEXT])


def hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield papers as they are shown, within the reader's rights to what they hang on."""
    keys = list(map(UUID, ids))
    parcels = ParcelDocument.objects.filter(
        document__in=keys, parcel__in=parcels_visible_to(user, Parcel.objects.all())
    )
    cases = Paper.objects.filter(document__in=keys, case__in=cases_visible_to(user))
    seen = {one.root: one for rows in (in_cases(cases), in_parcels(parcels)) for one in rows}
    stands = shown(seen)
    for root, one in seen.items():
        yield hit_of(one, stands[root])


def hit_of(one: Filed, stands: Shown) -> Hit:
    """Return one paper as it is shown: what it is, and the file it hangs on."""
    document = stands.document
    number = one.number or document.number
    name = " ".join(filter(None, (stands.type, number))) or one.title or document.filename
    return Hit(
        kind="document",
        id=str(one.root),
        title=name[:1].upper() + name[1:],
        subtitle=" · ".join(filter(None, (one.title, _("in the file %(number)s") % {"number": one.on}))),
        code=number,
        url=f"/api/v1/documents/{document.pk}/",
    )


def quotes(ids: Sequence[str], asked: Callable[[str], bool]) -> dict[str, str]:
    """Return the words around the first place where a word that was asked for stands in the text."""
    texts = texts_of(shown(UUID(one) for one in ids))
    return {str(root): quote for root, text in texts.items() if (quote := quote_of(text, asked))}


def quote_of(text: str, asked: Callable[[str], bool]) -> str:
    """Return the words around the first one asked for; nothing where none is."""
    words = text.split(" ", MOST_WORDS)[:MOST_WORDS]
    at = next((number for number, word in enumerate(words) if asked(word)), None)
    if at is None:
        return ""
    start, end = max(0, at - AROUND), at + AROUND + 1
    cut = " ".join(words[start:end])
    return f"{'… ' if start else ''}{cut}{' …' if end < len(words) else ''}"


def follow(kind: str, ids: Iterable[object]) -> None:
    """Renew papers that were filed, replaced or read."""
    index(kind, ids)


def follow_parcels(_kind: str, ids: Iterable[object]) -> None:
    """Renew the papers of parcels whose place or custodian may have changed."""
    filed = ParcelDocument.objects.filter(parcel__in=list(ids)).order_by()
    index("document", filed.values_list("document_id", flat=True))


def declare() -> None:
    """Hand papers to the search."""
    changes.follow("document", follow)
    changes.follow("parcel", follow_parcels)
    register(
        Findable(
            kind="document", title=gettext_lazy("Documents"), entries=entries, show=hits, quote=quotes, by_place=True,
            filters=frozenset({"place", "custodian"}), order=28,
        )
    )  # fmt: skip
