"""The area ledger needs the register's arithmetic; the register, a room above, hands it in (`register`)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

Split = tuple[int, int, Decimal | int]  # feddan, qirat, sahm
Splitter = Callable[[Decimal], Split]

_splitters: list[Splitter] = []


def register(splitter: Splitter) -> None:
    """Take the function that splits m² into feddan, qirat and sahm."""
    _splitters[:] = [splitter]


def split(area_m2: Decimal) -> Split | None:
    """Return feddan, qirat and sahm; None as long as no register stands above."""
    return _splitters[0](area_m2) if _splitters else None
