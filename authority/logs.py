"""What the log leaves out."""

from __future__ import annotations

import logging

HEALTH = "/readyz"


class AskedAndTold(logging.Filter):
    """Drops the line of a health page that says "not ready": whoever asked has the reasons in the answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is written."""
        asked = getattr(getattr(record, "request", None), "path", "")
        return not (record.name == "django.request" and asked == HEALTH)
