"""The deadline ring: share, tone and words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from ui import deadlines, steps

TODAY = dt.date(2026, 11, 23)


def days(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


@pytest.mark.parametrize(
    ("starts", "due", "stopped", "tone", "words"),
    [
        (-3, 12, False, "ok", "المتبقي 12 يومًا"),
        (-12, 3, False, "soon", "المتبقي 3 أيام"),
        (-80, 20, False, "soon", "المتبقي 20 يومًا"),
        (-10, 0, False, "soon", "اليوم"),
        (-10, -2, False, "late", "متأخر يومين"),
        (-10, -2, True, "pause", "المهلة موقوفة"),
        (-1, 2, False, "soon", "المتبقي يومان"),
        (-1, 1, False, "soon", "المتبقي يوم واحد"),
    ],
)
def test_a_deadline_says_its_tone_and_words(starts: int, due: int, stopped: bool, tone: str, words: str) -> None:
    with translation.override("ar"):
        ring = deadlines.ring(days(due), today=TODAY, starts_on=days(starts), stopped=stopped)
    assert (ring.tone, ring.words) == (tone, words)


def test_the_share_used_never_leaves_the_ring() -> None:
    assert deadlines.share_used(days(-10), days(-1), TODAY) == 1.0
    assert deadlines.share_used(days(1), days(9), TODAY) == 0.0
    assert deadlines.share_used(days(-5), days(5), TODAY) == 0.5


@pytest.mark.parametrize(("share", "number"), [(0, 0), (0.185, 37), (1, 200), (1.7, 200), (-1, 0)])
def test_a_share_becomes_a_class_of_half_percents(share: float, number: int) -> None:
    assert steps.step(share) == number


def test_the_sheet_of_steps_is_what_the_module_writes() -> None:
    assert steps.SHEET.read_text("utf-8") == steps.sheet()
