"""What the law says of land near what it protects: bands of distance from a line or an area, and their verdict.

A rule is a row of `law.LegalRule` with the code `protection.<layer>`; its params::

    {"bands": {"TRAINING_LINE": [[30, "PROHIBITED"], [80, "RESTRICTED"]], …}, "beyond": "CORNICHE"}

Distances in metres, inclusive, in rising order. `beyond`: land that lies behind a line of that feature, seen from the
line measured from, is outside (Law 147/2021 Art. 1: where a corniche was built, its edge is the limit).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from law.registry import RuleKind, register
from parcels.models import ProtectionZone, Restriction

Feature = ProtectionZone.Feature
Verdict = Restriction.Verdict
NEAR_M = 100.0  # where no rule speaks, how near is told with its distance
MOST_BANDS, FARTHEST_M = 6, 20_000.0


@dataclass(frozen=True)
class Hit:
    """What is nearest of one feature, and what the rule says of it."""

    feature: str
    distance_m: float
    verdict: str


def bands(params: Mapping[str, Any]) -> dict[str, list[tuple[float, str]]]:
    """Return the bands of each feature; raises ValueError for what is no rule."""
    found: dict[str, list[tuple[float, str]]] = {}
    for feature, rows in dict(params["bands"]).items():
        found[Feature(feature).value] = read = [(float(metres), Verdict(verdict).value) for metres, verdict in rows]
        widths = [metres for metres, _verdict in read]
        if not read or len(read) > MOST_BANDS or sorted(set(widths)) != widths or not 0 < widths[-1] <= FARTHEST_M:
            raise ValueError(f"{feature}: distances in metres, rising, at most {FARTHEST_M:.0f}")
    return found


def check(params: Any) -> None:
    """Raise ValueError for params that are no rule."""
    if not isinstance(params, dict) or set(params) - {"bands", "beyond"}:
        raise ValueError("bands, beyond")
    if not bands(params):
        raise ValueError("bands")
    if params.get("beyond"):
        Feature(params["beyond"])


def explain(params: Mapping[str, Any]) -> list[str]:
    """Say a rule in words, a line for each band."""
    lines = []
    for feature, rows in bands(params).items():
        low = 0.0
        for metres, verdict in rows:
            words = _("%(feature)s: over %(low)g to %(high)g m — %(verdict)s")
            told = {"feature": Feature(feature).label, "low": low, "high": metres, "verdict": Verdict(verdict).label}
            lines.append(words % told)
            low = metres
    if params.get("beyond"):
        lines.append(_("Behind a “%(feature)s” the strip ends.") % {"feature": Feature(params["beyond"]).label})
    return lines


def reach(params: Mapping[str, Any] | None) -> float:
    """Return how far the rule reaches, in metres."""
    return max((rows[-1][0] for rows in bands(params).values()), default=NEAR_M) if params else NEAR_M


def judged(own: Any, zones: Iterable[tuple[str, Any]], params: Mapping[str, Any] | None) -> Hit | None:
    """Return the gravest hit of a parcel among the zones (feature, shape), all in metres; None where it is clear."""
    pairs = list(zones)
    known = bands(params) if params else {}
    limits = [shape for feature, shape in pairs if params and feature == params.get("beyond")]
    hits = [
        hit
        for feature in {feature for feature, _shape in pairs if not params or feature != params.get("beyond")}
        if (hit := nearest(own, feature, [shape for f, shape in pairs if f == feature], known.get(feature), limits))
    ]
    return min(hits, key=lambda hit: (list(Verdict).index(Verdict(hit.verdict)), hit.distance_m), default=None)


def nearest(
    own: Any, feature: str, shapes: list[Any], rows: list[tuple[float, str]] | None, limits: list[Any]
) -> Hit | None:
    """Return the hit of one feature: the nearest shape that no limit cuts off."""
    apart = shapely.distance(own, np.array(shapes, dtype=object))
    for place in np.argsort(apart):
        metres = float(apart[place])
        if metres > 0 and cut_off(own, shapes[int(place)], limits):
            continue
        verdict = verdict_at(metres, rows)
        return Hit(feature, metres, verdict) if verdict else None
    return None


def cut_off(own: Any, shape: Any, limits: list[Any]) -> bool:
    """Say whether a limit lies between the parcel and what is measured from."""
    if not limits:
        return False
    way = shapely.shortest_line(own, shape)
    return bool(np.any(shapely.intersects(way, np.array(limits, dtype=object))))


def verdict_at(metres: float, rows: list[tuple[float, str]] | None) -> str:
    """Return what the rule says at a distance; "" beyond its reach."""
    if rows is None:
        return Verdict.RESTRICTED if metres == 0 else Verdict.NEAR if metres <= NEAR_M else ""
    return next((verdict for high, verdict in rows if metres <= high), "")


def declare() -> None:
    """Make the rules of the protection layers known to the room of law."""
    from parcels.screening import EXPECTED

    for code, title in EXPECTED.items():
        register(RuleKind(f"protection.{code}", title, check=check, explain=explain))
