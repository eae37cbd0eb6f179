"""Compile the translation catalogues (.po to .mo) that changed; needs no gettext tools."""

from __future__ import annotations

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_changed() -> None:
    """Write each django.mo that is missing or older than its django.po."""
    for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


if __name__ == "__main__":
    compile_changed()
