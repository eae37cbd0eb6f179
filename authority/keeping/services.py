"""Changes of accounts and roles: one administrator prepares, another carries out; a leaver leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit, clock, services
from authority.entry.recovery import require_keeper_of
from authority.keeping import effects, offices
from authority.keeping.leaving import Plan, leave, require_heirs
from authority.models import Custodian, Office, Place, PreparedChange, Role, RoleHolding, User
from authority.policies import Grant, Scope, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, plain
from authority.selectors import SYSTEM_USERNAME

PREPARED = audit.declare("authority.change_prepared", _("Change of an account or a role prepared"))
DONE = audit.declare("authority.change_done", _("Change of an account or a role carried out by a second person"))
WITHDRAWN = audit.declare("authority.change_withdrawn", _("Change of an account or a role withdrawn"))
Kind, State = PreparedChange.Kind, PreparedChange.State


class SameAdministrator(NotAllowed):
    """Who prepared it does not carry it out, nor whom it concerns, nor who is bound to him by a delegation."""

    code = "second_person_needed"
    message = _("Another administrator has to carry this out.")


class ChangeDecided(Conflict):
    """Carried out or withdrawn."""

    code = "change_decided"
    message = _("This change was carried out or withdrawn already.")


# ---- preparing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def prepare_account(*, username: str, name_ar: str, name_en: str = "", by: User, at: dt.datetime) -> PreparedChange:
    """Prepare a new account without a password. Raises NotAllowed, NameTaken, Invalid `name_missing`."""
    if not services.may_keep_accounts(by):
        raise NotAllowed
    name = username.strip()
    if not name or not name_ar.strip():
        raise Invalid("name_missing", _("Give the user name and the name in Arabic."), field="username")
    if name == SYSTEM_USERNAME or User.objects.filter(username=name).exists():
        raise services.NameTaken(username=name)
    said = {"username": name, "name_ar": name_ar.strip(), "name_en": name_en.strip()}
    return _prepared(Kind.ACCOUNT, None, said, [], by, at)


@transaction.atomic
def prepare_role(
    *, person: User, role: str, office: Office, by: User, at: dt.datetime,
    starts_on: dt.date | None = None, ends_on: dt.date | None = None,
) -> PreparedChange:  # fmt: skip
    """Prepare that a person gets a role in an office. Raises NotFound, OwnRole, NotAllowed, BadChoice, BadPeriod."""
    _require_keeper(by, person)
    if not services.may_keep_accounts(by, office.place):
        raise NotAllowed
    if role not in Role.values or role == Role.SYSTEM:
        raise services.BadChoice(value=role)
    today = clock.day_of(at)
    starts = starts_on or today
    if starts < today or (ends_on is not None and ends_on < starts):
        raise services.BadPeriod(starts_on=starts, ends_on=ends_on)
    before = scope_of(person)
    path = office.place.path if office.place else ""
    after = Scope(person.pk, before.grants | {Grant(role, path, office.custodian_id or 0)})
    said = {"role": role, "office": office.code, "starts_on": starts, "ends_on": ends_on}
    return _prepared(Kind.ROLE, person, said, effects.preview(before, after), by, at)


@transaction.atomic
def prepare_role_end(*, holding: RoleHolding, by: User, at: dt.datetime, last_day: dt.date) -> PreparedChange:
    """Prepare that a role ends with a day. Raises NotFound, OwnRole, BadPeriod."""
    _require_keeper(by, holding.user)
    if last_day < max(holding.starts_on, clock.day_of(at)):
        raise services.BadPeriod(starts_on=holding.starts_on, ends_on=last_day)
    before = scope_of(holding.user)
    left = holding.user.roles.exclude(pk=holding.pk)
    after = Scope(holding.user_id, before.grants & grants_of(left.select_related("office__place")))
    said = {"holding": holding.pk, "role": holding.role, "office": holding.office.code, "last_day": last_day}
    return _prepared(Kind.ROLE_END, holding.user, said, effects.preview(before, after), by, at)


@transaction.atomic
def prepare_leaving(*, person: User, heirs: Mapping[str, User], by: User, at: dt.datetime) -> PreparedChange:
    """Prepare that a person leaves and hands over what is in his hands, by kind, to named colleagues.

    Raises NotFound, OwnRole, Conflict `left_behind` naming what would be nobody's, `bad_heir`.
    """
    _require_keeper(by, person)
    require_heirs(Plan(person, dict(heirs)), at)
    said = {"heirs": {name: heir.username for name, heir in sorted(heirs.items())}}
    before = scope_of(person)
    return _prepared(Kind.LEAVING, person, said, effects.preview(before, Scope(person.pk)), by, at)


@transaction.atomic
def prepare_office(
    *, code: str, name_ar: str, by: User, at: dt.datetime, name_en: str = "", place: Place | None = None,
    custodian: Custodian | None = None, parent: Office | None = None,
) -> PreparedChange:  # fmt: skip
    """Prepare a new office. Raises NotAllowed, CodeTaken, Invalid `jurisdiction_missing`."""
    said = {
        "code": code, "name_ar": name_ar.strip(), "name_en": name_en.strip(), "place": place.code if place else "",
        "custodian": custodian.code if custodian else "", "parent": parent.code if parent else "",
    }  # fmt: skip
    offices.require_openable(said, by)
    return _prepared(Kind.OFFICE, None, said, [], by, at)


@transaction.atomic
def prepare_closing(*, office: Office, on: dt.date, by: User, at: dt.datetime) -> PreparedChange:
    """Prepare that an office closes on a day. Raises NotAllowed, BadPeriod, OfficeInUse."""
    offices.require_closable(office, on, by, at)
    return _prepared(Kind.CLOSING, None, {"code": office.code, "closed_on": on}, [], by, at)


def grants_of(holdings: Any) -> frozenset[Grant]:
    """Return what role holdings give."""
    return frozenset(
        Grant(one.role, one.office.place.path if one.office.place else "", one.office.custodian_id or 0)
        for one in holdings
    )


def _require_keeper(by: User, person: User) -> None:
    require_keeper_of(by, person)
    if by.pk == person.pk:
        raise services.OwnRole
    if not services.may_keep_accounts(by):
        raise NotAllowed


def _prepared(
    kind: str, person: User | None, said: dict[str, Any], effect: list[effects.Line], by: User, at: dt.datetime
) -> PreparedChange:
    made = PreparedChange.objects.create(
        kind=kind, person=person, said=plain(said), effect=effect, prepared_by=by, prepared_at=at
    )
    audit.record(PREPARED, by=by, at=at, obj=made, governorate=_governorate(person), detail=_told(made))
    return made


# ---- deciding --------------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_out(*, change_id: Any, by: User, at: dt.datetime) -> PreparedChange:
    """Carry a change out as the second administrator.

    Raises NotFound, SameAdministrator, ChangeDecided, and what the verbs raise.
    """
    change = _locked(change_id, by)
    if by.pk == change.prepared_by_id or by.pk == change.person_id or change.prepared_by_id in scope_of(by).eyes:
        raise SameAdministrator
    DOERS[Kind(change.kind)](change, by, at)
    change.state, change.decided_by, change.decided_at = State.DONE, by, at
    change.save(update_fields=["state", "decided_by", "decided_at", "person"])
    detail = _told(change) | {"prepared_by": change.prepared_by.username}
    audit.record(DONE, by=by, at=at, obj=change, governorate=_governorate(change.person), detail=detail)
    return change


@transaction.atomic
def withdraw(*, change_id: Any, by: User, at: dt.datetime) -> PreparedChange:
    """Put a change away. Raises NotFound, SameAdministrator, ChangeDecided."""
    change = _locked(change_id, by)
    if by.pk == change.person_id:
        raise SameAdministrator
    change.state, change.decided_by, change.decided_at = State.WITHDRAWN, by, at
    change.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(WITHDRAWN, by=by, at=at, obj=change, governorate=_governorate(change.person), detail=_told(change))
    return change


def _locked(change_id: Any, by: User) -> PreparedChange:
    """Return a waiting change of an account that this administrator keeps, locked."""
    rows = PreparedChange.objects.select_for_update(of=("self",)).select_related("person", "prepared_by")
    try:
        found = rows.get(pk=uuid.UUID(str(change_id)))
    except (PreparedChange.DoesNotExist, ValueError) as missing:
        raise NotFound from missing
    require_sight(by, found)
    if found.state != State.WAITING:
        raise ChangeDecided
    return found


def require_sight(by: User, change: PreparedChange) -> None:
    """Raise NotFound for who does not keep the account."""
    if not services.may_keep_accounts(by):
        raise NotFound
    if change.person is not None:
        require_keeper_of(by, change.person)


def _open_account(change: PreparedChange, by: User, at: dt.datetime) -> None:
    change.person = services.create_user(by=by, at=at, **change.said)


def _give_role(change: PreparedChange, by: User, at: dt.datetime) -> None:
    said, person = change.said, change.person
    assert person is not None  # noqa: S101 - the database holds it
    office = Office.objects.select_related("place").get(code=said["office"])
    starts = max(dt.date.fromisoformat(said["starts_on"]), clock.day_of(at))
    ends = dt.date.fromisoformat(said["ends_on"]) if said["ends_on"] else None
    services.hold_role(user=person, role=said["role"], office=office, by=by, at=at, starts_on=starts, ends_on=ends)


def _end_role(change: PreparedChange, by: User, at: dt.datetime) -> None:
    holding = RoleHolding.objects.select_for_update(of=("self",)).select_related("office__place", "user")
    found = holding.get(pk=change.said["holding"])
    last = max(dt.date.fromisoformat(change.said["last_day"]), clock.day_of(at), found.starts_on)
    services.end_role(holding=found, by=by, at=at, ends_on=last)


def _leave(change: PreparedChange, by: User, at: dt.datetime) -> None:
    assert change.person is not None  # noqa: S101 - the database holds it
    names = change.said["heirs"]
    known = User.objects.in_bulk(set(names.values()), field_name="username")
    leave(Plan(change.person, {kind: known[name] for kind, name in names.items()}), by, at)
    others = PreparedChange.objects.filter(person=change.person, state=State.WAITING).exclude(pk=change.pk)
    for other in others:
        withdraw(change_id=other.pk, by=by, at=at)


def _open_office(change: PreparedChange, by: User, at: dt.datetime) -> None:
    offices.open_office(change.said, by, at)


def _close_office(change: PreparedChange, by: User, at: dt.datetime) -> None:
    office = Office.objects.get(code=change.said["code"])
    day = max(dt.date.fromisoformat(change.said["closed_on"]), clock.day_of(at))
    offices.close_office(office=office, on=day, by=by, at=at)


DOERS = {
    Kind.OFFICE: _open_office, Kind.CLOSING: _close_office,
    Kind.ACCOUNT: _open_account, Kind.ROLE: _give_role, Kind.ROLE_END: _end_role, Kind.LEAVING: _leave,
}  # fmt: skip


def _governorate(person: User | None) -> str:
    codes = scope_of(person).governorates(frozenset(Role)) if person else frozenset()
    return next(iter(codes)) if len(codes) == 1 else ""


def _told(change: PreparedChange) -> dict[str, Any]:
    return {"kind": change.kind, "person": change.person.username if change.person else "", **change.said}
