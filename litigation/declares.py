"""What the register of suits declares to the rooms below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.policies import STAFF_READ, scope_of
from law.days import on_change
from law.registry import RuleKind
from law.registry import register as register_rule
from litigation import findable, layers, tasks
from litigation.appeals import APPEAL, MOVED, calendar_changed
from litigation.locking import LOCKS, locks_of_suits
from litigation.models import Suit
from litigation.rules import DAY_NAMES
from litigation.selectors import suits_on
from parcels import locks, timeline
from parcels.models import Parcel
from parcels.timeline import Entry
from ui import rail

MOST_DAYS = 400


def check_days(params: Any) -> None:
    """Raise ValueError for what is no rule of days to appeal."""
    if not isinstance(params, dict) or set(params) != set(DAY_NAMES):
        raise ValueError(", ".join(DAY_NAMES))
    if not all(
        isinstance(count, int) and not isinstance(count, bool) and 0 < count <= MOST_DAYS for count in params.values()
    ):
        raise ValueError(f"1–{MOST_DAYS}")


def days_in_words(params: Mapping[str, Any]) -> list[str]:
    """Say the days of appeal."""
    return [
        gettext("Appeal: %(days)s days") % {"days": params["appeal"]},
        gettext("Cassation: %(days)s days") % {"days": params["cassation"]},
        gettext("Urgent matters: %(days)s days") % {"days": params["urgent"]},
        gettext("Courts of the State Council: %(days)s days") % {"days": params["state_council"]},
    ]


def check_locks(params: Any) -> None:
    """Raise ValueError for what does not say which acts a subject bars."""
    if not isinstance(params, dict) or set(params) - {"standing", "stayed"}:
        raise ValueError("standing, stayed")
    standing, stayed = params.get("standing", {}), params.get("stayed", [])
    if not isinstance(standing, dict) or not isinstance(stayed, list):
        raise ValueError("standing, stayed")
    for subject, acts in standing.items():
        Suit.Subject(subject)
        [locks.Lockable(act) for act in acts]
    [locks.Lockable(act) for act in stayed]


def locks_in_words(params: Mapping[str, Any]) -> list[str]:
    """Say which acts each subject bars."""
    told = [(str(Suit.Subject(subject).label), acts) for subject, acts in params.get("standing", {}).items()]
    told.append((gettext("a stay of execution"), params.get("stayed", [])))
    return [f"{title}: {'، '.join(str(locks.Lockable(act).label) for act in acts)}" for title, acts in told if acts]


def lane(parcel: Parcel, user: User) -> Iterator[Entry]:
    """The suits on a parcel in its timeline."""
    for suit in suits_on(user, parcel=parcel.pk):
        yield Entry(
            "suits", f"{suit.get_subject_display()} {suit.number}/{suit.year}", suit.filed_on, suit.ended_on,
            "st-disputed", f"/suits/{suit.pk}/", str(suit.pk),
        )  # fmt: skip


def may_see(user: Any) -> bool:
    """Say whether the rail shows the register of suits."""
    return scope_of(user).holds(STAFF_READ)


def declare() -> None:
    """Declare acts, rules, locks, the lane, what is found, and the place on the rail."""
    for action, title in ACTIONS:
        audit.declare(action, title)
    register_rule(RuleKind(APPEAL, _("Days to appeal a judgment"), check_days, days_in_words))
    register_rule(RuleKind(LOCKS, _("What a suit bars"), check_locks, locks_in_words))
    locks.register(locks_of_suits)
    timeline.register(lane, "suits")
    on_change(calendar_changed)
    findable.declare()
    layers.declare()
    tasks.declare_daily()
    rail.register(rail.Entry(_("Suits"), "litigation:list", "scale", order=65, key="D", may=may_see))


ACTIONS = (
    ("litigation.registered", _("Suit registered")),
    ("litigation.hearing_entered", _("Hearing entered")),
    ("litigation.hearing_told", _("Outcome of a hearing entered")),
    ("litigation.judgment_entered", _("Judgment entered")),
    ("litigation.judgment_confirmed", _("Judgment confirmed")),
    ("litigation.judgment_set_aside", _("Judgment set aside")),
    ("litigation.judgment_notified", _("Service of a judgment entered")),
    ("litigation.step_entered", _("Step of execution entered")),
    ("litigation.ended", _("Suit ended")),
    (MOVED, _("Last day of appeal moved by a change of the calendar")),
)
