"""The file of a parcel as one person sees it at a moment: everything the page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from authority import clock
from authority.models import Place, User
from authority.moments import EARLIEST, Moment
from cases.models import Case
from parcels import timeline
from parcels.bitemporal import of_range
from parcels.models import Asset, Holding, Parcel, ParcelVersion, Restriction, Status
from parcels.selectors.card import chain_of
from parcels.status import derive
from ui.addresses import address_of
from workspace.parcel import lanes, plan, reading, rows


@dataclass(frozen=True)
class Alert:
    """What needs a person, said at the head of the page."""

    tone: str
    icon: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Tenure:
    """A holding with its case's address."""

    holding: Holding
    last_day: dt.date | None
    url: str


@dataclass(frozen=True)
class File:
    """The page."""

    parcel: Parcel
    moment: Moment
    version: ParcelVersion | None
    number: str
    chain: list[Place]
    address: str
    versions: list[ParcelVersion]
    tenures: list[Tenure]
    alerts: list[Alert]
    areas: list[rows.AreaRow]
    area_m2: Any
    widest: rows.AreaRow | None
    sides: list[rows.Side]
    plan: plan.Plan | None
    screened: list[rows.Screened]
    screened_at: dt.datetime | None
    documents: list[rows.Paper]
    assets: list[Asset]
    cases: list[Case]
    chart: lanes.Chart
    status: Status  # on the day looked at
    registered: Mapping[dt.date, dt.date]  # when each version reached the book, by its first day

    def of_state(self, state: str) -> list[rows.Screened]:
        """Return the layers that were hit, clear or never checked."""
        return [row for row in self.screened if row.state == state]

    @property
    def hits(self) -> list[rows.Screened]:
        """What restricts the parcel."""
        return self.of_state("hit")

    @property
    def clear(self) -> list[rows.Screened]:
        """What it was compared with and does not touch."""
        return self.of_state("clear")

    @property
    def unchecked(self) -> list[rows.Screened]:
        """What it was never compared with."""
        return self.of_state("unchecked")


def case_url(case_id: Any) -> str:
    """Return the address of a case's page."""
    return address_of("cases:case", case_id) if case_id else ""


def alerts_of(holdings: list[Holding], on: dt.date) -> list[Alert]:
    """Return what stands against the parcel on the day."""
    words: dict[str, tuple[str, str, str]] = {
        Holding.Kind.ENCROACHMENT: ("danger", "alert-octagon", _("standing encroachment")),
        Holding.Kind.DISPUTE: ("warn", "scale", _("in dispute")),
        Holding.Kind.REGULARIZATION: ("info", "file-certificate", _("regularisation running")),
    }
    found = []
    for row in rows.standing(holdings, on):
        if row.kind in words:
            tone, icon, text = words[row.kind]
            found.append(Alert(tone, icon, f"{text} {row.reference}".strip(), case_url(row.case_id)))
    return found


def neighbours_in_words(version: ParcelVersion, near: list[ParcelVersion]) -> dict[str, list[str]]:
    """Return the numbers of adjoining parcels by side, as the plan shows them."""
    found: dict[str, list[str]] = {}
    shape = version.geom_3857
    middle = shape.centroid.coords
    for other in near:
        if other.geom_3857 and shape.distance(other.geom_3857) < 1:
            side = plan.side_of(middle, other.geom_3857.centroid.coords)
            found.setdefault(side, []).append(_("Parcel %(number)s") % {"number": other.parcel_no_raw})
    return found


def land_of(version: ParcelVersion, status: str, url: str = "") -> plan.Land:
    """Return a version as a piece of land to draw."""
    return plan.Land(version.parcel_no_raw, status.lower(), version.geom_3857, url)


def hurt_of(holdings: list[Holding], on: dt.date) -> list[plan.Land]:
    """Return the parts that are encroached upon on the day, in the drawing's system."""
    found = []
    for row in rows.standing(holdings, on):
        if row.kind == Holding.Kind.ENCROACHMENT and row.part:
            found.append(plan.Land(row.reference, "encroached", row.part.transform(3857, clone=True)))
    return found


def status_of(parcel: Parcel, book: reading.Book, moment: Moment) -> Status:
    """Return the status: today's as it is kept, another day's as the holdings of that day and book derive it."""
    if moment.is_now or book.version is None:
        return Status(parcel.status)
    kinds = [row.kind for row in rows.standing(book.holdings, moment.on)]
    surveyed = bool(book.version.geom_3857) or book.version.survey_area_m2 is not None
    return derive(kinds, surveyed=surveyed, ownership=book.version.ownership_class)


def plan_of(book: reading.Book, near: list[ParcelVersion], on: dt.date, status: str) -> plan.Plan | None:
    """Draw the parcel among its neighbours; a paper parcel has no plan."""
    version = book.version
    if version is None or not version.geom_3857:
        return None
    others = [
        land_of(other, other.parcel.status, address_of("workspace:parcel", other.parcel_id))
        for other in near
        if other.geom_3857
    ]
    return plan.draw(land_of(version, status), others, hurt_of(book.holdings, on))


def tracks_of(
    book: reading.Book, cases: list[Case], papers: list[rows.Paper], moment: Moment, today: dt.date
) -> list[lanes.Track]:
    """Return versions, tenure, encroachments, files and papers as lanes of time."""
    of_land, of_tenure = book.registered
    against = [holding_span(row, of_tenure) for row in book.holdings if row.kind in AGAINST]
    tenure = [holding_span(row, of_tenure) for row in book.holdings if row.kind not in AGAINST]
    versions = [version_span(n, row, moment, of_land) for n, row in enumerate(book.versions, 1)]
    return [
        lanes.Track(_("Versions"), "vector", versions),
        lanes.Track(_("Tenure"), "users", tenure),
        lanes.Track(_("Encroachments"), "alert-triangle", against),
        lanes.Track(_("Files"), "folder", [case_span(case, today) for case in cases]),
        lanes.Track(_("Papers"), "files", [paper_span(row) for row in papers if row.filed.dated_on]),
    ]


def tracks_of_rooms(parcel: Parcel, user: User, moment: Moment) -> list[lanes.Track]:
    """Return the lanes that other rooms declare; of an earlier book, what had begun by then."""
    titles = {
        "suits": (_("Suits"), "gavel"),
        "inspections": (_("Inspections"), "clipboard-check"),
        "payments": (_("Rent due"), "cash"),
    }
    found: dict[str, list[lanes.Span]] = {name: [] for name in titles}
    for entry in timeline.of_lanes(titles, parcel, user):
        if not moment.asked_book or (entry.recorded_on or entry.start) <= moment.known_on:
            late = entry.recorded_on if entry.is_late else None
            span = lanes.Span(str(entry.title), entry.start, entry.end, entry.tone, entry.url, recorded=late)
            found[entry.lane].append(span)
    return [lanes.Track(*titles[name], found[name]) for name in titles]


def reached(registered: dt.date | None, start: dt.date | None) -> dt.date | None:
    """Return the day on which something reached the book where it was true before."""
    return registered if registered and start and registered > start else None


AGAINST = {Holding.Kind.ENCROACHMENT, Holding.Kind.DISPUTE}
TONES: dict[str, str] = {
    Holding.Kind.ENCROACHMENT: "bad",
    Holding.Kind.DISPUTE: "st-disputed",
    Holding.Kind.REGULARIZATION: "st-regularizing",
    Holding.Kind.SALE: "st-sold",
    Holding.Kind.SALE_INSTALLMENTS: "st-sold",
    Holding.Kind.ALLOCATION: "st-allocated",
    Holding.Kind.RESERVATION: "st-reserved",
}


def version_span(number: int, row: ParcelVersion, moment: Moment, registered: Mapping[dt.date, dt.date]) -> lanes.Span:
    """A version is clicked to see the land as it was."""
    title = _("Version %(number)s") % {"number": number}
    lower = of_range(row.legal_range).start
    here = reading.holds(row, moment)
    tone = "ver" if row.legal_range.upper is None else "past"
    text = f"{title} — {row.basis}" if row.basis else title
    return lanes.Span(
        text, lower, row.legal_range.upper, tone, day_url(lower), here, reached(registered.get(lower), lower)
    )


def day_url(day: dt.date | None) -> str:
    """Return the address of the file on a day that can be asked for; what has not come yet cannot."""
    return f"?on={day}" if day and EARLIEST <= day <= clock.today() else ""


def holding_span(row: Holding, registered: Mapping[tuple[str, dt.date], dt.date]) -> lanes.Span:
    """A holding leads to its case."""
    text = f"{row.get_kind_display()} {row.reference}".strip()
    tone = TONES.get(row.kind, "st-usufruct")
    first = of_range(row.legal_range).start
    late = reached(registered.get((row.kind, first)), first)
    return lanes.Span(text, first, row.legal_range.upper, tone, case_url(row.case_id), recorded=late)


def case_span(case: Case, today: dt.date) -> lanes.Span:
    """A case runs until it is closed."""
    end = clock.day_of(case.closed_at) if case.closed_at else today + dt.timedelta(days=1)
    opened = clock.day_of(case.opened_at)
    tone = "past" if case.closed_at else "ver"
    return lanes.Span(case.number, opened, max(end, opened + dt.timedelta(days=1)), tone, case_url(case.pk))


def paper_span(row: rows.Paper) -> lanes.Span:
    """A paper is a moment on its own date."""
    on, url = row.filed.dated_on, address_of("documents:record", row.shown.document.pk)
    return lanes.Span(row.filed.title, on, on, "ver", url)


def tenure_of(row: Holding) -> Tenure:
    """Return a holding with its last day and its case's address."""
    return Tenure(row, rows.last_day(row), case_url(row.case_id))


def last_checked(found: list[Restriction]) -> dt.datetime | None:
    """Return when the parcel was last screened."""
    return max((row.checked_at for row in found), default=None)


def file_of(parcel: Parcel, user: User, moment: Moment, today: dt.date) -> File:
    """Read and arrange everything the page shows."""
    book = reading.book_of(parcel, moment)
    version = book.version
    drawn = version is not None and bool(version.geom_3857)
    near = list(reading.neighbours_of(version, user)) if version and drawn else []
    chain = chain_of(version.place if version else parcel.place)
    found, cases = reading.restrictions_of(parcel), reading.cases_of(parcel, user)
    areas, papers = rows.area_rows(version) if version else [], rows.papers(reading.documents_of(parcel))
    status = status_of(parcel, book, moment)
    return File(
        parcel=parcel,
        moment=moment,
        version=version,
        number=version.parcel_no_raw if version else parcel.parcel_code,
        chain=chain,
        address=rows.address(chain, version),
        versions=book.versions,
        tenures=[tenure_of(row) for row in rows.standing(book.holdings, moment.on)],
        alerts=alerts_of(book.holdings, moment.on),
        areas=areas,
        area_m2=rows.shown_m2(version) if version else None,
        widest=rows.widest(areas),
        sides=rows.sides(version, neighbours_in_words(version, near) if drawn else {}) if version else [],
        plan=plan_of(book, near, moment.on, status),
        screened=rows.screened(found, reading.layers(parcel)),
        screened_at=last_checked(found),
        documents=papers,
        assets=reading.assets_of(parcel),
        cases=cases,
        chart=lanes.draw(
            [*tracks_of(book, cases, papers, moment, today), *tracks_of_rooms(parcel, user, moment)], today
        ),
        status=status,
        registered=book.registered[0],
    )
