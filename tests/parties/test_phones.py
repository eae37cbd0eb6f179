"""Telephone numbers as E.164 (domain.md §5.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parties.phones import BadPhoneError, normalise


@pytest.mark.parametrize(
    "text",
    ["01012345678", "٠١٠١٢٣٤٥٦٧٨", "+20 10 1234 5678", "00201012345678", "201012345678", "1012345678", "010-1234-5678"],
)
def test_all_ways_of_writing_a_mobile_are_one_number(text: str) -> None:
    assert normalise(text) == "+201012345678"


@pytest.mark.parametrize(
    ("text", "stored"),
    [("0223456789", "+20223456789"), ("035678901", "+2035678901"), ("064 3912345", "+20643912345"),
     ("+20 2 23456789", "+20223456789")],
)  # fmt: skip
def test_landlines_are_kept_too(text: str, stored: str) -> None:
    assert normalise(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "01312345678",
        "01412345678",
        "0101234567",
        "010123456789",
        "",
        "abc",
        "+441632960961",
        "12345",
        "2123456",
        "023456789",
    ],
)
def test_what_is_no_egyptian_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhoneError):
        normalise(text)


@given(st.sampled_from("0125"), st.integers(0, 99_999_999))
def test_a_stored_number_is_read_back_as_itself(operator: str, rest: int) -> None:
    stored = normalise(f"01{operator}{rest:08}")
    assert normalise(stored) == stored
