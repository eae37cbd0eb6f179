"""Long work of the map: counts of a large governorate."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily
from tiles import registry, summaries

EVERY = "tiles.count_all"


@task(summaries.COUNT, title=_("Count what the map shows of a governorate"))
def count(attempt: Attempt, *, layer: str, governorate: str) -> None:
    """Take the counts of one governorate anew."""
    found = registry.find(layer)
    with attempt.publishing(last=True):
        if found is not None:
            summaries.recount(found, governorate, clock.now())


@task(EVERY, title=_("Count what the map shows"))
def count_all(attempt: Attempt, **_: Any) -> None:
    """See at the day's beginning that all counts are today's, before the first reader comes."""
    for layer in registry.layers():
        if layer.summarise is not None:
            summaries.ensure(layer, clock.now())


daily(EVERY, not_before=time(0, 5))
