"""Every change of accounts, roles, keys, offices and places; each with its audit, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit, changes, clock, keys, policies
from authority.entry import sessions
from authority.models import ApiKey, Custodian, Office, Place, Role, RoleHolding, User
from authority.policies import USER_ADMINS, require, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from authority.selectors import SYSTEM_USERNAME

KEY_MAX_DAYS, KEYS_MAX = 366, 20
LANGUAGES, DIGITS, THEMES = ("ar", "en"), ("latn", "arab"), ("light", "dark")

USER_CREATED = audit.declare("authority.user_created", _("Account opened"))
USER_DISABLED = audit.declare("authority.user_disabled", _("Account disabled"))
USER_ENABLED = audit.declare("authority.user_enabled", _("Account enabled again"))
ROLE_GIVEN = audit.declare("authority.role_given", _("Role given"))
ROLE_ENDED = audit.declare("authority.role_ended", _("Role ended"))
KEY_ISSUED = audit.declare("authority.key_issued", _("Personal key made"))
KEY_REVOKED = audit.declare("authority.key_revoked", _("Personal key revoked"))
PASSWORD_CHANGED = audit.declare("authority.password_changed", _("Password changed"))
PREFERENCES_SET = audit.declare("authority.preferences_set", _("Personal settings changed"))
SIGNED_IN = audit.declare("authority.signed_in", _("Signed in"))
SIGNED_OUT = audit.declare("authority.signed_out", _("Signed out"))
OFFICE_CREATED = audit.declare("authority.office_created", _("Office opened"))
PLACE_NAMED = audit.declare("authority.place_named", _("Other names of a place changed"))
PLACE_CREATED = audit.declare("authority.place_created", _("Place entered"))


class NameTaken(Conflict):
    """Two people under one name."""

    code = "username_taken"
    message = _("There is an account with this name already.")


class OwnRole(NotAllowed):
    """Maker is not checker: nobody gives himself a role."""

    code = "own_role"
    message = _("Nobody can give a role to himself or end his own account.")


class WeakPassword(Invalid):
    """What Django's validators say."""

    code = "weak_password"
    message = _("The password is not strong enough.")


class BadPeriod(Invalid):
    """An end before its beginning, or too far away."""

    code = "bad_period"
    message = _("The dates do not form a valid period.")


class BadChoice(Invalid):
    """A value outside the list."""

    code = "bad_choice"
    message = _("“%(value)s” is not one of the possible values.")


class TooManyKeys(Conflict):
    """Old keys have to be revoked first."""

    code = "too_many_keys"
    message = _("You have %(limit)s living keys; revoke one that you no longer use.")


def may_keep_accounts(user: User, place: Place | None = None) -> bool:
    """Say whether a person opens accounts and gives roles: the administrator of the place, and who set up the site."""
    if user.username == SYSTEM_USERNAME or (user.is_superuser and user.is_active):
        return True
    scope = scope_of(user)
    return scope.allows(USER_ADMINS, place) if place else scope.holds(USER_ADMINS)


def _require_keeper(by: User, place: Place | None = None) -> None:
    if not may_keep_accounts(by, place):
        raise NotAllowed


def _one_of(value: str, choices: Collection[str]) -> str:
    if value not in choices:
        raise BadChoice(value=value)
    return value


# ---- accounts --------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_user(
    *,
    username: str,
    by: User,
    at: dt.datetime,
    password: str | None = None,
    name_ar: str = "",
    name_en: str = "",
    email: str = "",
) -> User:
    """Open an account; without a password nobody can sign in to it yet.

    Raises NotAllowed, NameTaken, WeakPassword.
    """
    _require_keeper(by)
    if username == SYSTEM_USERNAME or User.objects.filter(username=username).exists():
        raise NameTaken(username=username)
    if password is not None:
        check_password_rules(password, User(username=username, name_ar=name_ar, name_en=name_en, email=email))
    user = User.objects.create_user(username, password, name_ar=name_ar, name_en=name_en, email=email)
    audit.record(USER_CREATED, by=by, at=at, obj=user, detail={"username": username})
    return user


def check_password_rules(password: str, user: User) -> None:
    """Raise WeakPassword with all that is wrong with a password for this person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(errors=[{"field": "password", "message": text} for text in error.messages]) from error


@transaction.atomic
def disable_user(*, user: User, by: User, at: dt.datetime, reason: str = "") -> None:
    """Close an account at once: sessions and keys end with it. Raises NotAllowed, OwnRole."""
    _require_keeper(by)
    if user.pk == by.pk:
        raise OwnRole
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active = user.is_active = False
    locked.save(update_fields=["is_active"])
    user.api_keys.filter(revoked_at=None).update(revoked_at=at)
    sessions.end_all(user=user, by=by, at=at, ending=sessions.Ending.RIGHTS)
    policies.forget()
    audit.record(USER_DISABLED, by=by, at=at, obj=user, detail={"reason": reason})


@transaction.atomic
def enable_user(*, user: User, by: User, at: dt.datetime) -> None:
    """Open a disabled account again; its keys stay revoked. Raises NotAllowed, OwnRole."""
    _require_keeper(by)
    if user.pk == by.pk:
        raise OwnRole
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
    policies.forget()
    audit.record(USER_ENABLED, by=by, at=at, obj=user)


@transaction.atomic
def change_password(*, user: User, password: str, by: User, at: dt.datetime, keep: str | None = None) -> None:
    """Set one's own new password; all sessions end. Nobody sets another's: see `entry.recovery`.

    Raises NotAllowed, WeakPassword.
    """
    if user.pk != by.pk:
        raise NotAllowed
    check_password_rules(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user=user, by=by, at=at, ending=sessions.Ending.CREDENTIALS, but=keep)
    audit.record(PASSWORD_CHANGED, by=by, at=at, obj=user)


@transaction.atomic
def set_preferences(
    *, by: User, at: dt.datetime, language: str | None = None, digits: str | None = None, theme: str | None = None
) -> User:
    """Keep how a person wants to read. Raises BadChoice."""
    wanted = {
        "language": language and _one_of(language, LANGUAGES),
        "digits": digits and _one_of(digits, DIGITS),
        "theme": theme and _one_of(theme, THEMES),
    }
    changed = {name: value for name, value in wanted.items() if value and getattr(by, name) != value}
    if changed:
        User.objects.filter(pk=by.pk).update(**changed)
        for name, value in changed.items():
            setattr(by, name, value)
        audit.record(PREFERENCES_SET, by=by, at=at, obj=by, detail=dict(changed))
    return by


@transaction.atomic
def note_sign_in(*, by: User, at: dt.datetime, address: str) -> None:
    """Record that a person signed in."""
    audit.record(SIGNED_IN, by=by, at=at, obj=by, detail={"address": address})


@transaction.atomic
def note_sign_out(*, by: User, at: dt.datetime) -> None:
    """Record that a person signed out."""
    audit.record(SIGNED_OUT, by=by, at=at, obj=by)


# ---- roles -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def hold_role(
    *,
    user: User,
    role: str,
    office: Office,
    by: User,
    at: dt.datetime,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> RoleHolding:
    """Give a person a role in an office, from a day (today) to a day (open).

    Raises NotAllowed, OwnRole, BadChoice, BadPeriod.
    """
    _require_keeper(by, office.place)
    if user.pk == by.pk:
        raise OwnRole
    starts = starts_on or clock.day_of(at)
    if ends_on is not None and ends_on < starts:
        raise BadPeriod(starts_on=starts, ends_on=ends_on)
    _one_of(role, Role.values)
    holding = RoleHolding.objects.create(user=user, role=role, office=office, starts_on=starts, ends_on=ends_on)
    policies.forget()
    _audit_role(ROLE_GIVEN, holding, by, at)
    return holding


@transaction.atomic
def end_role(*, holding: RoleHolding, by: User, at: dt.datetime, ends_on: dt.date | None = None) -> RoleHolding:
    """End a role on a day, its last one; without a day it ends at once, so its last day was yesterday.

    Raises NotAllowed, BadPeriod.
    """
    _require_keeper(by, holding.office.place)
    today = clock.day_of(at)
    last = today - dt.timedelta(days=1) if ends_on is None else ends_on
    if ends_on is not None and ends_on < holding.starts_on:
        raise BadPeriod(starts_on=holding.starts_on, ends_on=ends_on)
    if last < holding.starts_on:  # given and taken on one day: it never counted
        holding.starts_on = last
    holding.ends_on = last
    holding.save(update_fields=["starts_on", "ends_on"])
    if last < today:
        sessions.end_all(user=holding.user, by=by, at=at, ending=sessions.Ending.RIGHTS)
    policies.forget()
    _audit_role(ROLE_ENDED, holding, by, at)
    return holding


def _audit_role(action: str, holding: RoleHolding, by: User, at: dt.datetime) -> None:
    detail = {
        "role": holding.role,
        "office": holding.office.code,
        "starts_on": holding.starts_on,
        "ends_on": holding.ends_on,
    }
    place = holding.office.place
    audit.record(
        action, by=by, at=at, obj=holding.user, governorate=place.governorate_code if place else "", detail=detail
    )


# ---- keys ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_key(
    *, name: str, scopes: Collection[str], expires_at: dt.datetime, by: User, at: dt.datetime
) -> tuple[ApiKey, str]:
    """Make a personal key for oneself; returns it with the token, which is shown this once.

    Raises BadChoice, BadPeriod, TooManyKeys.
    """
    wanted = sorted({_one_of(scope, keys.SCOPES) for scope in scopes})
    if not wanted:
        raise BadChoice(value="")
    if not at < expires_at <= at + dt.timedelta(days=KEY_MAX_DAYS):
        raise BadPeriod(expires_at=expires_at, max_days=KEY_MAX_DAYS)
    User.objects.select_for_update().get(pk=by.pk)
    if by.api_keys.filter(revoked_at=None, expires_at__gt=at).count() >= KEYS_MAX:
        raise TooManyKeys(limit=KEYS_MAX)
    fresh = keys.new_key()
    key = ApiKey.objects.create(
        user=by,
        name=name,
        prefix=fresh.prefix,
        secret_hash=keys.hashed(fresh.secret),
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    audit.record(KEY_ISSUED, by=by, at=at, obj=key, detail={"name": name, "scopes": wanted, "expires_at": expires_at})
    return key, fresh.token


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User, at: dt.datetime) -> None:
    """End a key at once: one's own, or as administrator. Another person's key is not found."""
    if key.user_id != by.pk and not may_keep_accounts(by):
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        audit.record(KEY_REVOKED, by=by, at=at, obj=key, detail={"name": key.name, "owner": key.user.username})


# ---- offices and places ----------------------------------------------------------------------------------------------


@transaction.atomic
def create_office(
    *,
    code: str,
    name_ar: str,
    by: User,
    at: dt.datetime,
    name_en: str = "",
    place: Place | None = None,
    custodian: Custodian | None = None,
    parent: Office | None = None,
) -> Office:
    """Open an office with its jurisdiction. Raises NotAllowed; without a jurisdiction the database refuses."""
    _require_keeper(by, place)
    office = Office.objects.create(
        code=code, name_ar=name_ar, name_en=name_en, place=place, custodian=custodian, parent=parent
    )
    audit.record(OFFICE_CREATED, by=by, at=at, obj=office, detail={"code": code})
    return office


@transaction.atomic
def create_place(
    *,
    kind: str,
    code: str,
    name_ar: str,
    by: User,
    at: dt.datetime,
    parent: Place | None = None,
    geom: MultiPolygon | None = None,
    **fields: Any,
) -> Place:
    """Enter a place under its parent; its path follows from the codes. Raises NotAllowed, BadChoice."""
    _require_keeper(by, parent)
    _one_of(kind, Place.Kind.values)
    path = f"{parent.path}.{code}" if parent else code
    place = Place.objects.create(kind=kind, code=code, name_ar=name_ar, parent=parent, path=path, geom=geom, **fields)
    audit.record(PLACE_CREATED, by=by, at=at, obj=place, detail={"path": path})
    return place


# Who keeps the names of places: they are spelled as people search for them.
ALIAS_KEEPERS: frozenset[str] = frozenset({Role.GIS_OFFICER, Role.PROPERTY_OFFICER})
MOST_ALIASES, ALIAS_LENGTH = 20, 120


@transaction.atomic
def name_place(*, by: User, at: dt.datetime, place: Place, aliases: Collection[str]) -> Place:
    """Set the other names of a place (ar: أسماء أخرى): old names, usual misspellings. The search follows.

    Raises NotAllowed, Invalid `aliases_too_many`, `text_too_long`.
    """
    if not may_keep_accounts(by, place):
        require(by, ALIAS_KEEPERS, place=place)
    held = Place.objects.select_for_update(of=("self",)).defer("geom", "geom_3857").get(pk=place.pk)
    wanted = list(dict.fromkeys(name for name in (" ".join(one.split()) for one in aliases) if name))
    if len(wanted) > MOST_ALIASES:
        raise Invalid("aliases_too_many", _("A place has at most %(limit)s other names."), limit=MOST_ALIASES)
    if any(len(name) > ALIAS_LENGTH for name in wanted):
        raise Invalid(
            "text_too_long", _("%(field)s: at most %(length)s characters."), field="aliases", length=ALIAS_LENGTH
        )
    before, held.aliases = held.aliases, wanted
    held.save(update_fields=["aliases"])
    changes.changed("place", [held.pk])
    audit.record(PLACE_NAMED, by=by, at=at, obj=held, detail={"before": before, "after": wanted})
    return held
