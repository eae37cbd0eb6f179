"""A request as pages and the API show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authority import clock
from authority.models import Custodian, Place, User
from authority.refusal import Refusal
from exports import refusals, services
from exports.asking import unknown_to
from exports.formats import FORMATS, SYSTEMS, Format
from exports.models import Export
from jobs.models import Job
from tiles import registry
from tiles.registry import Layer
from tiles.selectors import may_see, visible_layers

LEFT_OUT = frozenset({"placenames"})  # points that only carry names on the map
WHY: dict[str, type[Refusal]] = {
    kind.code: kind for kind in (refusals.TooManyRows, refusals.NothingFound, refusals.NotStaff, refusals.FieldInvalid)
}


def layers_for(user: User, filters: Mapping[str, str]) -> list[Layer]:
    """Return the layers that a person may carry away, as the form lists them: what was asked for, then the register.

    A layer that answers a question, as between two days, stands there when the address holds the question.
    """
    asked = [one for one in registry.layers() if one.required_filters and one.required_filters <= set(filters)]
    listed = [one for one in reversed(list(visible_layers(user))) if one.name not in LEFT_OUT]
    return [*(one for one in asked if not one.listed and may_see(user, one)), *listed]


def progress_of(export: Export) -> int:
    """Return how far the writing is, in percent."""
    job = Job.objects.filter(key=f"exports.write:{export.pk}").order_by("-queued_at").first()
    return job.percent if job else 0


def why(export: Export) -> str:
    """Return in words why no file came of a request."""
    kind = WHY.get(export.refusal)
    if kind is refusals.TooManyRows:
        return kind(limit=FORMATS[export.format].most_rows).detail
    if kind is not None and "%(" not in str(kind.message):
        return kind().detail
    if export.refusal == services.BROKEN:
        return _("The file could not be prepared. Ask for it again; if it fails again, tell the administrator.")
    return _("The selection is no longer within your permissions.")


def note_text(note: dict[str, Any]) -> str:
    """Return one note in words."""
    told = {"column": _title(note), "rows": note.get("rows", 0)}
    if note.get("code") == "text_cut":
        text = ngettext(
            "%(column)s: %(rows)s text cut at 254 bytes", "%(column)s: %(rows)s texts cut at 254 bytes", told["rows"]
        )
    else:
        text = ngettext(
            "%(column)s: %(rows)s text with letters that cp1256 does not have",
            "%(column)s: %(rows)s texts with letters that cp1256 does not have",
            told["rows"],
        )
    return text % told


def _title(note: dict[str, Any]) -> str:
    layer = registry.find(note.get("layer", ""))
    found = next((a for a in layer.attributes if a.name == note.get("column")), None) if layer else None
    return str(found.title) if found else str(note.get("column", ""))


@dataclass(frozen=True)
class Line:
    """One request on the page."""

    export: Export
    layers: list[str]
    format: Format
    system: str
    percent: int
    until: dt.date | None  # the last day on which the file can be had
    again: str  # the form, filled in as it was
    why: str
    notes: list[str]
    filters: list[str]


def line(export: Export) -> Line:
    """Return a request with its words."""
    waits = export.state == Export.State.QUEUED
    return Line(
        export,
        [str(found.title) if (found := registry.find(name)) else name for name in export.layers],
        FORMATS[export.format],
        str(SYSTEMS.get(export.srid, export.srid)),
        progress_of(export) if waits else 100,
        last_day(export),
        asked_again(export),
        why(export) if export.state == Export.State.FAILED else "",
        [note_text(note) for note in export.notes],
        said(export.filters),
    )


@dataclass(frozen=True)
class Choice:
    """A layer on the form; where the selection names what it cannot be narrowed by, it cannot be chosen."""

    layer: Layer
    lacks: str  # those filters in words; "" where there are none


def choices(user: User, filters: dict[str, str]) -> list[Choice]:
    """Return the layers that a person may carry away, each with what keeps it out of this selection."""
    titles = filter_titles()
    return [
        Choice(one, "، ".join(titles.get(name, name) for name in unknown_to(one, filters)))
        for one in layers_for(user, filters)
    ]


def last_day(export: Export) -> dt.date | None:
    """Return the last day on which a file can be had; None where there is none."""
    if export.state != Export.State.READY or export.ended_at is None:
        return None
    return clock.day_of(export.ended_at) + dt.timedelta(days=settings.EXPORT_DAYS)


def asked_again(export: Export) -> str:
    """Return the address of the form with the same choices in it."""
    chosen = [("layers", name) for name in export.layers] + [("format", export.format), ("srid", str(export.srid))]
    return f"{reverse('exports:list')}?{urlencode([*chosen, *export.filters.items()])}"


def said(filters: dict[str, str]) -> list[str]:
    """Return the filters in words: `Status: leased`."""
    names = filter_titles()
    return [f"{names.get(name, name)}: {_value(name, text)}" for name, text in filters.items()]


def filter_titles() -> dict[str, str]:
    """Return the filters' names in words."""
    return {
        "place": _("Place"),
        "status": _("Status"),
        "use": _("Use"),
        "custodian": _("Custodian"),
        "ownership": _("Class of property"),
        "kind": _("Kind"),
        "on": _("As on"),
        "known": _("As the register stood on"),
        "since": _("Since"),
        "since_known": _("Compared with the register of"),
        "change": _("Change"),
        "bbox": _("On the map"),
        "ids": _("Chosen records"),
        "area_from": _("From (feddan)"),
        "area_to": _("To (feddan)"),
        "state": _("Stage"),
    }


def _value(name: str, text: str) -> str:
    """Return a filter's value in words where the layers know them."""
    if name == "ids":
        return str(len(text.split(",")))
    if name == "bbox":
        return _("the part that was shown")
    if name in ("place", "custodian"):
        kind = Place if name == "place" else Custodian
        return "، ".join(str(one) for one in kind.objects.filter(code__in=text.split(",")[:20])) or text
    labels: dict[str, str] = {}
    for layer in registry.layers():
        for attribute in layer.attributes:
            if attribute.name == name:
                labels |= attribute.labels()
    return "، ".join(labels.get(part, part) for part in text.split(","))


def export_json(export: Export) -> dict[str, Any]:
    """Return a request as the API shows it (docs/reference/api.md)."""
    ready = export.state == Export.State.READY and export.document is not None
    return {
        "id": str(export.pk),
        "state": export.state.lower(),
        "terminal": export.state != Export.State.QUEUED,
        "progress": 100 if export.state != Export.State.QUEUED else progress_of(export),
        "layers": export.layers,
        "filters": export.filters,
        "format": export.format,
        "srid": export.srid,
        "encoding": export.options.get("encoding", ""),
        "rows": export.rows,
        "notes": export.notes,
        "refusal": {"code": export.refusal, "detail": why(export)} if export.refusal else None,
        "file": reverse("exports-api:file", args=[export.pk]) if ready else None,
        "filename": export.document.filename if export.document else None,
        "size": export.document.size if export.document else None,
        "sha256": export.document.sha256 if export.document else None,
        "created_at": export.created_at.isoformat(),
        "ended_at": export.ended_at.isoformat() if export.ended_at else None,
    }
