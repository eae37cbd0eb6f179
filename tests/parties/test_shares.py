"""Shares are exact: seven heirs of 24 qirat are seven times 24/7, and the sum is one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parties import shares
from parties.shares import ShareError


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", Fraction(1, 3)),
        ("٨ قيراط", Fraction(1, 3)),
        ("8 قراريط من 24", Fraction(1, 3)),
        ("3 3/7 ط", Fraction(1, 7)),
        ("24 قيراط", Fraction(1)),
    ],
)
def test_a_share_is_read_as_papers_write_it(text: str, share: Fraction) -> None:
    assert shares.parse(text) == share


@pytest.mark.parametrize("text", ["", "1/0", "ثلث", "25 قيراط", "0/3", "4/3", "1/3 ط ط"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ShareError):
        shares.parse(text)


def test_three_thirds_are_eight_qirats_each_and_the_whole() -> None:
    thirds = shares.equal(3)
    assert [shares.print_qirats(share) for share in thirds] == ["8", "8", "8"]
    shares.check_whole(thirds)


def test_seven_equal_heirs_lose_nothing() -> None:
    sevenths = shares.equal(7)
    assert shares.print_qirats(sevenths[0]) == "3 3/7"
    shares.check_whole(sevenths)


@pytest.mark.parametrize("given_shares", [[], [Fraction(1, 2)], [Fraction(3, 2), Fraction(-1, 2)]])
def test_shares_that_are_not_the_whole_are_refused(given_shares: list[Fraction]) -> None:
    with pytest.raises(ShareError):
        shares.check_whole(given_shares)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_shares_by_weight_always_add_up(weights: list[int]) -> None:
    total = sum(weights)
    made = [Fraction(weight, total) for weight in weights]
    shares.check_whole(made)
    assert all(shares.parse(f"{share.numerator}/{share.denominator}") == share for share in made)
    assert all(shares.parse(f"{shares.print_qirats(share)} ط") == share for share in made if share * 24 >= 1)
