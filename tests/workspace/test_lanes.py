"""Lanes of time."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Case
from ui.steps import STEPS
from workspace.parcel import lanes
from workspace.parcel.file import case_span

TODAY = dt.date(2026, 7, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def chart(*spans: lanes.Span) -> lanes.Chart:
    return lanes.draw([lanes.Track("versions", "vector", spans)], TODAY)


def test_a_contract_that_runs_is_drawn_until_today_and_striped_after() -> None:
    past, ahead = chart(lanes.Span("lease", day("2023-07-01"), day("2028-07-01"))).lanes[0].bars
    assert (past.future, ahead.future) == (False, True)
    assert abs(past.x + past.w - ahead.x) <= 1
    assert not ahead.first


def test_what_ended_has_no_future() -> None:
    assert [bar.future for bar in chart(lanes.Span("old", day("2010-01-01"), day("2012-01-01"))).lanes[0].bars] == [
        False
    ]


def test_what_is_to_come_is_striped_only() -> None:
    assert [bar.future for bar in chart(lanes.Span("next", day("2027-01-01"), None)).lanes[0].bars] == [True]


def test_the_period_holds_whole_years_with_every_day_named() -> None:
    period = lanes.period_of([lanes.Track("", "", [lanes.Span("", day("1998-03-02"), day("2028-06-30"))])], TODAY)
    assert (period.first, period.last) == (day("1998-01-01"), day("2029-01-01"))


def test_an_empty_file_still_has_a_period_around_today() -> None:
    drawn = chart()
    assert 0 < drawn.today_x < STEPS


@pytest.mark.parametrize(("first", "most"), [("2015-01-01", 14), ("1960-01-01", 14), ("1910-01-01", 14)])
def test_years_are_never_crowded(first: str, most: int) -> None:
    drawn = chart(lanes.Span("", day(first), None))
    assert 1 < len(drawn.years) <= most
    assert all(0 <= x <= STEPS for _year, x in drawn.years)


def test_a_span_of_one_day_can_still_be_clicked() -> None:
    bar = chart(lanes.Span("", day("1930-01-01")), lanes.Span("visit", day("2020-01-01"), day("2020-01-02"))).lanes[0]
    assert bar.bars[-1].w >= 1


def test_bars_never_leave_the_chart() -> None:
    for bar in chart(lanes.Span("", None, None), lanes.Span("", day("1800-01-01"), day("1850-01-01"))).lanes[0].bars:
        assert 0 <= bar.x < STEPS
        assert bar.x + bar.w <= STEPS + 1


def test_a_moment_is_a_dot() -> None:
    (dot,) = chart(lanes.Span("paper", day("2024-05-12"), day("2024-05-12"))).lanes[0].bars
    assert dot.dot


def test_a_file_opened_after_midnight_in_egypt_stands_on_that_day() -> None:
    night = dt.datetime(2026, 1, 9, 22, 30, tzinfo=dt.UTC)
    span = case_span(Case(number="2026/1", opened_at=night, closed_at=night + dt.timedelta(days=2)), TODAY)
    assert (span.start, span.end) == (day("2026-01-10"), day("2026-01-12"))
