"""Taking in a paper: stored, opened in the sandbox, a picture drawn anew, and what is wrong with the scan told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Invalid, TooLarge, Unavailable
from documents import reading, sandbox, services
from documents import store as files
from documents.labels import ending_as
from documents.models import Document
from documents.quality import WARNINGS
from documents.reading import PICTURES
from documents.sandbox.limits import MB, Limits
from documents.sniffing import acts_in_browser

OPENED = PICTURES | {"application/pdf"}
LIMITS = Limits(cpu_s=50, wall_s=60, memory_bytes=2560 * MB, scratch_bytes=640 * MB, output_bytes=512 * MB)
ENTRY = "documents.reader.look"
COPY = "served_copy"
MOST_PAGES = 100_000
REFUSALS = {
    "picture_too_large": _("The picture has more than %(most)s million pixels."),
    "picture_pages": _("The file has more than %(most)s pages."),
    "picture_broken": _("The picture cannot be opened: it is damaged, or not what its first bytes say."),
}


@transaction.atomic
def take_in(
    *,
    file: IO[bytes] | File[Any],
    filename: str,
    kind: str,
    by: User,
    at: dt.datetime,
    governorate: str = "",
    type: str = "",
    number: str = "",
    dated_on: dt.date | None = None,
) -> Document:
    """Keep a paper from outside; its bytes stay as they came.

    Raises what `services.store` and the sandbox raise, Invalid `paper_active` (HTML, SVG), `picture_broken`,
    `picture_pages`, `document_type`, `text_too_long`, and TooLarge `picture_too_large`.
    """
    document = services.store(file=file, filename=filename, kind=kind, by=by, at=at, governorate=governorate)
    document.type, document.number, document.dated_on = type_of(type), number_of(number), dated_on
    if acts_in_browser(head_of(document)):
        raise Invalid(
            "paper_active", _("Web pages and SVG drawings are not taken in as papers: send a PDF or a picture.")
        )
    if document.media_type in OPENED:
        _look(document, by=by, at=at)
    document.save()
    reading.ask_for(document, by=by, at=at)
    return document


def type_of(name: str) -> str:
    """Return the type; raises Invalid `document_type` for one that is not in the list."""
    if name and name not in Document.Type.values:
        raise Invalid("document_type", _("There is no such type of paper."), field="type")
    return name


def number_of(text: str) -> str:
    """Return the number; raises Invalid `text_too_long`."""
    length = 60
    if len(text) > length:
        raise Invalid("text_too_long", _("%(field)s: at most %(length)s characters."), field="number", length=length)
    return text.replace("\x00", "").strip()


def head_of(document: Document) -> bytes:
    """Return the first bytes of a stored file."""
    with files.path_of(document.sha256).open("rb") as stored:
        return stored.read(files.HEAD)


def _look(document: Document, *, by: User, at: dt.datetime) -> None:
    """Open it in the sandbox, write down what is told, and keep the copy of a picture."""
    result = sandbox.run(
        entry=ENTRY,
        inputs={"file": files.path_of(document.sha256)},
        request={"media_type": document.media_type, "photo": document.type == Document.Type.PHOTO},
        limits=LIMITS,
    )
    try:
        told = result.reply
        _refuse(told.get("refusal"))
        document.looked_at = at
        document.active = told.get("active") is True
        document.pdfa = _pdfa(told.get("pdfa"))
        document.pages = _whole(told.get("pages"), MOST_PAGES)
        document.warnings = [code for code in WARNINGS if code in _list(told.get("warnings"))]
        document.evidence = evidence_of(told.get("evidence"))
        if document.media_type in PICTURES:
            _keep_copy(document, told.get("served"), result.outdir, by=by, at=at)
    finally:
        result.remove()


def _refuse(refusal: object) -> None:
    if not isinstance(refusal, dict):
        return
    code, params = refusal.get("code"), refusal.get("params")
    if code not in REFUSALS or not isinstance(params, dict):
        code, params = "picture_broken", {}
    kind = TooLarge if code == "picture_too_large" else Invalid
    raise kind(code, REFUSALS[code], **{str(name): value for name, value in params.items()})


def _keep_copy(document: Document, served: object, outdir: Path, *, by: User, at: dt.datetime) -> None:
    """Store the picture that was drawn anew; it must be what it says it is."""
    name, kind = (served.get("file"), served.get("media_type")) if isinstance(served, dict) else (None, None)
    path = outdir / str(name)
    if path.parent != outdir or not path.is_file() or kind not in PICTURES:
        raise Unavailable("sandbox_failed", _("The file could not be read: its contents broke the reader."))
    with path.open("rb") as drawn:
        copy = services.store(
            file=drawn, filename=ending_as(document.filename, str(kind)), kind=COPY, by=by, at=at,
            governorate=document.governorate, limit=LIMITS.output_bytes, made_here=True,
        )  # fmt: skip
    if copy.media_type != kind:
        raise Unavailable("sandbox_failed", _("The file could not be read: its contents broke the reader."))
    copy.copy_of = document
    copy.save(update_fields=["copy_of"])


def evidence_of(told: object) -> dict[str, Any]:
    """Return what a picture's tags say, each value checked: it comes out of a file from outside."""
    said: Mapping[str, Any] = told if isinstance(told, dict) else {}
    found: dict[str, Any] = {}
    for name in ("taken_at", "camera"):
        if isinstance(said.get(name), str) and said[name].isprintable():
            found[name] = said[name][:120]
    place = said.get("position")
    if isinstance(place, dict) and _number(place.get("lon"), 180) and _number(place.get("lat"), 90):
        found["position"] = {"lon": float(place["lon"]), "lat": float(place["lat"])}
    pixels = _list(said.get("pixels"))
    if len(pixels) == 2 and all(_whole(side, 100_000) for side in pixels):
        found["pixels"] = pixels
    if dpi := _whole(said.get("dpi"), 10_000):
        found["dpi"] = dpi
    return found


def _pdfa(told: object) -> str:
    return told if isinstance(told, str) and len(told) <= 2 and told.isascii() and told.isalnum() else ""


def _number(value: object, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -most <= value <= most


def _whole(value: object, most: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
