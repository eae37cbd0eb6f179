"""How letters are found: number, year, the sender's number, correspondent, subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy

from authority.models import User
from correspondence.models import Letter
from correspondence.policies import letters_visible_to
from search.registry import Entry, Findable, Hit, register
from ui import digits

WORDS = {Letter.Direction.IN: "وارد", Letter.Direction.OUT: "صادر"}


def entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the index rows of letters."""
    rows = Letter.objects.order_by() if ids is None else Letter.objects.filter(pk__in=ids)
    for letter in rows.iterator(2000):
        numbers = (str(letter.serial), str(letter.year), letter.number) if letter.serial else ()
        yield Entry(
            object_id=str(letter.pk),
            texts=(_labelled(letter), *numbers, letter.sender_no, letter.correspondent, letter.subject),
            place_id=letter.place_id,
            sort=f"{9999 - (letter.year or 0):04d}{9_999_999 - (letter.serial or 0):07d}",
            tags={"status": letter.state},
        )


def _labelled(letter: Letter) -> str:
    return f"خطاب {WORDS[Letter.Direction(letter.direction)]}"


def hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield letters as they are shown, within the reader's rights."""
    for letter in letters_visible_to(user, Letter.objects.filter(pk__in=ids)).select_related("office"):
        day = digits.day(letter.registered_on) if letter.registered_on else ""
        yield Hit(
            kind="letter",
            id=str(letter.pk),
            title=f"{letter} — {letter.subject}",
            subtitle=" · ".join(filter(None, (letter.correspondent, str(letter.office), day))),
            code=letter.number,
            url=f"/api/v1/letters/{letter.pk}/",
            status_title=str(letter.get_state_display()),
        )


def declare() -> None:
    """Hand letters to the search."""
    register(
        Findable(
            kind="letter", title=gettext_lazy("Letters"), entries=entries, show=hits, by_place=True,
            filters=frozenset({"place"}), order=28,
        )
    )  # fmt: skip
