"""What is looked for every night: conditions on the standing versions of open parcels, each a kind of work.

Rooms above add theirs: register(Kind("overlap_noted", _("…"), found)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Abs
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcels import numbers
from parcels.models import OwnershipClass, ParcelVersion
from parcels.selectors import versions_as_of

Text = str | Promise
UNKNOWN_CUSTODIAN = "unknown"
TOLERANCE = 0.05  # domain.md §2.3: above 5 % deed and survey block


@dataclass(frozen=True)
class Kind:
    """A kind of work: `found` returns rows with the key `parcel_id`, within a governorate."""

    kind: str
    title: Text
    found: Callable[[str], QuerySet[Any]]
    hint: Text = ""  # where it is put right


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Look for another kind of work."""
    _kinds[kind.kind] = kind


def kinds() -> list[Kind]:
    """Return the kinds in the order in which they were declared."""
    return list(_kinds.values())


def title_of(kind: str) -> str:
    """Return the words of a kind."""
    return str(_kinds[kind].title) if kind in _kinds else kind


def standing(governorate: str) -> QuerySet[ParcelVersion]:
    """Return the versions of the day of open parcels in a governorate."""
    rows = versions_as_of().filter(parcel__closed_on=None, place__path__startswith=f"{governorate}.").order_by()
    return rows.select_related(None)


def where(condition: Q) -> Callable[[str], QuerySet[Any]]:
    """Return what finds the parcels that meet a condition."""
    return lambda governorate: standing(governorate).filter(condition).values("parcel_id")


def differing(governorate: str) -> QuerySet[Any]:
    """Return the parcels whose deed and survey differ by more than 5 %."""
    rows = standing(governorate).filter(deed_area_m2__gt=0, survey_area_m2__gt=0)
    gap = Abs(F("deed_area_m2") - F("survey_area_m2"))
    return rows.annotate(gap=gap).filter(gap__gt=F("deed_area_m2") * TOLERANCE).values("parcel_id")


def doubled(governorate: str) -> QuerySet[Any]:
    """Return the parcels that share place and number with another: a part (ضمن) and a parcel without number may."""
    same = standing(governorate).filter(
        place_id=OuterRef("place_id"), parcel_no_norm=OuterRef("parcel_no_norm"), is_part_of=False
    )
    numbered = standing(governorate).filter(is_part_of=False).exclude(parcel_no_norm=numbers.NONE)
    return numbered.filter(Exists(same.exclude(parcel_id=OuterRef("parcel_id")))).values("parcel_id")


def declare() -> None:
    """Declare what this room looks for."""
    no_area = Q(deed_area_m2=None, survey_area_m2=None, geom_area_m2=None)
    shape, field = _("Hand in a survey, or draw its boundary."), _("Record a correction.")
    register(Kind("not_located", _("not located"), where(Q(geom=None)), shape))
    register(Kind("no_area", _("no area"), where(no_area), field))
    unknown = Q(custodian__code=UNKNOWN_CUSTODIAN) | Q(custodian__closed_on__isnull=False)
    register(Kind("no_custodian", _("no custodian"), where(unknown), _("Record a decree of custody.")))
    register(Kind("class_unknown", _("class not known"), where(Q(ownership_class=OwnershipClass.UNKNOWN)), field))
    register(Kind("area_differs", _("deed and survey differ by more than 5 %"), differing, field))
    register(Kind("number_doubled", _("number entered twice"), doubled, _("Merge the doubles, or correct a number.")))
