"""What the templates of surveys need, put together for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from authority.models import Place, User
from importers.crs import BELTS, allowed_codes
from importers.messages import REASONS
from surveys.models import Fault, Question, Submission
from surveys.policies import submit_places
from surveys.presenting import message_of

State = Submission.State
MAPS = 4  # placements drawn on maps of their own
SHOWN_PLACES = 400
STEP_OF = {
    State.RECEIVED: 1,
    State.READING: 1,
    State.ASKING: 2,
    State.CHECKING: 4,
    State.REPORTED: 5,
}


def steps(submission: Submission | None) -> list[dict[str, Any]]:
    """Return the steps of the wizard with where the survey stands."""
    columns = len(submission.mapping) if submission else 0
    titles = [
        (_("File"), _("shapefile in a zip")),
        (_("Characters and place"), _("look, then choose")),
        (_("Columns"), _("what each one is")),
        (_("Checks"), _("against the register")),
        (_("Review"), _("by another officer")),
    ]
    at = _step_of(submission, columns)
    return [
        {"title": title, "note": note, "state": "done" if n < at else "on" if n == at else ""}
        for n, (title, note) in enumerate(titles, start=1)
    ]


def _step_of(submission: Submission | None, columns: int) -> int:
    if submission is None:
        return 1
    if submission.state == State.ASKING:
        kinds = set(submission.questions.filter(answer__isnull=True).values_list("kind", flat=True))
        return 3 if kinds == {Question.Kind.COLUMNS} else 2
    return STEP_OF.get(State(submission.state), 5)


def counted_states(rows: QuerySet[Submission]) -> list[tuple[str, str, int]]:
    """Return the states that occur, with how many surveys stand there."""
    counts = Counter(rows.order_by().values_list("state", flat=True))
    return [(value, str(label), counts[value]) for value, label in State.choices if counts[value]]


def places_to_choose(user: User) -> list[Place]:
    """Return the places of the jurisdiction down to the nahia, deepest lists cut off."""
    kinds = [Place.Kind.GOVERNORATE, Place.Kind.MARKAZ, Place.Kind.QISM, Place.Kind.CITY, Place.Kind.DISTRICT]
    return list(submit_places(user).filter(kind__in=kinds, closed_on=None).order_by("path")[:SHOWN_PLACES])


def asking(submission: Submission) -> dict[str, Any]:
    """Return the open questions as the page shows them."""
    asked = {question.kind: question for question in submission.questions.filter(answer__isnull=True)}
    layer = next(iter(found_layers(submission)), {})
    found: dict[str, Any] = {"asked": asked}
    if Question.Kind.ENCODING in asked:
        found["encoding"] = _encodings(asked[Question.Kind.ENCODING], layer)
    if Question.Kind.CRS in asked:
        found["crs"] = _placements(asked[Question.Kind.CRS], layer)
    if Question.Kind.COLUMNS in asked:
        found["columns"] = _columns(asked[Question.Kind.COLUMNS])
    return found


def found_layers(submission: Submission) -> list[dict[str, Any]]:
    """Return what was found of the survey's layer."""
    layers = submission.inspection.get("layers", [])
    return [layer for layer in layers if layer.get("name") == submission.layer] or layers


def reason_of(layer: Mapping[str, Any], part: str) -> str:
    """Return why this is asked, in the reader's words."""
    return str(REASONS.get(layer.get(part, {}).get("reason", ""), ""))


def _encodings(question: Question, layer: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "cp1256": _("Arabic, old Windows"),
        "utf-8": _("Unicode"),
        "iso-8859-6": _("Arabic, ISO"),
        "latin-1": _("As the program opened it"),
        "cp720": _("Arabic, DOS"),
    }
    choices = [
        {
            **choice,
            "name": names.get(choice["value"], choice["value"]),
            "lines": list(zip(choice["rows"], choice["preview"], strict=False)),
            "good": not choice["bad_cells"] and choice["arabic"] > 0.5,
        }
        for choice in question.choices
    ]
    return {"choices": choices, "reason": reason_of(layer, "encoding")}


FAR_M = 10_000  # from here on a distance is said in kilometres


def _placements(question: Question, layer: Mapping[str, Any]) -> dict[str, Any]:
    winds = {
        "N": _("to the north"),
        "NE": _("to the north-east"),
        "E": _("to the east"),
        "SE": _("to the south-east"),
        "S": _("to the south"),
        "SW": _("to the south-west"),
        "W": _("to the west"),
        "NW": _("to the north-west"),
    }
    names = belt_names()
    choices = [
        {
            **choice,
            "name": names.get(choice["code"], choice["name"]),
            "wind": winds.get(choice["direction"], ""),
            "offset_km": round(choice["offset_m"] / 1000) if (choice["offset_m"] or 0) >= FAR_M else None,
            "percent": _percent(choice["inside"]),
            "map": n < MAPS,
        }
        for n, choice in enumerate(question.choices)
    ]
    drawn = {
        choice["value"]: {
            **{name: choice[name] for name in ("outlines", "bounds", "suggested")},
            "offset": choice["offset_m"],
        }
        for choice in choices
    }
    others = [(code, names.get(code, code)) for code in allowed_codes()]
    return {"choices": choices, "reason": reason_of(layer, "crs"), "drawn": drawn, "others": others}


def belt_names() -> dict[str, str]:
    """Return what surveyors call the systems of coordinates."""
    return {
        "EPSG:22991": _("Blue Belt, Egypt 1907"),
        "EPSG:22992": _("Red Belt, Egypt 1907"),
        "EPSG:22993": _("Purple Belt, Egypt 1907"),
        "EPSG:22994": _("Extended Purple Belt, Egypt 1907"),
        "EPSG:4326": _("Longitude and latitude, WGS 84"),
        "EPSG:4229": _("Longitude and latitude, Egypt 1907"),
        "EPSG:32635": _("UTM zone 35 north"),
        "EPSG:32636": _("UTM zone 36 north"),
        "EPSG:32637": _("UTM zone 37 north"),
        "EPSG:3857": _("Web map, WGS 84"),
        "FILE": _("As the file's own .prj says"),
        **{f"BELT-ON-WGS84:{belt}": _("The belt's numbers on WGS 84, without the datum") for belt in BELTS},
    }


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _columns(question: Question) -> dict[str, Any]:
    first = question.choices[0]
    suggested = first["value"]
    labels = field_labels()
    return {
        "columns": [{**column, "field": suggested.get(column["name"], "")} for column in first["columns"]],
        "fields": [(field, labels.get(field, field)) for field in first["fields"]],
    }


def field_labels() -> dict[str, str]:
    """Return what people call the fields a column can become."""
    return {
        "parcel_no": _("Parcel number"),
        "hod_no": _("Hod number"),
        "parcel_code": _("Internal code"),
        "hod_name": _("Hod name"),
        "nahia": _("Nahia"),
        "shiyakha": _("Shiyakha"),
        "markaz": _("Markaz or qism"),
        "street": _("Street"),
        "building_no": _("Building number"),
        "area_m2": _("Area in m²"),
        "area_feddan": _("Area: feddan"),
        "area_qirat": _("Area: qirat"),
        "area_sahm": _("Area: sahm"),
        "land_use": _("Land use"),
        "holder": _("Occupant named in the file"),
        "name": pgettext("column of a survey", "Name"),
        "source_key": _("Number in the source"),
        "notes": _("Notes"),
    }


def answers_in(form: Mapping[str, Any], submission: Submission) -> Iterator[tuple[str, Any]]:
    """Yield the answers of a form as kind and value; columns are numbered as they were shown."""
    for question in submission.questions.filter(answer__isnull=True).order_by("pk"):
        if question.kind != Question.Kind.COLUMNS:
            chosen = form.get(f"{question.kind}_other") or form.get(question.kind)
            if chosen:
                yield question.kind, chosen
        elif "columns" in form:
            names = [column["name"] for column in question.choices[0]["columns"]]
            yield question.kind, {name: form.get(f"column-{n}", "") for n, name in enumerate(names)}


def grouped(page: Any) -> list[dict[str, Any]]:
    """Return the faults of a page by severity, numbered through."""
    first = page.start_index()
    numbered = [
        {"n": first + n, "fault": fault, "message": message_of(fault)} for n, fault in enumerate(page.object_list)
    ]
    titles = {
        Fault.Severity.BLOCK: _("Blocking: not accepted with them"),
        Fault.Severity.WARN: _("Warnings: accepted with a reason"),
        Fault.Severity.NOTE: _("Notes"),
    }
    return [
        {"severity": severity, "title": titles[Fault.Severity(severity)], "rows": list(rows)}
        for severity, rows in groupby(numbered, key=lambda row: row["fault"].severity)
    ]


def map_of(submission: Submission, page: Any) -> dict[str, Any]:
    """Return what the map's script reads: tiles of the survey, pins of the faults in the list."""
    extent = submission.features.filter(geom__isnull=False).aggregate(extent=_extent())["extent"]
    pins = [
        {"id": fault.pk, "n": page.start_index() + n, "severity": fault.severity, "at": _point(fault)}
        for n, fault in enumerate(page.object_list)
    ]
    return {
        "submission": str(submission.pk),
        "bounds": ",".join(f"{number:.6f}" for number in extent) if extent else "",
        "pins": [pin for pin in pins if pin["at"]],
        "faults": reverse("surveys-api:faults", args=[submission.pk]) + "?page_size=1000",
    }


def _extent() -> Any:
    from django.contrib.gis.db.models import Extent

    return Extent("geom")


def _point(fault: Fault) -> list[float] | None:
    shape = fault.geom
    if shape is None or shape.empty:
        return None
    centre = shape.centroid
    return [round(centre.x, 7), round(centre.y, 7)]
