"""Filters that are kept: one's own, and those of the offices in which one works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Office, User
from authority.policies import STAFF_READ, require
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from authority.selectors import offices_of
from search.models import SavedFilter

MOST = 100  # of one person, open
LEFT_OUT = frozenset({"page", "after", "csrfmiddlewaretoken"})  # says where one stood in the list, not what it is
Page = SavedFilter.Page


def saved_visible_to(user: User) -> QuerySet[SavedFilter]:
    """Return the open filters a person may use: his own, and those shared with an office of his."""
    offices = offices_of(user).order_by().values("pk")
    return SavedFilter.objects.filter(Q(owner=user) | Q(office__in=offices), closed_at=None)


def saved_for(user: User, page: str) -> list[SavedFilter]:
    """Return them for one list, his own first."""
    rows = saved_visible_to(user).filter(page=page).select_related("office", "owner")
    return sorted(rows, key=lambda one: (one.owner_id != user.pk, one.name))


def cleaned(query: str) -> str:
    """Return the words of an address that narrow a list, in one order; raises Invalid `filter_empty`, `filter_long`."""
    if "\x00" in query or len(query) > 4000:
        raise Invalid("filter_long", _("This filter is too long to be kept."), field="query")
    try:
        pairs = parse_qsl(query.removeprefix("?"), strict_parsing=False, max_num_fields=60)
    except ValueError:
        raise Invalid("filter_long", _("This filter is too long to be kept."), field="query") from None
    told = urlencode(sorted((name, value) for name, value in pairs if name not in LEFT_OUT))
    if not told:
        raise Invalid("filter_empty", _("Nothing is filtered here yet: choose a filter first."), field="query")
    if len(told) > 2000:
        raise Invalid("filter_long", _("This filter is too long to be kept."), field="query")
    return told


@transaction.atomic
def save_filter(
    *, by: User, at: dt.datetime, page: str, name: str, query: str, office: Office | None = None
) -> SavedFilter:
    """Keep a filter under a name, for oneself or for an office in which one works.

    Raise NotAllowed, Invalid `filter_*`, `name_missing`, Conflict `filter_name_taken`, `filter_too_many`.
    """
    require(by, STAFF_READ)
    if page not in Page.values:
        raise Invalid("filter_page", _("Filters of this list cannot be kept."), field="page")
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 80:
        raise Invalid("name_missing", _("Give it a name of at most 80 characters."), field="name")
    if office is not None and not offices_of(by).filter(pk=office.pk).exists():
        raise NotAllowed()
    told = cleaned(query)
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # one at a time, so that names and counts hold
    own = SavedFilter.objects.filter(owner=by, closed_at=None)
    if own.filter(page=page, name=name).exists():
        raise Conflict("filter_name_taken", _("You keep a filter of this name already."), field="name")
    if own.count() >= MOST:
        raise Conflict("filter_too_many", _("You keep %(most)s filters: close one first."), most=MOST)
    made = SavedFilter.objects.create(page=page, name=name, query=told, owner=by, office=office, saved_at=at)
    audit.record("search.filter_saved", by=by, at=at, obj=made, detail={"name": name, "office": str(office or "")})
    return made


@transaction.atomic
def close_filter(*, by: User, at: dt.datetime, saved: UUID) -> SavedFilter:
    """Keep it no longer; whoever saved it may. Raise NotFound, NotAllowed."""
    require(by, STAFF_READ)
    held = saved_visible_to(by).select_for_update(of=("self",)).filter(pk=saved).first()
    if held is None:
        raise NotFound()
    if held.owner_id != by.pk:
        raise NotAllowed()
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    audit.record("search.filter_closed", by=by, at=at, obj=held, detail={"name": held.name})
    return held


def offices_to_share(user: User) -> Iterable[Office]:
    """Return the offices a person may share a filter with."""
    return offices_of(user).filter(closed_on=None).order_by("code")
