"""What an officer asks of an edit: read once, kept with the proposal, read again when it is accepted."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid
from parcels import areas, editing
from parcels.editing import Side

XY = tuple[float, float]
SHARE = re.compile(r"[0-9]{1,6}/[1-9][0-9]{0,5}|[01](\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Asked:
    """One edit. Points are in `crs`: a line, an outline, or the one corner that moves."""

    kind: str
    parcels: tuple[UUID, ...]
    points: tuple[XY, ...] = ()
    crs: str = "EPSG:4326"
    snap: bool = True
    side: str = ""  # E W N S
    bearing: float | None = None  # of the side, or of the corner's way; degrees of the working grid
    edge: int | None = None
    areas: tuple[str, ...] = ()  # as papers write them: 2ف 4ط, 9100 م², 9100
    shares: tuple[str, ...] = ()  # fractions of the whole: 1/8; the last heir has what is left
    to: XY | None = None
    to_crs: str = ""
    distance: float | None = None  # metres
    holes: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the row keeps it."""
        return {**asdict(self), "parcels": [str(one) for one in self.parcels]}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Asked:
        """Return what a row keeps."""
        return cls.of(**{**kept, "parcels": [UUID(one) for one in kept["parcels"]]})

    @classmethod
    def of(cls, **said: Any) -> Asked:
        """Return what was said, lists as tuples; raise Invalid `edit_point_unreadable`."""
        points = tuple(point_of(one) for one in said.get("points") or ())
        to = said.get("to")
        lists = {name: tuple(said.get(name) or ()) for name in ("parcels", "areas", "shares")}
        made: dict[str, Any] = {**said, **lists, "points": points, "to": None if to is None else point_of(to)}
        return cls(**made)


def point_of(value: Any) -> XY:
    """Return a point of two finite numbers; raise Invalid `edit_point_unreadable`."""
    x, y = float(value[0]), float(value[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Invalid("edit_point_unreadable", _("A point cannot be read."))
    return x, y


def wanted_areas(asked: Asked, whole_m2: float) -> list[Fraction]:
    """Return the areas to cut off, in m²; raise Invalid where none or an unreadable one was said."""
    if bool(asked.areas) == bool(asked.shares):
        raise Invalid("edit_areas_or_shares", _("Say the areas to cut off, or the shares of the heirs."), field="areas")
    if asked.areas:
        return [_area(text) for text in asked.areas]
    shares = [_share(text) for text in asked.shares]
    if sum(shares) != 1:
        raise Invalid(
            "edit_shares_not_whole", _("The shares add up to %(sum)s, not to the whole."),
            field="shares", sum=str(sum(shares)),
        )  # fmt: skip
    return [share * Fraction(whole_m2) for share in shares[:-1]]


def _area(text: str) -> Fraction:
    try:
        return areas.parse(text, bare_metres=True).m2
    except areas.AreaError:
        raise Invalid(
            "edit_area_unreadable", _("The area “%(text)s” cannot be read."), field="areas", text=text[:60]
        ) from None


def _share(text: str) -> Fraction:
    plain = text.strip().translate(areas.TO_LATIN)
    found = Fraction(plain) if SHARE.fullmatch(plain) else Fraction(0)
    if found <= 0:
        raise Invalid(
            "edit_share_unreadable", _("The share “%(text)s” cannot be read."), field="shares", text=text[:30]
        )
    return found


def side_of(asked: Asked, whole: Any) -> Side:
    """Return the side from which land is cut: an edge, a bearing or a quarter of the sky."""
    if asked.edge is not None:
        return Side.along(whole, asked.edge)
    if asked.bearing is not None:
        return Side.towards(asked.bearing)
    return Side.named(asked.side)


def target(asked: Asked, corner: XY, typed: XY | None) -> XY:
    """Return where a corner goes, in the working system: typed coordinates, or bearing and distance."""
    if typed is not None:
        return typed
    if asked.bearing is None or asked.distance is None:
        raise Invalid("edit_target_missing", _("Say where the corner goes: E and N, or bearing and distance."))
    return editing.from_bearing(corner, asked.bearing, asked.distance)
