"""The worklist: what has to be put right, by kind, with its owner and its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, Refusal
from parcels import worklist
from parcels.models import ParcelVersion, WorkItem
from parcels.selectors.work import open_work, progress
from parcels.services import release_work, set_work_aside, take_work
from parcels.services.work import MOST_AT_ONCE, WORKERS
from workspace.people import me

PAGE = 50
ACTS: dict[str, Callable[..., int]] = {"take": take_work, "release": release_work, "aside": set_work_aside}


@dataclass(frozen=True)
class Bar:
    """A kind of work and how far it is."""

    kind: str
    title: str
    hint: str
    open: int
    taken: int
    aside: int
    done: int

    @property
    def share(self) -> int:
        """How much of it is done, in per cent."""
        whole = self.open + self.taken + self.done
        return round(self.done * 100 / whole) if whole else 100


def bars(user: User) -> list[Bar]:
    """Return all kinds, those without work too: that they were looked for is said."""
    counted = {row["kind"]: row for row in progress(user)}
    return [
        Bar(
            kind.kind, str(kind.title), str(kind.hint), row.get("OPEN", 0), row.get("TAKEN", 0),
            row.get("SET_ASIDE", 0), row.get("DONE", 0),
        )
        for kind in worklist.kinds()
        for row in [counted.get(kind.kind, {})]
    ]  # fmt: skip


def chosen(user: User, query: QueryDict) -> Any:
    """Return the items asked for."""
    rows = open_work(user)
    if (kind := query.get("kind", "")) in {one.kind for one in worklist.kinds()}:
        rows = rows.filter(kind=kind)
    if (state := query.get("state", "")) in WorkItem.State.values:
        rows = rows.filter(state=state)
    elif not state:
        rows = rows.exclude(state=WorkItem.State.SET_ASIDE)
    if query.get("mine"):
        rows = rows.filter(owner=user)
    light = rows.select_related("parcel__place__parent", "owner").order_by("kind", "parcel__parcel_code", "pk")
    return light.defer(
        "parcel__place__geom", "parcel__place__geom_3857", "parcel__place__parent__geom",
        "parcel__place__parent__geom_3857",
    )  # fmt: skip


def rows_of(items: list[WorkItem]) -> list[dict[str, Any]]:
    """Return items with the numbers of their parcels."""
    keys = [item.parcel_id for item in items]
    found = ParcelVersion.objects.filter(parcel_id__in=keys, in_book=True).order_by("legal_range")
    numbers = dict(found.values_list("parcel_id", "parcel_no_raw"))
    return [
        {"item": item, "title": worklist.title_of(item.kind), "number": numbers.get(item.parcel_id, "")}
        for item in items
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """Show the worklist; take, release or set aside what is ticked."""
    user = me(request)
    require(user, STAFF_READ)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            count = act(request, user)
        except Refusal as fault:
            refusal = fault
        else:
            messages.success(request, _("Done for %(count)s lines.") % {"count": count})
            return redirect(request.get_full_path())
    page = Paginator(chosen(user, request.GET), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "bars": bars(user),
        "kind": request.GET.get("kind", ""),
        "state": request.GET.get("state", ""),
        "mine": request.GET.get("mine", ""),
        "may_work": scope_of(user).holds(WORKERS),
        "refusal": refusal,
    }
    return render(request, "workspace/upkeep/work.html", context, status=refusal.status if refusal else 200)


def act(request: HttpRequest, user: User) -> int:
    """Do with the ticked lines what was asked."""
    name = request.POST.get("act", "")
    ticked = [text for text in request.POST.getlist("item")[: MOST_AT_ONCE + 1] if text.isascii() and text.isdigit()]
    if name not in ACTS:
        raise Invalid("act_unknown", _("Choose what to do."))
    keys = [int(text) for text in ticked if len(text) < 18]
    return ACTS[name](by=user, at=clock.now(), items=keys, note=request.POST.get("note", ""))
