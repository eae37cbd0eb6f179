"""How much of a paper is looked at."""

from __future__ import annotations

MAX_PIXELS = 120_000_000  # of one picture; A1 at 300 dpi has 70 million
MAX_SIDE = 30_000  # pixels
MAX_PAGES = 300  # of one TIFF
MAX_ALL_PIXELS = 1_200_000_000  # of all its pages
CHECKED_PAGES = 12  # for quality


class UnreadableError(Exception):
    """The paper is refused: a code, and what its message needs."""

    def __init__(self, code: str, **params: int | str) -> None:
        self.code, self.params = code, params
        super().__init__(code)
