"""Conflicts of interest (ar: تعارض المصالح): declared by the officer himself or recorded by an auditor, ended by one.

Source: law 106 of 2013 on conflicts of interest of officials of the state; the duty to step aside is general.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Role, User
from authority.policies import STAFF, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from cases.models import Case, Interest
from cases.policies import may_see as may_see_case
from cases.told import LAYER
from parcels.models import Parcel
from parcels.policies import may_see as may_see_parcel
from parties.models import Party
from parties.policies import may_see as may_see_party
from tiles.services import bump

DECLARED = audit.declare("cases.interest_declared", _("Conflict of interest declared"))
ENDED = audit.declare("cases.interest_ended", _("Declaration of a conflict of interest ended"))
RECORDERS: frozenset[str] = frozenset({Role.AUDITOR})
WORDS_MIN, WORDS_MAX = 3, 300
Thing = Party | Parcel | Case


@transaction.atomic
def declare_interest(*, thing: Thing, relation: str, by: User, at: dt.datetime, person: User | None = None) -> Interest:
    """Declare that oneself (or, as auditor, another officer) is related to a party, a parcel or a file.

    From then on he acts on no file that names it. Raises NotFound, NotAllowed, Invalid `relation_missing`, Conflict
    `interest_declared`.
    """
    who = person or by
    if not _may_see(by, thing):
        raise NotFound
    _require_declarer(by, who, thing)
    words = _said(relation, "relation_missing")
    User.objects.select_for_update().get(pk=who.pk)
    named = _named(thing)
    if Interest.objects.filter(person=who, ended_at=None, **named).exists():
        raise Conflict("interest_declared", _("This interest is declared already."))
    made = Interest.objects.create(person=who, relation=words, declared_by=by, declared_at=at, **named)
    detail = {"person": who.username, "thing": thing._meta.label_lower, "id": str(thing.pk), "relation": words}
    audit.record(DECLARED, by=by, at=at, obj=made, governorate=_governorate(thing), detail=detail)
    bump(LAYER, _governorate(thing))  # what waits for whom is counted anew
    return made


@transaction.atomic
def end_interest(*, interest_id: Any, reason: str, by: User, at: dt.datetime) -> Interest:
    """End a declaration whose relation is over: an auditor, and never for himself.

    Raises NotFound, NotAllowed, Conflict `interest_over`, Invalid `reason_missing`.
    """
    rows = Interest.objects.select_for_update(of=("self",)).select_related("person", "party", "parcel", "case")
    held = rows.filter(pk=interest_id).first()
    if held is None or not may_read(by, held):
        raise NotFound
    thing = thing_of(held)
    if held.person_id == by.pk or not may_record(by, thing):
        raise NotAllowed("auditor_needed", _("Only an internal auditor ends a declaration, and not his own."))
    if held.ended_at is not None:
        raise Conflict("interest_over", _("This declaration was ended already."))
    held.ended_by, held.ended_at, held.ended_reason = by, at, _said(reason, "reason_missing")
    held.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    detail = {"person": held.person.username, "reason": held.ended_reason}
    audit.record(ENDED, by=by, at=at, obj=held, governorate=_governorate(thing), detail=detail)
    bump(LAYER, _governorate(thing))  # what waits for whom is counted anew
    return held


def interests_visible_to(user: User) -> QuerySet[Interest]:
    """The declarations a person may read: his own; an auditor those of his governorates."""
    rows = Interest.objects.select_related("person", "party", "parcel__place", "case", "declared_by", "ended_by")
    codes = scope_of(user).governorates(RECORDERS)
    if not codes:
        return rows.filter(person=user)
    if "" in codes:
        return rows
    seen = Q(party__governorate__in=codes) | Q(case__governorate__in=codes)
    for code in sorted(codes):
        seen |= Q(parcel__place__path__startswith=code)
    return rows.filter(seen | Q(person=user))


def may_read(user: User, held: Interest) -> bool:
    """Say whether somebody may read a declaration."""
    return held.person_id == user.pk or may_record(user, thing_of(held))


def may_record(user: User, thing: Thing) -> bool:
    """Say whether somebody records and ends the interests of others in a thing: an auditor of its governorate."""
    codes = scope_of(user).governorates(RECORDERS)
    return bool(codes & {"", _governorate(thing)})


def thing_of(held: Interest) -> Thing:
    """What the interest is in."""
    thing = held.party or held.parcel or held.case
    assert thing is not None  # noqa: S101 - the database holds that there is one
    return thing


def _require_declarer(by: User, who: User, thing: Thing) -> None:
    """Raise NotAllowed for who speaks of another and is no auditor there, and for who is no officer."""
    if who.pk != by.pk and not may_record(by, thing):
        raise NotAllowed("auditor_needed", _("Only an internal auditor records the interest of another."))
    if not scope_of(who).holds(STAFF):
        raise NotFound


def _may_see(by: User, thing: Thing) -> bool:
    if isinstance(thing, Party):
        return may_see_party(by, thing)
    return may_see_parcel(by, thing) if isinstance(thing, Parcel) else may_see_case(by, thing)


def _named(thing: Thing) -> dict[str, Thing]:
    return {"party" if isinstance(thing, Party) else "parcel" if isinstance(thing, Parcel) else "case": thing}


def _governorate(thing: Thing) -> str:
    return thing.place.governorate_code if isinstance(thing, Parcel) else thing.governorate


def _said(words: str, code: str) -> str:
    """The words, cleaned; raises Invalid when they say nothing or too much."""
    said = " ".join(words.split())
    if not WORDS_MIN <= len(said) <= WORDS_MAX:
        raise Invalid(
            code, _("Write it in %(least)s to %(most)s letters."), least=WORDS_MIN, most=WORDS_MAX,
            field="relation" if code == "relation_missing" else "reason",
        )  # fmt: skip
    return said
