"""Tags of every page.

`{% icon "map" %}` `{% icon "chevron-right" "s flip" %}` · `{{ x|num }}` `{{ x|num:2 }}` `{{ x|signed:2 }}` ·
`{{ text|digits }}` · `{{ d|day }}` `{{ t|moment }}` · `{% badge text tone icon %}` · `{% swatch code %}` ·
`{% status code label %}` · `{% fqs area_m2 %}` `{{ area_m2|fq }}` · `{% deadline due_on today starts_on stopped %}` ·
`{% pager page %}` · `{% field form.name %}` `{% errors form %}` · `{{ share|step }}` · `{% querystring %}` is Django's.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import pgettext

from ui import areas, deadlines, digits, steps

register = template.Library()

LONG_WORD = re.compile(r"([A-Za-z]{8})([A-Za-z]{4,})")
ABSENT = "—"


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Return an icon of the sprite; it always stands beside a word."""
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("ui/icons.svg"),
        name,
    )


@register.filter
def breakable(text: Any) -> str:
    """Let a word of twelve Latin letters and more break after the eighth, with a hyphen where it does."""
    return LONG_WORD.sub("\\1\u00ad\\2", str(text))


@register.filter
def num(value: Any, places: int | None = None) -> str | SafeString:
    """Return a figure, grouped, in the reader's digits, isolated from the text around it."""
    if value is None or value == "":
        return ABSENT
    return format_html('<bdi class="num">{}</bdi>', digits.figure(value, places))


@register.filter
def signed(value: Any, places: int = 2) -> str | SafeString:
    """Return a figure with its sign, always left to right."""
    if value is None or value == "":
        return ABSENT
    return format_html('<bdi class="ltr num">{}</bdi>', digits.figure(value, places, signed=True))


@register.filter
def percent(value: Any, places: int = 2) -> str | SafeString:
    """Return a signed share of a hundred with its sign after the figure, left to right."""
    if value is None or value == "":
        return ABSENT
    return format_html('<bdi class="ltr num">{}%</bdi>', digits.figure(value, places, signed=True))


@register.filter(name="digits")
def digits_of(value: Any) -> str:
    """Return a text in the reader's digits; nothing else of it changes."""
    return digits.shown(str(value))


@register.filter
def day(value: dt.date | None) -> str | SafeString:
    """Return a date as dd/mm/yyyy."""
    if not value:
        return ABSENT
    return format_html('<bdi class="num">{}</bdi>', digits.day(value))


@register.filter
def moment(value: dt.datetime | None) -> str | SafeString:
    """Return a moment as dd/mm/yyyy HH:MM, Cairo's time."""
    if not value:
        return ABSENT
    return format_html('<bdi class="num ltr">{}</bdi>', digits.moment(value))


@register.filter
def step(share: float) -> int:
    """Return the class number of a share (0 to 1): `x-37` begins at 18.5 %."""
    return steps.step(share)


@register.simple_tag
def badge(text: Any, tone: str = "mute", icon_name: str = "") -> SafeString:
    """Return a badge; tones: danger warn ok info mute brass."""
    drawn = icon(icon_name, "s") if icon_name else ""
    return format_html('<span class="bdg {}">{}{}</span>', tone, drawn, capfirst(text))


@register.simple_tag
def swatch(code: str) -> SafeString:
    """Return the colour and pattern of a status of land; a word must stand beside it."""
    return format_html('<i class="sw st-{}"></i>', str(code).lower())


@register.simple_tag
def status(code: str, label: Any) -> SafeString:
    """Return a status of land: swatch and word."""
    return format_html('<span class="stt">{}{}</span>', swatch(code), capfirst(label))


def units() -> tuple[str, str, str]:
    """Return the short names of feddan, qirat, sahm."""
    return (pgettext("area unit", "feddan"), pgettext("area unit", "qirat"), pgettext("area unit", "sahm"))


def unit_words() -> tuple[str, str, str]:
    """Return the whole words for feddan, qirat, sahm."""
    return (pgettext("area word", "feddan"), pgettext("area word", "qirat"), pgettext("area word", "sahm"))


def short_units() -> tuple[str, str, str]:
    """Return the one-letter names of feddan, qirat, sahm."""
    return (pgettext("area letter", "f"), pgettext("area letter", "q"), pgettext("area letter", "s"))


def in_reading_order(cells: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """Arabic registers rule their columns س ط ف; English reads feddan, qirat, sahm."""
    return cells[::-1] if pgettext("order of area columns", "fqs") == "sqf" else cells


def split_of(area_m2: Any) -> areas.Split | None:
    """Return feddan, qirat, sahm of an area in m², or None where there is none to show."""
    return None if area_m2 in (None, "") else areas.split(Decimal(str(area_m2)))


@register.simple_tag
def fqs(area_m2: Any) -> str | SafeString:
    """Return the area ledger: the three ruled columns of the register."""
    found = split_of(area_m2)
    if found is None:
        return num(area_m2, 2)
    heads = format_html_join("", "<i>{}</i>", ((name,) for name in in_reading_order(units())))
    cells = format_html_join("", "<b>{}</b>", ((digits.figure(part),) for part in in_reading_order(found)))
    return format_html('<span class="fqs" role="img" aria-label="{}">{}{}</span>', fq_words(found), heads, cells)


def fq_words(found: areas.Split) -> str:
    """Return the area in words for those who hear the page."""
    pairs = zip(found, units(), strict=True)
    return (
        pgettext("between parts of an area", ", ").join(f"{digits.figure(n)} {name}" for n, name in pairs if n) or "0"
    )


@register.filter
def fq(area_m2: Any) -> str | SafeString:
    """Return the area on one line, zero parts left out."""
    found = split_of(area_m2)
    if found is None:
        return num(area_m2, 2)
    f, q, s = zip(found, short_units(), strict=True)
    pairs = in_reading_order((f, q, s))
    kept = [(digits.figure(n), name) for n, name in pairs if n] or [(digits.figure(0), short_units()[2])]
    return format_html('<span class="fq">{}</span>', format_html_join("", "<b>{}</b><u>{}</u>", kept))


@register.simple_tag
def deadline(
    due_on: dt.date | None, today: dt.date, starts_on: dt.date | None = None, stopped: object = False
) -> str | SafeString:
    """Return the deadline ring with its words."""
    if due_on is None:
        return ""
    ring = deadlines.ring(due_on, today=today, starts_on=starts_on, stopped=bool(stopped))
    return format_html(
        '<span class="dl {}"><span class="ring x-{}"></span>{}</span>',
        ring.tone,
        steps.step(ring.share),
        digits.shown(ring.words),
    )


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, classes: str = "") -> dict[str, Any]:
    """Render one field of a form: label, control, help, error, tied together."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "classes": classes, "is_check": kind == "checkbox", "is_hidden": bound.is_hidden}


@register.inclusion_tag("ui/parts/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """Render the summary of a form's errors, each a link to its field."""
    return {"form": form, "fields": [form[name] for name in form.errors if name in form.fields]}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Render the pager of a Django page of results."""
    return {"page": page, "request": context.get("request")}
