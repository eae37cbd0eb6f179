"""What a camera wrote into a picture: where, when, with what. Kept as evidence, never handed out with the picture."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from PIL import ExifTags, Image

LONGEST = 100
WRITTEN_AS = "%Y:%m:%d %H:%M:%S"


def read(picture: Image.Image) -> dict[str, Any]:
    """Return position (degrees, WGS 84), time as the camera's clock had it, and camera, as far as they are told."""
    try:
        tags = picture.getexif()
        camera = tags.get_ifd(ExifTags.IFD.Exif)
        place = tags.get_ifd(ExifTags.IFD.GPSInfo)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError):
        return {}
    taken = camera.get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime)
    made_with = [_words(tags.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
    found = {
        "position": _position(place),
        "taken_at": _moment(_words(taken), _words(camera.get(ExifTags.Base.OffsetTimeOriginal))),
        "camera": " ".join(dict.fromkeys(filter(None, made_with))),
    }
    return {name: value for name, value in found.items() if value}


def resolution(picture: Image.Image) -> float | None:
    """Return the dots per inch the picture claims, where that can be."""
    try:
        told = picture.info.get("dpi", (0, 0))
        least = min(float(told[0]), float(told[1]))
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return least if math.isfinite(least) and 30 <= least <= 4800 else None


def _words(value: Any) -> str:
    text = value.decode("latin-1", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())[:LONGEST]


def _moment(told: str, offset: str) -> str:
    """Return the moment as ISO 8601; without an offset where the camera told none."""
    try:
        moment = dt.datetime.strptime(told, WRITTEN_AS)
    except ValueError:
        return ""
    try:
        return dt.datetime.fromisoformat(f"{moment.isoformat()}{offset}").isoformat()
    except ValueError:
        return moment.isoformat()


def _position(place: dict[int, Any]) -> dict[str, float] | None:
    lat = _degrees(place.get(ExifTags.GPS.GPSLatitude), _words(place.get(ExifTags.GPS.GPSLatitudeRef)), "NS", 90)
    lon = _degrees(place.get(ExifTags.GPS.GPSLongitude), _words(place.get(ExifTags.GPS.GPSLongitudeRef)), "EW", 180)
    return None if lat is None or lon is None else {"lon": lon, "lat": lat}


def _degrees(parts: Any, side: str, sides: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most or side not in tuple(sides):
        return None
    return round(-value if side == sides[1] else value, 7)
