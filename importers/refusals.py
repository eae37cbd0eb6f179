"""Why a file is refused, as codes the sandboxed child can raise; `reading.py` gives them words. No Django here."""

from __future__ import annotations

from typing import Any


class UnreadableError(Exception):
    """The whole file is refused: a code from the closed list of `importers.messages` and plain parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
