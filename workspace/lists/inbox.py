"""My work: files whose next act is mine, the most urgent first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authority import clock
from authority.models import User
from authority.policies import scope_of
from cases.models import Case, Deadline
from cases.registry import kind_of, kinds, state_title
from cases.selectors import inbox
from parcels.models import ParcelVersion
from tiles.models import LayerVersion
from ui.deadlines import SOON_DAYS
from workspace.parcel.file import case_url
from workspace.people import me

PAGE = 50
MOST_COUNTS = 5000
GROUPS = ("late", "soon", "later")


@dataclass(frozen=True)
class Work:
    """One file that waits for me."""

    case: Case
    title: str
    stage: str
    icon: str
    url: str
    number: str  # of the parcel
    deadline: Deadline | None


@dataclass(frozen=True)
class Group:
    """Files that are equally urgent."""

    name: str
    title: str
    tone: str
    items: list[Work]


_counts: dict[tuple[Any, ...], int] = {}


def waiting(user: User) -> int:
    """Return how many files wait for this person (the count on the rail of every page).

    Counted anew only when a case has changed, the person's rights have, or the day has: the docket counts its changes.
    """
    changes = LayerVersion.objects.filter(layer="cases").aggregate(total=Sum("version"))["total"]
    key = (connection.settings_dict["NAME"], user.pk, scope_of(user).key(), clock.today(), changes)
    if key not in _counts:
        if len(_counts) > MOST_COUNTS:
            _counts.clear()
        _counts[key] = inbox(user).count()
    return _counts[key]


def running(case: Case) -> Deadline | None:
    """Return the deadline that runs, the nearest first."""
    open_ones = [row for row in case.deadlines.all() if row.met_on is None]
    return min(open_ones, key=lambda row: row.due_on, default=None)


def numbers(cases: Iterable[Case]) -> dict[Any, str]:
    """Return the standing numbers of the parcels named."""
    wanted = {case.parcel_id for case in cases if case.parcel_id}
    rows = ParcelVersion.objects.filter(parcel_id__in=wanted, in_book=True).order_by("legal_range")
    return dict(rows.values_list("parcel_id", "parcel_no_raw"))


def work_of(case: Case, known: dict[Any, str]) -> Work:
    """Return a file as a row."""
    kind = kind_of(case.kind)
    return Work(
        case=case,
        title=str(kind.title),
        stage=state_title(case.kind, case.state),
        icon=kind.icon,
        url=case_url(case.pk),
        number=known.get(case.parcel_id, ""),
        deadline=running(case),
    )


def urgency(work: Work, today: dt.date) -> str:
    """Say how urgent a file is."""
    due = work.deadline.due_on if work.deadline and work.deadline.stopped_on is None else None
    if due is None:
        return "later"
    return "late" if due < today else "soon" if (due - today).days <= SOON_DAYS else "later"


def grouped(items: list[Work], today: dt.date) -> list[Group]:
    """Return the groups that hold something."""
    said = {
        "late": (_("Late"), "danger"),
        "soon": (_("Due within three days"), "warn"),
        "later": (_("In time"), "mute"),
    }
    groups = [
        Group(name, *said[name], items=[item for item in items if urgency(item, today) == name]) for name in GROUPS
    ]
    return [group for group in groups if group.items]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what waits for me."""
    user, today = me(request), clock.today()
    rows = inbox(user)
    kind = request.GET.get("kind", "")
    chosen = rows.filter(kind=kind) if kind else rows
    page = Paginator(chosen.prefetch_related("deadlines").defer("geom", "geom_3857"), PAGE).get_page(
        request.GET.get("page")
    )
    cases = list(page.object_list)
    known = numbers(cases)
    return render(
        request,
        "workspace/inbox.html",
        {
            "groups": grouped([work_of(case, known) for case in cases], today),
            "page": page,
            "today": today,
            "kind": kind,
            "kinds": [(row.kind, row.plural, rows.filter(kind=row.kind).count()) for row in kinds()],
        },
    )
