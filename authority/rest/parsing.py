"""What is read."""

from __future__ import annotations

from rest_framework import parsers


class GuardedJSONParser(parsers.JSONParser):
    """JSON with limits."""
