"""The rail: registered by rooms, closed by permission, one entry marked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ui import rail
from ui.templatetags.ui import breakable


@pytest.fixture(autouse=True)
def own_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rail, "_entries", {})


def names(path: str = "/") -> list[str]:
    return [str(item.entry.name) for item in rail.shown_to(object(), path)]


def test_entries_stand_in_their_order_and_the_last_at_the_foot() -> None:
    rail.register(rail.Entry("Help", "healthz", "help", order=1, last=True))
    rail.register(rail.Entry("Two", "readyz", "map", order=20))
    rail.register(rail.Entry("One", "schema", "map", order=10))
    assert names() == ["One", "Two", "Help"]


def test_an_entry_one_may_not_use_is_absent() -> None:
    rail.register(rail.Entry("Closed", "healthz", "lock", may=lambda user: False))
    assert names() == []


def test_an_entry_whose_pages_are_not_built_is_absent() -> None:
    rail.register(rail.Entry("Nowhere", "nowhere:list", "map"))
    assert names() == []


def test_the_entry_under_which_the_page_lies_is_the_current_one() -> None:
    rail.register(rail.Entry("Health", "healthz", "map"))
    rail.register(rail.Entry("Schema", "schema", "map"))
    shown = rail.shown_to(object(), reverse("schema") + "deeper/?q=1")
    assert [item.current for item in shown] == [False, True]


def test_counts_are_asked_for_this_person() -> None:
    rail.register(rail.Entry("Mine", "healthz", "inbox", count=lambda user: 7 if user == "me" else 0))
    assert rail.shown_to("me", "/")[0].count == 7
    assert rail.shown_to("you", "/")[0].count == 0


def test_a_long_word_of_the_rail_may_break_with_a_hyphen_and_arabic_stays_whole() -> None:
    assert breakable("Encroachments") == "Encroach\u00adments"
    assert breakable("Leases") == "Leases"
    assert breakable("الاستردادات") == "الاستردادات"
