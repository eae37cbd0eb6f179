"""What bars an act on land from outside the book: a suit before a court. Rooms above declare it, every door asks here.

register(locks_of_suits)   # (parcel ids) → locks of each
require_unlocked([parcel], "SPLIT")   # raises Conflict `act_locked`
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from authority.refusal import Conflict
from parcels.models import Holding


class Lockable(TextChoices):
    """Acts that can be barred."""

    SALE = "SALE", _("sale")  # ar: البيع
    LEASE = "LEASE", _("lease or use")  # ar: التأجير والانتفاع
    ALLOCATION = "ALLOCATION", _("allocation")  # ar: التخصيص
    SPLIT = "SPLIT", _("split")  # ar: التقسيم
    MERGE = "MERGE", _("merge")  # ar: الدمج
    CUSTODY = "CUSTODY", _("transfer of custody")  # ar: نقل الولاية
    REMOVAL = "REMOVAL", _("removal")  # ar: الإزالة


@dataclass(frozen=True)
class Lock:
    """One bar: which acts, and why in words with the address of what bars them."""

    acts: frozenset[str]
    why: str
    url: str = ""


Locker = Callable[[Collection[UUID]], Mapping[UUID, list[Lock]]]
_lockers: list[Locker] = []

# What lets somebody hold land, by the act it is.
OF_HOLDING: Mapping[str, str] = {
    Holding.Kind.SALE: Lockable.SALE,
    Holding.Kind.SALE_INSTALLMENTS: Lockable.SALE,
    Holding.Kind.LEASE: Lockable.LEASE,
    Holding.Kind.LEASE_TO_OWN: Lockable.LEASE,
    Holding.Kind.USUFRUCT: Lockable.LEASE,
    Holding.Kind.USE_LICENCE: Lockable.LEASE,
    Holding.Kind.ALLOCATION: Lockable.ALLOCATION,
}


def register(locker: Locker) -> None:
    """Let a room above bar acts."""
    if locker not in _lockers:
        _lockers.append(locker)


def locks(parcels: Collection[UUID]) -> dict[UUID, list[Lock]]:
    """Return what bars acts on each of the parcels; those that nothing bars are left out."""
    found: dict[UUID, list[Lock]] = {}
    for locker in _lockers if parcels else ():
        for parcel, bars in locker(parcels).items():
            found.setdefault(parcel, []).extend(bars)
    return found


def refusal_of(bars: Iterable[Lock], act: str) -> Conflict | None:
    """Return the refusal of an act that one of the locks bars."""
    lock = next((one for one in bars if act in one.acts), None)
    if lock is None:
        return None
    return Conflict("act_locked", _("Barred: %(act)s. %(why)s"), act=Lockable(act).label, why=lock.why, url=lock.url)


def require_unlocked(parcels: Collection[UUID], *acts: str) -> None:
    """Raise Conflict `act_locked` where one of the acts is barred on one of the parcels."""
    found = locks(parcels)
    for act, parcel in product(acts, parcels):
        barred = refusal_of(found.get(parcel, ()), act)
        if barred is not None:
            raise barred
