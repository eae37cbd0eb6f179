"""The list of files: filters from the address, one page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from authority import clock
from authority.models import User
from cases import selectors
from cases.models import Case
from cases.registry import kind_of, kinds, state_title, workflow_of
from cases.showing import tone_of
from parcels.models import ParcelVersion

PAGE = 50
EXACT = 10_000


class Limited(Paginator[Case]):
    """A paginator that counts no further than is said exactly."""

    count = 0

    def __init__(self, rows: Any, count: int) -> None:
        self.count = count
        super().__init__(rows, PAGE)


def switched(query: QueryDict, name: str, value: str) -> str:
    """The address with one filter set or, when it stands already, taken away; the page begins anew."""
    found = query.copy()
    found.pop("page", None)
    if name == "kind":
        found.pop("state", None)
    if not value or found.get(name) == value:
        found.pop(name, None)
    else:
        found[name] = value
    return f"?{found.urlencode()}"


def chip(query: QueryDict, name: str, value: str, title: Any) -> dict[str, Any]:
    """A filter as a chip."""
    on = query.get(name, "") == value
    return {"title": title, "url": switched(query, name, value), "on": on}


def rows_of(query: QueryDict, user: User) -> Any:
    """The files asked for."""
    known = {kind.kind: kind for kind in kinds()}
    kind = query.get("kind", "")
    kind = kind if kind in known else ""
    state = query.get("state", "")
    states = {row.name for row in known[kind].workflow.states} if kind else set()
    state = state if state in states or state == "open" else ""
    rows = selectors.rows_for_list(user, kind=kind, state=state, late=query.get("late") == "1")
    if query.get("open") == "1":
        rows = rows.filter(closed_at__isnull=True)
    if query.get("mine") == "1":
        rows = rows.filter(pk__in=selectors.inbox(user).order_by().values("pk"))
    return rows


def numbers_of(cases: Iterable[Case]) -> dict[Any, str]:
    """The standing numbers of the parcels named."""
    wanted = {case.parcel_id for case in cases if case.parcel_id}
    found = ParcelVersion.objects.filter(parcel_id__in=wanted, in_book=True).order_by("legal_range")
    return dict(found.values_list("parcel_id", "parcel_no_raw"))


def page_of(query: QueryDict, user: User) -> dict[str, Any]:
    """Everything the list shows."""
    rows = rows_of(query, user)
    count = rows.order_by()[: EXACT + 1].count()
    page = Limited(rows.defer("geom", "geom_3857", "place__geom", "place__geom_3857"), count).get_page(
        query.get("page")
    )
    cases = list(page.object_list)
    numbers = numbers_of(cases)
    chosen = next((kind for kind in kinds() if kind.kind == query.get("kind")), None)
    return {
        "page": page,
        "rows": [row_of(case, numbers) for case in cases],
        "count": min(count, EXACT),
        "more": count > EXACT,
        "chosen": chosen,
        "kind_chips": [chip(query, "kind", "", _("All")), *(chip(query, "kind", k.kind, k.plural) for k in kinds())],
        "chips": [
            chip(query, "mine", "1", _("In my turn")),
            chip(query, "open", "1", _("Open")),
            chip(query, "late", "1", _("Late")),
        ],
        "states": state_chips(query, chosen),
        "state_title": state_title(chosen.kind, query.get("state", ""))
        if chosen and known_state(chosen, query)
        else "",
        "filtered": any(query.get(name) for name in ("state", "late", "mine", "open")),
        "query": query.urlencode(),
        "today": clock.today(),
        "openings": [kind for kind in kinds() if kind.opening_path and (chosen is None or kind is chosen)],
    }


def known_state(chosen: Any, query: QueryDict) -> bool:
    """Say whether the stage asked for is one of the kind's."""
    return query.get("state", "") in {state.name for state in chosen.workflow.states}


def state_chips(query: QueryDict, chosen: Any) -> list[dict[str, Any]]:
    """The stages of the chosen kind."""
    if chosen is None:
        return []
    states = chosen.workflow.states
    return [chip(query, "state", state.name, state_title(chosen.kind, state.name)) for state in states]


def row_of(case: Case, numbers: dict[Any, str]) -> dict[str, Any]:
    """A file as a row."""
    return {
        "case": case,
        "kind": kind_of(case.kind),
        "state": state_title(case.kind, case.state),
        "tone": tone_of(case, workflow_of(case)),
        "number": numbers.get(case.parcel_id, ""),
    }
