"""Papers as PDF/A: our own HTML and letters become pages; nothing is fetched from anywhere.

WeasyPrint shapes Arabic by the system's Pango. Where that is missing papers are not made, and the reader is told so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, gettext_lazy

from authority.refusal import Unavailable
from ui import training
from ui.vendoring import FOLDER

FONTS = FOLDER / "plex-sans-arabic-1.1.0"
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
# Behind the text of every page, and in its margin: a copier that loses the one keeps the other.
WATERMARK = """
@page{@top-center{content:"تدريب – لا يُعتد به";font:600 13pt Plex;color:#b00020}}
body::before{content:"تدريب – لا يُعتد به";position:fixed;top:38%;left:0;right:0;text-align:center;
  font:700 64pt Plex;color:#b00020;opacity:.18;transform:rotate(-32deg)}
"""
log = logging.getLogger(__name__)


class PdfUnavailable(Unavailable):
    """The library that lays out pages is not there."""

    code = "pdf_unavailable"
    message = gettext_lazy("Papers cannot be made here: the system's library Pango is missing.")


class NothingFetchedError(ValueError):
    """A page asked for something that is not ours."""


@cache
def library() -> Any:
    """Return WeasyPrint; raises PdfUnavailable."""
    try:
        import weasyprint
    except OSError as missing:
        log.warning("no PDF: %s", str(missing).splitlines()[0])
        raise PdfUnavailable from None
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return weasyprint


def faces() -> str:
    """Return the @font-face rules of the house's letters: the complete files, which hold all digits."""
    return "".join(
        f'@font-face{{font-family:Plex;font-weight:{weight};src:url("file://{FONTS}/IBMPlexSansArabic-{name}.woff2")}}'
        for name, weight in WEIGHTS.items()
    )


def ours_only(url: str, *_: Any, **__: Any) -> Any:
    """Open the house's letters and nothing else; raises NothingFetchedError."""
    allowed = {f"file://{FONTS}/IBMPlexSansArabic-{name}.woff2": f"IBMPlexSansArabic-{name}.woff2" for name in WEIGHTS}
    if url not in allowed:
        raise NothingFetchedError(url[:80])
    return library().urls.URLFetcherResponse(url, (FONTS / allowed[url]).read_bytes(), {"Content-Type": "font/woff2"})


def render(template: str, context: Mapping[str, Any], *, title: str) -> bytes:
    """Return a page of ours as PDF/A-3b in the reader's language; raises PdfUnavailable."""
    weasyprint = library()
    page = {"language": get_language(), "rtl": get_language_bidi(), "title": title}
    html = render_to_string(template, {**context, **page})
    fonts = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(string=faces() + render_to_string("ui/paper.css"), font_config=fonts, url_fetcher=ours_only)
    sheets = [sheet, weasyprint.CSS(string=WATERMARK, font_config=fonts)] if training.on() else [sheet]
    laid = weasyprint.HTML(string=html, url_fetcher=ours_only)
    return bytes(laid.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3b"))
