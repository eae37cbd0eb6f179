"""Where a parcel came from and what came of it, as far back and forth as the book knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from authority.models import User
from parcels.models import Lineage, Parcel, ParcelVersion
from parcels.policies import parcels_visible_to

MOST = 120  # parcels of one family that are shown
FARTHEST = 12  # generations to either side


@dataclass(frozen=True)
class Relative:
    """One parcel of the family; `generation` is below 0 for ancestors, above for descendants."""

    parcel: Parcel
    generation: int
    number: str  # "" where it is out of the reader's sight


@dataclass(frozen=True)
class Family:
    """The parcels and the acts between them, the earliest first."""

    relatives: list[Relative]
    lines: list[Lineage]
    cut: bool  # there are more


def family_of(parcel: Parcel, user: User) -> Family:
    """Return the ancestors and descendants of a parcel; siblings are seen from the parent's page."""
    found: dict[UUID, int] = {parcel.pk: 0}
    lines: dict[int, Lineage] = {}
    for step in (-1, 1):
        edge: Collection[UUID] = [parcel.pk]
        for generation in range(step, step * (FARTHEST + 1), step):
            reached = _next(edge, step)
            lines |= {line.pk: line for line in reached}
            ends = [line.predecessor_id if step < 0 else line.successor_id for line in reached]
            edge = [pk for pk in dict.fromkeys(ends) if pk not in found][: MOST - len(found)]
            found |= dict.fromkeys(edge, generation)
            if not edge:
                break
    kept = sorted((one for one in lines.values() if _inside(one, found)), key=lambda one: (one.on, one.pk))
    return Family(_relatives(found, user), kept, len(kept) < len(lines))


def _next(edge: Collection[UUID], step: int) -> list[Lineage]:
    rows = Lineage.objects.filter(successor__in=edge) if step < 0 else Lineage.objects.filter(predecessor__in=edge)
    return list(rows.order_by("on", "pk")[: MOST * 2])


def _inside(line: Lineage, found: Collection[UUID]) -> bool:
    return line.predecessor_id in found and line.successor_id in found


def _relatives(found: dict[UUID, int], user: User) -> list[Relative]:
    parcels = Parcel.objects.filter(pk__in=found).in_bulk()
    seen = set(parcels_visible_to(user, Parcel.objects.filter(pk__in=found)).values_list("pk", flat=True))
    rows = ParcelVersion.objects.filter(parcel_id__in=seen, in_book=True).order_by("legal_range")
    numbers = dict(rows.values_list("parcel_id", "parcel_no_raw"))
    made = [Relative(parcels[pk], generation, numbers.get(pk, "")) for pk, generation in found.items()]
    return sorted(made, key=lambda one: (one.generation, one.parcel.parcel_code))
