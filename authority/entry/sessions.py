"""Sessions and the devices they run on: begun, seen, listed, ended; what has ended opens nothing from that moment."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict, cast

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from authority import audit
from authority.models import User, UserSession
from authority.refusal import NotFound, Text

SEEN_EVERY = dt.timedelta(minutes=1)  # how exactly the last sign of life is known
KEPT_FOR = dt.timedelta(days=180)
Ending = UserSession.Ending

SESSIONS_ENDED = audit.declare("authority.sessions_ended", _("Sessions ended"))

SYSTEMS: tuple[tuple[str, Text], ...] = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS: tuple[tuple[str, Text], ...] = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"), ("QGIS", "QGIS"),
)  # fmt: skip


class Living(TypedDict):
    """What the gate has to know of a session."""

    pk: Any
    signed_in_at: dt.datetime
    last_seen_at: dt.datetime
    second_factor_at: dt.datetime | None
    proved_at: dt.datetime
    enrolled: bool


def device_words(agent: str) -> str:
    """Say in words which device a browser's own description means: «Firefox · Windows»."""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    told = [str(name) for name in (browser, system) if name]
    return " · ".join(told) if told else str(_("unknown device"))


@transaction.atomic
def begin(*, user: User, key: str, at: dt.datetime, address: str, agent: str) -> UserSession:
    """Note a new session under the key of Django's; what a person's old rows say is kept half a year."""
    user.entries.filter(ended_at__lt=at - KEPT_FOR).delete()
    UserSession.objects.filter(key=key).update(key=None, ended_at=at, ending=Ending.SIGNED_OUT)
    return UserSession.objects.create(
        user=user, key=key, signed_in_at=at, last_seen_at=at, proved_at=at, address=address[:45], agent=clean(agent)
    )


def clean(agent: str) -> str:
    """Return a browser's description as one bounded line."""
    return "".join(character if character.isprintable() else " " for character in agent)[:200]


def living(key: str | None, user_id: int) -> Living | None:
    """Return what is known of a session by one question to the database; None where it has ended or was never begun."""
    enrolled = TOTPDevice.objects.filter(user_id=OuterRef("user_id"), confirmed=True)
    names = ("pk", "signed_in_at", "last_seen_at", "second_factor_at", "proved_at")
    found = UserSession.objects.filter(key=key, user_id=user_id).annotate(enrolled=Exists(enrolled))
    row = found.values(*names, "enrolled").first() if key else None
    return cast("Living | None", row)


def expired(session: Living, at: dt.datetime) -> str:
    """Return why a session is over: too old, or left unused; "" while it goes on."""
    if at - session["signed_in_at"] >= dt.timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return Ending.AGE
    if at - session["last_seen_at"] >= dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return Ending.IDLE
    return ""


def seen(session: Living, at: dt.datetime) -> None:
    """Note a sign of life, without a write for each tile."""
    if at - session["last_seen_at"] >= SEEN_EVERY:
        UserSession.objects.filter(pk=session["pk"], last_seen_at__lt=at).update(last_seen_at=at)


def passed(*, key: str | None, at: dt.datetime, factor: bool, way: str = "") -> None:
    """Note that the person of a session has just proved himself: by the second factor, or again by the password."""
    said: dict[str, Any] = (
        {"proved_at": at} | ({"second_factor_at": at} if factor else {}) | ({"way": way} if way else {})
    )
    UserSession.objects.filter(key=key).update(**said)


def moved(old: str | None, new: str | None) -> None:
    """Follow a session whose key was changed."""
    UserSession.objects.filter(key=old).update(key=new)


def open_sessions(user: User, at: dt.datetime) -> QuerySet[UserSession]:
    """Return the sessions of a person that still open something, the latest sign of life first."""
    young = at - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    active = at - dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return user.entries.filter(ended_at=None, signed_in_at__gt=young, last_seen_at__gt=active).order_by("-last_seen_at")


def past_sessions(user: User, at: dt.datetime, most: int = 20) -> list[UserSession]:
    """Return a person's latest sessions that are over."""
    going_on = open_sessions(user, at).values("pk")
    return list(user.entries.exclude(pk__in=going_on).order_by("-signed_in_at")[:most])


@transaction.atomic
def close(rows: QuerySet[UserSession], *, at: dt.datetime, ending: str) -> int:
    """End sessions at once: Django's rows go, ours say when and why; returns how many went on until now."""
    keys = list(rows.filter(ended_at=None).select_for_update().values_list("key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return UserSession.objects.filter(key__in=keys).update(key=None, ended_at=at, ending=ending)


@transaction.atomic
def end_all(*, user: User, by: User, at: dt.datetime, ending: str, but: str | None = None) -> int:
    """End all sessions of a person, but for the one with a key; recorded where there were any."""
    rows = user.entries.all() if but is None else user.entries.exclude(key=but)
    ended = close(rows, at=at, ending=ending)
    if ended:
        audit.record(SESSIONS_ENDED, by=by, at=at, obj=user, detail={"ended": ended, "why": ending})
    return ended


@transaction.atomic
def end_one(*, user: User, session_id: Any, by: User, at: dt.datetime) -> None:
    """End one session of a person. Raises NotFound for one that is not his or is over."""
    ending = Ending.OWNER if by.pk == user.pk else Ending.ADMINISTRATOR
    if not close(user.entries.filter(pk=session_id), at=at, ending=ending):
        raise NotFound
    audit.record(SESSIONS_ENDED, by=by, at=at, obj=user, detail={"ended": 1, "why": ending})
