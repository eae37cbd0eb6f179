"""National numbers: structure is a rule, the check digit a hint (domain.md §5.1)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parties.national_id import GOVERNORATES, BadNationalIdError, check_digit, clean, read

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("number", "born", "governorate", "male"),
    [
        ("20001010100014", dt.date(1900, 1, 1), "01", True),
        ("20001018800023", dt.date(1900, 1, 1), "88", False),
        ("20002281200126", dt.date(1900, 2, 28), "12", False),
        ("٢٠٠٠١٠١٠١٠٠٠١٤", dt.date(1900, 1, 1), "01", True),
        (" 2 000101 01 0001 4\u200f", dt.date(1900, 1, 1), "01", True),
    ],
)
def test_a_number_tells_birth_place_and_sex(number: str, born: dt.date, governorate: str, male: bool) -> None:
    found = read(number, today=TODAY)
    assert (found.born_on, found.governorate, found.is_male) == (born, governorate, male)
    assert found.check_digit_fits


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("20002291200124", "date"),
        ("30001019900011", "governorate"),
        ("19912310100013", "century"),
        ("2000101010001", "length"),
        ("200010101000144", "length"),
        ("2.0001E+13", "length"),
        ("", "length"),
        ("2000101010001x", "length"),
        ("39901010100011", "future"),
        ("20013010100011", "date"),
        ("²0001010100014", "length"),
    ],
)
def test_a_number_that_breaks_a_rule_is_refused_by_its_name(number: str, code: str) -> None:
    with pytest.raises(BadNationalIdError) as raised:
        read(number, today=TODAY)
    assert raised.value.code == code


def test_a_wrong_check_digit_only_warns() -> None:
    found = read("29501023201952", today=TODAY)
    assert not found.check_digit_fits


def test_the_mask_shows_the_century_and_the_last_five() -> None:
    assert read("20001010100014", today=TODAY).mask == "2********00014"


@given(
    st.dates(dt.date(1900, 1, 1), TODAY),
    st.sampled_from(sorted(GOVERNORATES)),
    st.integers(0, 9999),
)
def test_whatever_is_built_by_the_rule_is_read_back(born: dt.date, governorate: str, serial: int) -> None:
    first = f"{'2' if born.year < 2000 else '3'}{born:%y%m%d}{governorate}{serial:04}"
    found = read(first + str(check_digit(first)), today=TODAY)
    assert (found.born_on, found.governorate, found.is_male) == (born, governorate, serial % 2 == 1)
    assert found.check_digit_fits


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text, today=TODAY)
    except BadNationalIdError:
        return
    assert len(clean(text)) == 14
