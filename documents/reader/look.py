"""The entry: look at one paper and say what it is; pictures are drawn anew."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from documents.reader import pdfs, pictures
from documents.reader.limits import UnreadableError


def main(*, request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    """Do one job; a refusal of the file is an answer, not an error."""
    warnings.simplefilter("ignore")
    try:
        if request["media_type"] == "application/pdf":
            return pdfs.look(inputs["file"])
        return pictures.look(inputs["file"], request["media_type"], out, photo=request["photo"])
    except UnreadableError as refusal:
        return {"refusal": {"code": refusal.code, "params": refusal.params}}
