"""Addresses of pages of rooms above, which may not be built in."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def address_of(name: str, *args: Any) -> str:
    """Return the address of a page, "" where its room is not built in."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
