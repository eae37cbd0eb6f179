"""What was typed, understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.typed import LONGEST, MOST_WORDS, About, read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("قطعة ١٢/٣ حوض الملقة", [("12/3", About.NUMBER), ("ملقه", About.HOD)]),
        ("حوض رقم 8 قطعة 12", [("8", About.HOD), ("12", About.NUMBER)]),
        ("شارع الجمهورية", [("جمهوريه", About.STREET)]),
        ("مركز دسوق", [("دسوق", About.ANY)]),
        ("عبد الله حسن", [("عبدالله", About.ANY), ("حسن", About.ANY)]),
        ("45 مكرر", [("45", About.ANY), ("مكرر", About.ANY)]),
        ("02-18-0311-008", [("02-18-0311-008", About.ANY)]),
        ("ملف 2026/318", [("2026/318", About.ANY)]),
        ("parcel 12/3 hod 8", [("12/3", About.NUMBER), ("8", About.HOD)]),
        ("", []),
        ("قطعة", []),
    ],
)
def test_words_know_what_they_are_said_of(text: str, words: list[tuple[str, About]]) -> None:
    assert [(word.key, word.about) for word in read(text).words] == words


@pytest.mark.parametrize("text", ["20001010100014", "٢٠٠٠١٠١٠١٠٠٠١٤", "محمد 20001010100014"])
def test_a_national_number_is_never_taken_as_a_word(text: str) -> None:
    typed = read(text)
    assert typed.withheld
    assert all("20001010100014" not in word.key for word in typed.words)


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(text: str) -> None:
    typed = read(text)
    assert len(typed.words) <= MOST_WORDS
    assert all(0 < len(word.key) <= 40 for word in typed.words)


def test_a_book_typed_into_the_box_is_cut() -> None:
    assert len(read("ا" * 1_000_000).text) <= LONGEST


def test_half_a_letter_and_nul_are_read_as_spaces() -> None:
    assert [word.key for word in read("12\x00\ud80013").words] == ["12", "13"]
