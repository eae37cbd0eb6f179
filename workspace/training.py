"""A training site goes back to its beginning: by command, by its page, and every night."""

from __future__ import annotations

import datetime as dt
import os

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authority import audit, training
from authority.clock import day_of
from authority.models import User
from authority.refusal import Conflict, Invalid, Unavailable
from jobs import policies
from jobs.models import Job
from jobs.schedule import key_of, system_user
from jobs.services import queue
from jobs.signs import Light, Sign
from workspace.sample.loading import Wish, fill
from workspace.sample.reset import empty
from workspace.sample.surveys import make_surveys

TASK, RESET = "training.reset", "workspace.training_reset"
PARCELS, SEED = 5_000, 1
LEAST_PASSWORD = 12
WORDS = ("تدريب", "training")


def ask_reset(*, by: User, at: dt.datetime, word: str) -> Job:
    """Queue the reset; an administrator types the word. Raises NotAllowed, Invalid `word_needed`, `not_training`."""
    policies.require_all_jobs(by)
    if word.strip().lower() not in WORDS:
        raise Invalid("word_needed", gettext_lazy("Type the word to confirm."))
    training.require_both_marks()
    with transaction.atomic():
        job = queue(TASK, by=by, key=f"{TASK}:now", at=at, asked_by=by.username)
        audit.record(RESET, by=by, at=at, obj=job, governorate="", detail={"asked_by": by.username})
    return job


def reset(*, asked_by: str, at: dt.datetime, parcels: int = PARCELS) -> int:
    """Empty the register and make the sample anew; return how many parcels it has.

    Raises Conflict `not_training` unless both marks are there, Unavailable `owner_url_missing`, Conflict
    `training_password`: accounts that anybody on the network can reach need a password that is not printed in a book.
    """
    training.require_both_marks()
    if not os.environ.get("AMLAK_OWNER_DATABASE_URL"):
        raise Unavailable("owner_url_missing", gettext_lazy("The reset needs AMLAK_OWNER_DATABASE_URL."))
    if not settings.SAMPLE_MODE and len(settings.SAMPLE_PASSWORD) < LEAST_PASSWORD:
        raise Conflict(
            "training_password",
            gettext_lazy(
                "The accounts of a training site need a password of at least 12 letters: set AMLAK_SAMPLE_PASSWORD."
            ),
        )
    empty(only_marked=True)
    count = fill(Wish(parcels, SEED, day_of(at)))
    make_surveys(day_of(at), SEED)
    _note(asked_by, at)
    return count


@transaction.atomic
def _note(asked_by: str, at: dt.datetime) -> None:
    """Record the reset in the new trail, and that today's is done: the list of jobs went with all else."""
    by = system_user()
    job = Job.objects.create(
        name=TASK, key=key_of(TASK, at), state=Job.State.DONE, queued_by=by, queued_at=at, started_at=at, ended_at=at,
        percent=100, payload={"asked_by": asked_by},
    )  # fmt: skip
    audit.record(RESET, by=by, at=at, obj=job, governorate="", detail={"asked_by": asked_by})


def may_reset() -> bool:
    """Say whether both marks are there."""
    return bool(settings.TRAINING) and training.read_mark()


def look(now: dt.datetime) -> Sign:
    """Setting and database agree on what this site is."""
    set_so, marked = bool(settings.TRAINING), training.read_mark()
    if set_so == marked:
        return Sign(Light.GREEN, _("a training site") if set_so else _("not a training site"))
    where = _("the setting") if set_so else _("the database")
    advice = _("A training database served as a real one, or the other way round: see docs/howto/operations.md.")
    return Sign(Light.RED, _("marked by %(where)s only") % {"where": where}, advice)
