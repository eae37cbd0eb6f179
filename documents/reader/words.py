"""The entry: read the words of a paper: the text a PDF carries, or what Tesseract sees on its pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from documents.reader.limits import MAX_PIXELS
from documents.reader.pictures import WAYS

WORK = Path("/tmp/pages")  # noqa: S108 - a private tmpfs, gone with the process
LANGUAGES = ("ara", "eng")
MOST_PAGES = 20
MOST_LETTERS = 400_000
DPI = 200
SIDE = 5000  # pixels of the long side: more does not read better
LETTER = re.compile(r"\w")
LEAST_LETTERS = 30  # of a page: a PDF with less text than this is a picture of a paper
PAGE_SECONDS = 60


def main(*, request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    """Return the text, how it came about and how many pages were read."""
    warnings.simplefilter("ignore")
    WORK.mkdir()
    ends = time.monotonic() + request["seconds"]
    if request["media_type"] == "application/pdf":
        return of_pdf(inputs["file"], ends)
    return seen(pictures_of(inputs["file"], request["media_type"]), ends)


def of_pdf(path: Path, ends: float) -> dict[str, Any]:
    """Return the text of a PDF: its own where it carries one, else what is seen on its pages."""
    told = ran(["pdftotext", "-q", "-enc", "UTF-8", "-l", "200", str(path), "-"], ends)
    pages = told.count("\f") or 1
    if len(LETTER.findall(told)) >= LEAST_LETTERS * pages:
        return {"text": told[:MOST_LETTERS], "way": "LAYER", "pages": pages}
    return seen(drawn(path, ends), ends)


def drawn(path: Path, ends: float) -> Iterator[Path]:
    """Yield the pages of a PDF as pictures, one at a time."""
    for number in range(1, MOST_PAGES + 1):
        target = WORK / f"page{number}"
        page = str(number)
        ran(
            ["pdftoppm", "-q", "-r", str(DPI), "-scale-to", str(SIDE // 2), "-gray", "-png", "-singlefile",
             "-f", page, "-l", page, str(path), str(target)], ends,
        )  # fmt: skip
        made = target.with_suffix(".png")
        if not made.exists():
            return
        yield made
        made.unlink()


def pictures_of(path: Path, media_type: str) -> Iterator[Path]:
    """Yield the pages of a picture as Tesseract reads them: grey, upright."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(path, formats=WAYS[media_type].opened_as) as picture:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number >= MOST_PAGES:
                return
            grey = ImageOps.exif_transpose(frame).convert("L")
            grey.thumbnail((SIDE, SIDE))
            target = WORK / f"page{number}.png"
            grey.save(target, compress_level=1)
            yield target
            target.unlink()


def seen(pages: Iterator[Path], ends: float) -> dict[str, Any]:
    """Return what Tesseract sees on the pages."""
    languages = installed(ends)
    if not languages:
        return {"text": "", "way": "NONE", "pages": 0}
    texts: list[str] = []
    for page in pages:
        texts.append(ran(["tesseract", str(page), "stdout", "-l", languages, "--dpi", str(DPI)], ends))
        if time.monotonic() > ends or sum(map(len, texts)) > MOST_LETTERS:
            break
    return {"text": "\f".join(texts)[:MOST_LETTERS], "way": "OCR", "pages": len(texts)}


def installed(ends: float) -> str:
    """Return the languages Tesseract is to read, as it wants them named: ara+eng."""
    known = ran(["tesseract", "--list-langs"], ends).split()
    return "+".join(name for name in LANGUAGES if name in known)


def ran(command: list[str], ends: float) -> str:
    """Return what a program prints; nothing where it is missing, fails or runs out of time."""
    left = min(PAGE_SECONDS, ends - time.monotonic())
    if shutil.which(command[0]) is None or left <= 0:
        return ""
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(command, capture_output=True, env=env, timeout=left, check=False)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace").replace("\x00", "")
