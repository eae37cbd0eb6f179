"""Filters that many layers know: their parsers (ValueError for what cannot be read) and what they leave of the rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from authority.models import Place
from authority.selectors import subtree_of
from tiles.registry import Filters


def within_place(rows: QuerySet[Any], path: str, filters: Filters) -> QuerySet[Any]:
    """Bound rows to a place and all below it, given by its code."""
    if "place" not in filters:
        return rows
    place = Place.objects.filter(code=filters["place"]).first()
    if place is None:
        return rows.none()
    return rows.filter(**{f"{path}__in": subtree_of(place).order_by().values("pk")})


def place_code(text: str) -> str:
    """Read a place's code: digits only."""
    if not (text.isascii() and text.isdigit() and len(text) <= 24):
        raise ValueError(text)
    return text


def slug(text: str) -> str:
    """Read a custodian's code."""
    if not 0 < len(text) <= 32:
        raise ValueError(text)
    return text
