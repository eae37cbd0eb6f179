"""The foundation's figures: sample, parcel page, tiles, a real survey, search."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator

from benches.figure import Figure

PARTS = ("starting", "land", "pages", "tilework", "survey", "search")


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the figures of each part that is here."""
    for part in PARTS:
        if importlib.util.find_spec(f"benches.{part}"):
            yield from importlib.import_module(f"benches.{part}").figures(quick)
