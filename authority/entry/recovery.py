"""The way back in on a closed network: no e-mail; an administrator hands over a code, another one confirms.

A new password: the administrator makes a code of 140 bits that opens, once and for half an hour, the page on which the
person himself sets his password; nobody else ever sees one. For an administrator's password, and for taking off
anybody's second factor, another administrator has to confirm. Only the code's hash is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit, clock, services
from authority.entry import factors, sessions
from authority.models import Office, Place, Recovery, Role, RoleHolding, User
from authority.models.people import not_over
from authority.policies import USER_ADMINS, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from authority.selectors import SYSTEM_USERNAME, system_user

LETTERS, GROUP = 28, 4  # 28 letters of an alphabet of 32: 140 bits
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
REASON_MIN, REASON_MAX = 5, 200
OPEN_FOR = dt.timedelta(days=3)  # how long a request waits for its second person
Kind = Recovery.Kind

ASKED = audit.declare("authority.recovery_asked", _("Way back in asked for a colleague"))
CONFIRMED = audit.declare("authority.recovery_confirmed", _("Way back in confirmed by a second person"))
WITHDRAWN = audit.declare("authority.recovery_withdrawn", _("Way back in withdrawn"))
CODE_MADE = audit.declare("authority.recovery_code_made", _("Code for a new password made"))
USED = audit.declare("authority.password_recovered", _("Password set by a code"))
FIRST = audit.declare("authority.first_administrator", _("First administrator named"))


class BadRecovery(NotFound):
    """Wrong, used, expired: one answer for all."""

    code = "recovery_invalid"
    title = _("The code opens nothing")
    message = _("The code is not right, was used before, or is older than half an hour.")
    advice = _("Ask your administrator for a new one.")


class OwnRecovery(NotAllowed):
    """Nobody restores himself."""

    code = "own_recovery"
    message = _("Nobody asks for or confirms his own way back in.")


class SamePerson(NotAllowed):
    """Two people, not one twice."""

    code = "second_person_needed"
    message = _("Another administrator has to confirm this.")


class RecoveryClosed(Conflict):
    """Done, withdrawn or too old."""

    code = "recovery_closed"
    message = _("This request is closed or too old.")


class HasAdministrator(Conflict):
    """The first one is there already."""

    code = "administrator_exists"
    message = _("There is an administrator already; he gives accounts and roles.")


# ---- who -------------------------------------------------------------------------------------------------------------


def keeps(by: User, user: User) -> bool:
    """Say whether an administrator keeps a person's account: his roles lie in the administrator's jurisdiction."""
    if by.username == SYSTEM_USERNAME or (by.is_superuser and by.is_active):
        return True
    scope = scope_of(by)
    if not scope.holds(USER_ADMINS):
        return False
    offices = Office.objects.filter(holders__in=_held(user)).select_related("place").distinct()
    return all(scope.allows(USER_ADMINS, office.place, office.custodian_id) for office in offices)


def _held(user: User) -> QuerySet[RoleHolding]:
    today = clock.today()
    return user.roles.filter(not_over(today))


def is_administrator(user: User) -> bool:
    """Say whether a person gives out accounts."""
    return user.is_superuser or _held(user).filter(role__in=USER_ADMINS).exists()


def require_keeper_of(by: User, user: User) -> None:
    """Raise NotFound for who does not keep the account: he learns nothing of it."""
    if not keeps(by, user):
        raise NotFound


def account_of(by: User, **named: Any) -> User:
    """Return an account that the person keeps. Raises NotFound."""
    user = User.objects.exclude(username=SYSTEM_USERNAME).filter(**named).first()
    if user is None:
        raise NotFound
    require_keeper_of(by, user)
    return user


# ---- the codes -------------------------------------------------------------------------------------------------------


def hashed(code: str) -> str:
    """Return what is kept of a code, however it was typed."""
    bare = "".join(character for character in code.casefold() if character.isalnum())
    return hashlib.sha256(f"recovery {bare}".encode("utf-8", "replace")).hexdigest()


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _n in range(LETTERS))
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def _give_code(recovery: Recovery, by: User, at: dt.datetime) -> str:
    """Make the code of a request whose people have all spoken."""
    code = _new_code()
    recovery.code_hash, recovery.expires_at = hashed(code), at + dt.timedelta(minutes=settings.RECOVERY_MINUTES)
    recovery.save(update_fields=["code_hash", "expires_at"])
    audit.record(CODE_MADE, by=by, at=at, obj=recovery.user, detail={"until": recovery.expires_at})
    return code


# ---- the verbs -------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, user: User, kind: str, reason: str, by: User, at: dt.datetime) -> tuple[Recovery, str]:
    """Ask for a colleague's way back; returns it with the code, which is "" while another has to confirm.

    Raises NotAllowed, NotFound, OwnRecovery, Invalid `reason_missing`, BadChoice, NotEnrolled.
    """
    if not services.may_keep_accounts(by):
        raise NotAllowed
    require_keeper_of(by, user)
    if user.pk == by.pk:
        raise OwnRecovery
    if kind not in Kind.values:
        raise services.BadChoice(value=kind)
    said = " ".join(reason.split())
    if not REASON_MIN <= len(said) <= REASON_MAX:
        raise Invalid("reason_missing", _("Give a reason of at least %(limit)s letters."), limit=REASON_MIN)
    if kind == Kind.FACTOR and factors.phone_of(user) is None:
        raise factors.NotEnrolled
    second = kind == Kind.FACTOR or is_administrator(user)
    user.recoveries.filter(kind=kind, closed_at=None).update(closed_at=at)
    made = Recovery.objects.create(user=user, kind=kind, reason=said, asked_by=by, asked_at=at, needs_second=second)
    audit.record(ASKED, by=by, at=at, obj=user, detail={"kind": kind, "reason": said})
    return made, "" if second else _give_code(made, by, at)


def _locked(recovery_id: Any, by: User, at: dt.datetime) -> Recovery:
    found = Recovery.objects.select_for_update(of=("self",)).select_related("user").filter(pk=recovery_id).first()
    if found is None:
        raise NotFound
    if found.user_id == by.pk:
        raise OwnRecovery
    require_keeper_of(by, found.user)
    if found.closed_at or found.asked_at + OPEN_FOR <= at:
        raise RecoveryClosed
    return found


@transaction.atomic
def confirm(*, recovery_id: Any, by: User, at: dt.datetime) -> tuple[Recovery, str]:
    """Confirm as the second person: the second factor goes at once, for a password the code is made and returned.

    Raises NotFound, OwnRecovery, SamePerson, RecoveryClosed.
    """
    found = _locked(recovery_id, by, at)
    if found.asked_by_id == by.pk:
        raise SamePerson
    if not found.needs_second or found.confirmed_by_id is not None:
        raise RecoveryClosed
    found.confirmed_by, found.confirmed_at = by, at
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record(CONFIRMED, by=by, at=at, obj=found.user, detail={"kind": found.kind})
    if found.kind == Kind.PASSWORD:
        return found, _give_code(found, by, at)
    factors.remove(user=found.user, by=by, at=at)
    Recovery.objects.filter(pk=found.pk).update(closed_at=at)
    return found, ""


@transaction.atomic
def withdraw(*, recovery_id: Any, by: User, at: dt.datetime) -> None:
    """Close a request; its code opens nothing more. Raises NotFound, OwnRecovery, RecoveryClosed."""
    found = _locked(recovery_id, by, at)
    Recovery.objects.filter(pk=found.pk).update(closed_at=at, code_hash=None)
    audit.record(WITHDRAWN, by=by, at=at, obj=found.user, detail={"kind": found.kind})


def open_requests(by: User, at: dt.datetime) -> list[Recovery]:
    """Return the requests that wait, of accounts that a person keeps."""
    waiting = Recovery.objects.filter(closed_at=None, asked_at__gt=at - OPEN_FOR).select_related("user", "asked_by")
    living = waiting.filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return [found for found in living[:200] if keeps(by, found.user)]


def opened_by(code: str, at: dt.datetime) -> Recovery:
    """Return the request that a code opens. Raises BadRecovery."""
    found = (
        Recovery.objects.select_related("user")
        .filter(code_hash=hashed(code), closed_at=None, expires_at__gt=at, user__is_active=True)
        .first()
    )
    if found is None:
        raise BadRecovery
    return found


@transaction.atomic
def set_password(*, code: str, password: str, at: dt.datetime) -> User:
    """Set the password by a code, once; all sessions end. Raises BadRecovery, WeakPassword."""
    opened = opened_by(code, at)
    found = Recovery.objects.select_for_update().get(pk=opened.pk)
    if found.closed_at is not None:
        raise BadRecovery
    user = User.objects.select_for_update().get(pk=found.user_id)
    services.check_password_rules(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    found.closed_at, found.code_hash = at, None
    found.save(update_fields=["closed_at", "code_hash"])
    audit.record(USED, by=user, at=at, obj=user)
    sessions.end_all(user=user, by=user, at=at, ending=sessions.Ending.CREDENTIALS)
    return user


# ---- the first one ---------------------------------------------------------------------------------------------------


@transaction.atomic
def name_first_administrator(
    *, username: str, at: dt.datetime, name_ar: str = "", name_en: str = "", place: Place | None = None,
    second: bool = False,
) -> tuple[User, str]:  # fmt: skip
    """Open the first administrator's account, without a password, and return it with the code that sets one.

    `second`: or the second one's; every change of an account takes two, so one alone could never name the other.
    Raises HasAdministrator, NameTaken.
    """
    system = User.objects.select_for_update().get(pk=system_user().pk)  # two at once are one after the other
    admins = Q(is_superuser=True) | Q(roles__role__in=USER_ADMINS)
    there = User.objects.filter(admins, is_active=True).exclude(pk=system.pk).distinct().count()
    if there > int(second):
        raise HasAdministrator
    user = services.create_user(username=username, by=system, at=at, name_ar=name_ar, name_en=name_en)
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    user.refresh_from_db()
    if place is not None:
        office, _made = Office.objects.get_or_create(
            code=f"administration-{place.code}",
            defaults={"name_ar": "إدارة النظام", "name_en": "System administration", "place": place},
        )
        services.hold_role(user=user, role=Role.ADMIN, office=office, by=system, at=at)
    audit.record(FIRST, by=system, at=at, obj=user, detail={"username": username})
    reason = "second administrator" if there else "first administrator"
    made = Recovery.objects.create(
        user=user, kind=Kind.PASSWORD, reason=reason, asked_by=system, asked_at=at, needs_second=False
    )
    return user, _give_code(made, system, at)
