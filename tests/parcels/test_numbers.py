"""Parcel numbers: the grammar of domain.md §2.1."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parcels import numbers
from parcels.numbers import NumberError, ParcelNumber


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12", ParcelNumber(12)),
        ("١٢", ParcelNumber(12)),
        ("0012", ParcelNumber(12)),
        ("12/3", ParcelNumber(12, "3")),
        ("١٢ / ٣", ParcelNumber(12, "3")),
        ("12/3/4", ParcelNumber(12, "3/4")),
        ("12/أ", ParcelNumber(12, "أ")),
        ("12 ا", ParcelNumber(12, "أ")),
        ("12ب", ParcelNumber(12, "ب")),
        ("ضمن 45", ParcelNumber(45, is_part_of=True)),
        ("ضمن٤٥", ParcelNumber(45, is_part_of=True)),
        ("من ضمن القطعة رقم 45/2", ParcelNumber(45, "2", is_part_of=True)),
        ("45 مكرر", ParcelNumber(45, bis=True)),
        ("45مكرر", ParcelNumber(45, bis=True)),
        ("45 (مكرر)", ParcelNumber(45, bis=True)),
        ("45 مكرر 2", ParcelNumber(45, bis=True, bis_no=2)),
        ("ضمن 45/1 مكرر", ParcelNumber(45, "1", is_part_of=True, bis=True)),
        ("بدون", ParcelNumber(None)),
        ("بدون رقم", ParcelNumber(None)),
        ("–", ParcelNumber(None)),
        ("12،13،14", ParcelNumber(12, others=(ParcelNumber(13), ParcelNumber(14)))),
        ("12, 13/2", ParcelNumber(12, others=(ParcelNumber(13, "2"),))),
        ("12 و 13", ParcelNumber(12, others=(ParcelNumber(13),))),
        ("قطعة 12", ParcelNumber(12)),
        ("القطعة رقم: 12", ParcelNumber(12)),
        ("\u200f12/3\u200e", ParcelNumber(12, "3")),
    ],
)
def test_a_number_is_taken_apart(raw: str, expected: ParcelNumber) -> None:
    assert numbers.parse(raw) == expected


@pytest.mark.parametrize(
    ("raw", "norm"),
    [
        ("١٢/٣", "12/3"),
        ("ضمن  ٤٥", "ضمن 45"),
        ("45(مكرر)", "45 مكرر"),
        ("12 , 13 ; 14", "12،13،14"),
        ("بدون نمرة", "بدون"),
        ("12/ا", "12/أ"),
    ],
)
def test_a_number_has_one_spelling(raw: str, norm: str) -> None:
    assert numbers.parse(raw).norm == norm


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("12-Mar", "number_is_date"),
        ("3 May", "number_is_date"),
        ("", "number_unreadable"),
        ("حوض", "number_unreadable"),
        ("12//3", "number_unreadable"),
        ("12-14", "number_unreadable"),
        ("1234567890", "number_too_long"),
        ("،".join(str(n) for n in range(100, 130)), "number_too_long"),
    ],
)
def test_what_is_no_number_is_refused_by_its_reason(raw: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        numbers.parse(raw)
    assert refused.value.code == code


def test_a_text_the_grammar_does_not_know_keeps_its_own_words() -> None:
    assert numbers.read("حوش  العمدة") == (ParcelNumber(None), "حوش العمدة")


singles = st.builds(
    lambda main, subs, part, bis, bis_no: ParcelNumber(
        main, "/".join(subs), is_part_of=part, bis=bis, bis_no=bis_no if bis else None
    ),
    st.integers(0, 999_999),
    st.lists(st.one_of(st.integers(0, 999).map(str), st.sampled_from(numbers.LETTERS)), max_size=3),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(1, 99),
)


@given(singles, st.lists(singles, max_size=1))
def test_the_one_spelling_is_read_back(first: ParcelNumber, others: list[ParcelNumber]) -> None:
    number = ParcelNumber(first.main, first.sub, first.is_part_of, first.bis, first.bis_no, tuple(others))
    assume(len(number.norm) <= numbers.MAX_LENGTH)
    assert numbers.parse(number.norm) == number
    assert numbers.parse(number.norm.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    number, norm = numbers.read(text)
    assert len(norm) <= numbers.MAX_LENGTH
    assert number.main is None or norm == number.norm
