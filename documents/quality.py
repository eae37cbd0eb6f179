"""What can be wrong with a scan, in words: warnings, never refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WARNINGS: dict[str, str | Promise] = {
    "low_resolution": _("Low resolution: scan it again with at least 200 dots per inch."),
    "blank_page": _("A page seems to be blank."),
    "skewed": _("A page lies askew."),
    "too_dark": _("Too dark to be read easily."),
    "low_contrast": _("The writing hardly stands out from the paper."),
}
SHORT: dict[str, str | Promise] = {
    "low_resolution": _("low resolution"),
    "blank_page": _("blank page"),
    "skewed": _("askew"),
    "too_dark": _("too dark"),
    "low_contrast": _("pale writing"),
}


def in_words(codes: list[str]) -> list[str]:
    """Return the warnings in the reader's language."""
    return [str(WARNINGS[code]) for code in codes if code in WARNINGS]
