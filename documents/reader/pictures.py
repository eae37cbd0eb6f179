"""Pictures: measured before they are decoded, then drawn anew without anything but their pixels (threats A13)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from documents.reader import quality, traces
from documents.reader.limits import CHECKED_PAGES, MAX_ALL_PIXELS, MAX_PAGES, MAX_PIXELS, MAX_SIDE, UnreadableError


@dataclass(frozen=True)
class Way:
    """How a kind of picture is opened and written: only by the one reader its first bytes name."""

    opened_as: tuple[str, ...]
    written_as: str
    ending: str
    media_type: str
    modes: frozenset[str]


GREY = frozenset({"1", "L", "LA", "RGB", "RGBA", "I;16"})
WAYS = {
    "image/jpeg": Way(("JPEG",), "JPEG", "jpg", "image/jpeg", frozenset({"L", "RGB"})),
    "image/png": Way(("PNG",), "PNG", "png", "image/png", GREY),
    "image/gif": Way(("GIF",), "PNG", "png", "image/png", GREY),
    "image/webp": Way(("WEBP",), "PNG", "png", "image/png", GREY),
    "image/tiff": Way(("TIFF",), "TIFF", "tif", "image/tiff", GREY),
}
SAVING: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "PNG": {"compress_level": 4}, "TIFF": {}}


def look(path: Path, media_type: str, out: Path, *, photo: bool) -> dict[str, Any]:
    """Measure, decode and draw a picture anew; return what it is, what its quality is and what its tags say."""
    way = WAYS[media_type]
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=way.opened_as) as picture:
            return _look(picture, way, out, photo=photo)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnreadableError("picture_too_large", most=MAX_PIXELS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError):
        raise UnreadableError("picture_broken") from None


def _look(picture: Image.Image, way: Way, out: Path, *, photo: bool) -> dict[str, Any]:
    pages = getattr(picture, "n_frames", 1) if way.written_as == "TIFF" else 1
    if pages > MAX_PAGES:
        raise UnreadableError("picture_pages", most=MAX_PAGES)
    evidence, dpi = traces.read(picture), traces.resolution(picture)
    checks = quality.Checks(dpi, photo=photo)
    _write(_frames(picture, way, pages, checks), way, out / f"served.{way.ending}", dpi)
    return {
        "served": {"file": f"served.{way.ending}", "media_type": way.media_type},
        "evidence": {**evidence, "pixels": list(checks.size), "dpi": checks.dpi},
        "pages": pages,
        "warnings": checks.warnings(),
    }


def _frames(picture: Image.Image, way: Way, pages: int, checks: quality.Checks) -> Iterator[Image.Image]:
    """Yield the pages upright and bare: pixels only."""
    left = MAX_ALL_PIXELS
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        if number >= pages:
            return
        width, height = frame.size
        left -= width * height
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS or left < 0:
            raise UnreadableError("picture_too_large", most=MAX_PIXELS // 1_000_000)
        bare = _bare(frame, way)
        if number < CHECKED_PAGES:
            checks.add(bare)
        yield bare


def _bare(frame: Image.Image, way: Way) -> Image.Image:
    """Return a copy of the pixels, turned as the camera was held, in a mode that can be written."""
    frame.load()
    upright = ImageOps.exif_transpose(frame)
    if upright.mode not in way.modes:
        upright = upright.convert(_mode(upright, way))
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _mode(frame: Image.Image, way: Way) -> str:
    if frame.mode == "1" or (frame.mode in ("F", "I") and "L" in way.modes):
        return "L"
    see_through = frame.mode in ("PA", "La", "RGBa") or "transparency" in frame.info
    return "RGBA" if see_through and "RGBA" in way.modes else "RGB"


def _write(frames: Iterator[Image.Image], way: Way, target: Path, dpi: float | None) -> None:
    options = dict(SAVING[way.written_as])
    if dpi is not None:
        options["dpi"] = (round(dpi), round(dpi))
    first = next(frames)
    if way.written_as == "TIFF":
        compression = "group4" if first.mode == "1" else "tiff_deflate"
        first.save(target, "TIFF", save_all=True, append_images=frames, compression=compression, **options)
    else:
        first.save(target, way.written_as, **options)
