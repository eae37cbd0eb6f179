"""Numbers, days and areas as the reader wants them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ui import areas, digits
from ui.templatetags import ui as tags


@pytest.fixture(autouse=True)
def latin_again() -> Iterator[None]:
    yield
    digits.choose(digits.LATIN)


@pytest.fixture
def toy_split() -> Iterator[None]:
    before = list(areas._splitters)
    areas.register(lambda area: (int(area) // 100, int(area) // 10 % 10, int(area) % 10))
    yield
    areas._splitters[:] = before


@pytest.mark.parametrize(
    ("value", "places", "latin", "arabic"),
    [
        (Decimal("50838.594"), 2, "50,838.59", "٥٠٬٨٣٨٫٥٩"),
        (Decimal("0.005"), 2, "0.01", "٠٫٠١"),
        (-3, None, "−3", "−٣"),
        (Fraction(25205, 6), 4, "4,200.8333", "٤٬٢٠٠٫٨٣٣٣"),
        (1234567, None, "1,234,567", "١٬٢٣٤٬٥٦٧"),
    ],
)
def test_a_figure_is_grouped_and_written_in_the_readers_digits(
    value: digits.Number, places: int | None, latin: str, arabic: str
) -> None:
    digits.choose("latn")
    assert digits.figure(value, places) == latin
    digits.choose("arab")
    assert digits.figure(value, places) == arabic


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_shown_in_arabic_digits_reads_back_as_the_same_number(value: Decimal) -> None:
    digits.choose("arab")
    text = digits.to_latin(digits.figure(value, 2)).replace(",", "").replace("−", "-")
    digits.choose("latn")
    assert Decimal(text) == value


def test_a_parcel_number_keeps_its_slash_in_both_digits() -> None:
    digits.choose("arab")
    assert digits.shown("12/3") == "١٢/٣"


def test_a_day_is_written_day_month_year() -> None:
    assert digits.day(dt.date(2026, 1, 3)) == "03/01/2026"


def test_a_moment_is_told_in_cairos_time() -> None:
    assert digits.moment(dt.datetime(2026, 1, 3, 23, 30, tzinfo=dt.UTC)) == "04/01/2026 01:30"


def test_an_unknown_choice_of_digits_is_latin() -> None:
    digits.choose("roman")
    assert digits.chosen() == digits.LATIN


@pytest.mark.parametrize(
    ("language", "ledger", "line"),
    [
        ("ar", "<i>س</i><i>ط</i><i>ف</i><b>3</b><b>0</b><b>12</b>", "<b>3</b><u>س</u><b>12</b><u>ف</u>"),
        ("en", "<i>feddan</i><i>qirat</i><i>sahm</i><b>12</b><b>0</b><b>3</b>", "<b>12</b><u>f</u><b>3</b><u>s</u>"),
    ],
)
def test_the_area_ledger_stands_in_the_order_of_the_reading(
    toy_split: None, language: str, ledger: str, line: str
) -> None:
    with translation.override(language):
        assert ledger in tags.fqs(1203)
        assert line in tags.fq(1203)


def test_no_area_is_a_dash() -> None:
    assert tags.fqs(None) == tags.ABSENT
    assert tags.num(None) == tags.ABSENT


def test_a_badge_escapes_what_it_is_given() -> None:
    assert "<script>" not in tags.badge("<script>alert(1)</script>", "danger")
