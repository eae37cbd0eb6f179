"""The internal code: unique, without slash, self-checking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels import codes, numbers
from parcels.numbers import ParcelNumber


@pytest.mark.parametrize(
    ("place", "raw", "body"),
    [
        ("18140112008", "12", "18-14-0112-008-0012"),
        ("18140112008", "12/3", "18-14-0112-008-0012-3"),
        ("181401120081", "12/3", "18-14-0112-008-1-0012-3"),
        ("18140112", "ضمن 45", "18-14-0112-0045-D1"),
        ("18140112", "45 مكرر", "18-14-0112-0045-M"),
        ("18140112", "45 مكرر 2", "18-14-0112-0045-M2"),
        ("0203", "12/أ", "02-03-0012-X01"),
        ("02030004", "12،13،14", "02-03-0004-0012-L3"),
        ("02030004", "بدون", "02-03-0004-0"),
    ],
)
def test_a_code_spells_place_and_number(place: str, raw: str, body: str) -> None:
    code = codes.parcel_code(place, numbers.parse(raw))
    assert code == codes.with_check(body)
    assert codes.verify(code)
    assert "/" not in code


def test_parts_of_one_parcel_have_their_own_codes() -> None:
    part = numbers.parse("ضمن 45")
    assert len({codes.parcel_code("18140112", part, part_seq=seq) for seq in (1, 2, 3)}) == 3


def test_a_reused_number_is_told_apart_by_a_serial() -> None:
    again = codes.parcel_code("18140112", ParcelNumber(45), serial=2)
    assert again.startswith("18-14-0112-0045-S2-")


def test_the_check_digits_follow_the_published_standard() -> None:
    # ISO/IEC 7064 MOD 97-10: the string 794 has the check characters 44.
    assert codes.check_digits("794") == "44"


def test_a_code_is_verified_as_a_person_types_it() -> None:
    code = codes.parcel_code("18140112008", ParcelNumber(45, bis=True))
    typed = code.lower().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert codes.verify(f" {typed} ")


@pytest.mark.parametrize("wrong", ["", "18", "18-14", "18/14-0045-11", "ا-٢-00", "18-14-0045-00"])
def test_what_is_no_code_is_told(wrong: str) -> None:
    assert not codes.verify(wrong)


def test_a_long_number_keeps_the_code_short_enough_to_store() -> None:
    number = ParcelNumber(123456789, "111/222/333/444", is_part_of=True, bis=True)
    code = codes.parcel_code("1814011200812", number, serial=77)
    assert len(code) <= 40
    assert codes.verify(code)


def test_assets_have_codes_of_their_own_kind() -> None:
    assert codes.asset_code("02030004", "KIOSK", 7).startswith("02-03-0004-KI-00007-")


bodies = st.lists(st.integers(0, 9999).map(lambda n: f"{n:04d}"), min_size=3, max_size=6).map("-".join)


@given(bodies, st.data())
def test_one_wrong_digit_is_caught(body: str, data: st.DataObject) -> None:
    code = codes.with_check(body)
    position = data.draw(st.sampled_from([i for i, char in enumerate(code) if char.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[position]]))
    assert not codes.verify(code[:position] + other + code[position + 1 :])


@given(bodies, st.data())
def test_two_swapped_digits_are_caught(body: str, data: st.DataObject) -> None:
    code = codes.with_check(body)
    pairs = [i for i in range(len(code) - 1) if code[i : i + 2].isdigit() and code[i] != code[i + 1]]
    if not pairs:
        return
    i = data.draw(st.sampled_from(pairs))
    assert not codes.verify(code[:i] + code[i + 1] + code[i] + code[i + 2 :])


@given(st.integers(0, 9999), st.integers(0, 99), st.booleans(), st.integers(0, 9999), st.integers(0, 99), st.booleans())
def test_different_numbers_have_different_codes(a: int, b: int, c: bool, d: int, e: int, f: bool) -> None:
    one, two = ParcelNumber(a, str(b), bis=c), ParcelNumber(d, str(e), bis=f)
    assert (codes.parcel_code("0203", one) == codes.parcel_code("0203", two)) == (one == two)
