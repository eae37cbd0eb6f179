"""The day's signed head leaves the house: a small file and a sheet to print, for keeping elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from authority.chain.signing import file_of, sign_head
from authority.models import SignedHead, User
from documents import pdf

log = logging.getLogger(__name__)


def sign_and_export(*, by: User, at: dt.datetime) -> SignedHead:
    """Sign the day's head and write it into the folder of the setting; raises Unavailable `head_key_missing`."""
    head = sign_head(by=by, at=at)
    export(head)
    return head


def name_of(head: SignedHead) -> str:
    """Return the file's name without its ending."""
    return f"amlak-head-{head.day}"


def export(head: SignedHead) -> None:
    """Write file and sheet; where pages cannot be laid out, the file alone is written."""
    folder = settings.HEAD_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{name_of(head)}.json", json.dumps(file_of(head), indent=1).encode())
    try:
        _write(folder / f"{name_of(head)}.pdf", sheet_of(head))
    except pdf.PdfUnavailable:
        log.warning("the head of %s was written without its sheet: Pango is missing", head.day)


def sheet_of(head: SignedHead) -> bytes:
    """Return the head as a sheet to print, in Arabic."""
    said = json.loads(head.text)
    with override("ar"):
        title = _("Signed head of the audit trail")
        return pdf.render("documents/head.html", {"head": head, "said": said}, title=title)


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all."""
    new = path.with_suffix(f"{path.suffix}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
