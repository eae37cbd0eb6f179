"""Asking again: what is delicate wants a password or a code given a short while ago (`AMLAK_STEP_UP_MINUTES`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from authority.refusal import NotAllowed

_proved_at: ContextVar[dt.datetime | None] = ContextVar("proved_at", default=None)


class ProveAgain(NotAllowed):
    """The session is older than what is asked may be."""

    code = "prove_again"
    title = _("Prove that it is you")
    message = _("This needs a password or a code given in the last %(minutes)d minutes.")
    advice = _("Prove it on the page “My account, signing in”, then repeat what you were doing.")


@contextmanager
def proved(at: dt.datetime | None) -> Iterator[None]:
    """Remember within this request when its session last proved itself; None for keys, commands and jobs."""
    token = _proved_at.set(at)
    try:
        yield
    finally:
        _proved_at.reset(token)


def require_recent(at: dt.datetime) -> None:
    """Raise ProveAgain where the request's session has proved itself too long ago; keys and commands are not asked."""
    proof, minutes = _proved_at.get(), settings.STEP_UP_MINUTES
    if minutes and proof is not None and at - proof > dt.timedelta(minutes=minutes):
        raise ProveAgain(minutes=minutes)
