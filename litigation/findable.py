"""How suits are found: number, year, court, who stands in them, subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from authority.models import User
from litigation.models import Suit, SuitParty
from litigation.policies import suits_visible_to
from search.registry import Entry, Findable, Hit, register


def entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the index rows of suits."""
    rows = Suit.objects.order_by() if ids is None else Suit.objects.filter(pk__in=ids)
    names = ArraySubquery(SuitParty.objects.filter(suit=OuterRef("pk")).values_list("name"))
    for suit in rows.annotate(names=names).iterator(2000):
        with override("ar"):
            subject = str(suit.get_subject_display())
        yield Entry(
            object_id=str(suit.pk),
            texts=(
                _labelled(suit), suit.number, str(suit.year), suit.court, suit.circuit, subject, suit.counsel_file,
                *suit.names,
            ),
            place_id=suit.place_id,
            sort=f"{9999 - suit.year:04d}{suit.number[:20]}",
            tags={"status": suit.state},
        )  # fmt: skip


def _labelled(suit: Suit) -> str:
    return f"دعوى {suit.number} لسنة {suit.year} ق"


def hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield suits as they are shown, within the reader's rights."""
    for suit in suits_visible_to(user, Suit.objects.filter(pk__in=ids)).prefetch_related("parties"):
        yield Hit(
            kind="suit",
            id=str(suit.pk),
            title=_("Suit %(number)s of %(year)s") % {"number": suit.number, "year": suit.year},
            subtitle=" · ".join(
                [suit.court, str(suit.get_subject_display()), *[one.name for one in suit.parties.all()]][:5]
            ),
            code=f"{suit.number}/{suit.year}",
            url=f"/api/v1/suits/{suit.pk}/",
            status_title=str(suit.get_state_display()),
        )


def declare() -> None:
    """Hand suits to the search."""
    register(
        Findable(
            kind="suit", title=gettext_lazy("Suits"), entries=entries, show=hits, by_place=True,
            filters=frozenset({"place"}), order=27,
        )
    )  # fmt: skip
