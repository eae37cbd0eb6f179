"""Sources of law that the tables of the registers name in short: said in full in a memo."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

SHORT = (
    gettext_noop("Civil Code 970"),
    gettext_noop("L182/2018"),
    gettext_noop("L43/1979 Art. 26"),
    gettext_noop("L43/1979 Art. 26 · L168/2025 Art. 2"),
    gettext_noop("Penal Code 372 bis"),
)


def in_full(source: str) -> str:
    """Return a source as the reader's language writes it; one that is not known here as it stands."""
    return gettext(source)
