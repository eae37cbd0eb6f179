"""Reads of the register of letters and of memos, within the reader's rights."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F, Q, QuerySet

from authority import clock
from authority.models import Place, RoleHolding, User
from authority.models.people import not_over
from authority.policies import STAFF_READ
from authority.refusal import NotFound
from correspondence.models import Letter, Memo, MemoVersion
from correspondence.policies import letters_visible_to, memos_visible_to

OPEN = (Letter.State.REGISTERED, Letter.State.ASSIGNED, Letter.State.ISSUED)
MOST_LINKS = 20  # of a chain, to each side


def letters(user: User) -> QuerySet[Letter]:
    """Return the letters in sight as the register has them, the latest number first, drafts above."""
    rows = letters_visible_to(user, Letter.objects.all()).select_related("office", "place", "assigned_to", "replies_to")
    light = rows.defer("place__geom", "place__geom_3857")
    return light.order_by(F("year").desc(nulls_first=True), F("serial").desc(nulls_first=True), "pk")


def letter_by_id(letter_id: UUID, user: User) -> Letter:
    """Return a letter; raises NotFound."""
    found = letters(user).filter(pk=letter_id).first()
    if found is None:
        raise NotFound()
    return found


def awaiting(user: User) -> QuerySet[Letter]:
    """Return the letters that wait for an answer until a day, the most urgent first."""
    return letters(user).filter(state__in=OPEN, due_on__isnull=False).order_by("due_on", "pk")


def late(user: User, today: dt.date) -> QuerySet[Letter]:
    """Return the letters whose day of answer has passed."""
    return awaiting(user).filter(due_on__lt=today)


def letters_on(user: User, *, parcel: UUID | None = None, case: UUID | None = None) -> QuerySet[Letter]:
    """Return the letters about a parcel (or about a file on it), or about a file."""
    if case is not None:
        return letters(user).filter(cases__case=case).distinct()
    rule = Q(parcels__parcel=parcel) | Q(cases__case__parcel=parcel)
    return letters(user).filter(rule).distinct()


def chain(letter: Letter, user: User) -> list[Letter]:
    """Return the letters that answer one another, the earliest first, with this one among them."""
    before: list[Letter] = []
    seen, step = {letter.pk}, letter
    while step.replies_to_id and step.replies_to_id not in seen and len(before) < MOST_LINKS:
        found = letters(user).filter(pk=step.replies_to_id).first()
        if found is None:
            break
        before.append(found)
        seen.add(found.pk)
        step = found
    after: list[Letter] = []
    front = [letter.pk]
    while front and len(after) < MOST_LINKS:
        level = list(letters(user).filter(replies_to__in=front).exclude(pk__in=seen)[:MOST_LINKS])
        after += level
        seen |= {one.pk for one in level}
        front = [one.pk for one in level]
    return [*reversed(before), letter, *sorted(after, key=lambda one: one.entered_at)]


def officers_of(place: Place) -> QuerySet[User]:
    """Return the people who hold a role of the register over a place today."""
    parts, today = place.path.split("."), clock.today()
    above = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    held = RoleHolding.objects.filter(role__in=STAFF_READ, office__place__path__in=above, starts_on__lte=today)
    held = held.filter(not_over(today))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name_ar", "username")


def memos(user: User) -> QuerySet[Memo]:
    """Return the memos in sight, the newest first."""
    rows = memos_visible_to(user, Memo.objects.all()).select_related("case", "case__place", "opened_by", "issued_by")
    return rows.defer("case__geom", "case__geom_3857", "case__place__geom", "case__place__geom_3857").order_by(
        "-opened_at", "pk"
    )


def memo_by_id(memo_id: UUID, user: User) -> Memo:
    """Return a memo; raises NotFound."""
    found = memos(user).filter(pk=memo_id).first()
    if found is None:
        raise NotFound()
    return found


def latest(memo: Memo) -> MemoVersion:
    """Return the words of a memo as they stand."""
    return memo.versions.select_related("written_by").latest("number")
