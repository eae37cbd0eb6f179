"""Areas: the rows of domain.md §2.3, the traps T-20…T-23, and round trips."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels import areas
from parcels.areas import AreaError, Fqs, Verdict

DEED = Fraction(25205, 6) * 2 + Fraction(25205, 144) * 4  # 2 feddan 4 qirat


@pytest.mark.parametrize(
    ("m2", "feddan", "qirat", "sahm"),
    [
        ("4200.83", 1, 0, "0.00"),
        ("4200.82", 1, 0, "0.00"),
        ("4200", 0, 23, "23.89"),
        ("175.03", 0, 1, "0.00"),
        ("9100", 2, 3, "23.75"),
        ("10000", 2, 9, "3.16"),
        ("1000000", 238, 1, "3.65"),
        ("0", 0, 0, "0.00"),
    ],
)
def test_square_metres_become_feddan_qirat_sahm(m2: str, feddan: int, qirat: int, sahm: str) -> None:
    assert areas.m2_to_fqs(Decimal(m2)) == Fqs(feddan, qirat, Decimal(sahm))


def test_whole_sahm_rounding_carries_through_qirat_to_feddan() -> None:
    assert areas.m2_to_fqs(Decimal("4200"), places=0) == Fqs(1, 0, Decimal(0))


def test_units_are_exact_fractions() -> None:
    assert (Fraction(25205, 6), Fraction(25205, 144), Fraction(25205, 3456)) == (areas.FEDDAN, areas.QIRAT, areas.SAHM)


def test_three_feddan_less_a_hundredth_of_a_sahm() -> None:
    assert areas.to_metres(areas.fqs_to_m2(3, 23, "23.99"), 2) == Decimal("16803.26")


def test_a_sahm_that_rounds_to_24_carries() -> None:
    assert areas.m2_to_fqs(areas.fqs_to_m2(0, 5, "23.996")) == Fqs(0, 6, Decimal("0.00"))


@pytest.mark.parametrize(
    "text",
    [
        "٢ف ٤ط –س",
        "- س ٤ ط ٢ ف",
        "–س 4ط 2ف",
        "2-4-0",
        "٢-٤-٠",
        "2 / 4 / 0",
        "2 فدان و 4 قيراط",
        "٢ فدان، ٤ قراريط",
        "2f 4q 0s",
        "2 feddan 4 qirat",
        "\u200f2ف\u200f 4ط",
        "4ط2ف",
    ],
)
def test_the_same_deed_area_is_read_however_it_is_written(text: str) -> None:
    assert areas.parse(text).m2 == DEED
    assert areas.to_metres(areas.parse(text).m2) == Decimal("9101.8056")


@pytest.mark.parametrize(
    ("text", "m2"),
    [
        ("9100 م²", "9100"),
        ("9100م2", "9100"),
        ("9,100.50 متر مربع", "9100.50"),
        ("٩٬١٠٠٫٥ م²", "9100.5"),
        ("9100 m2", "9100"),
    ],
)
def test_square_metres_are_read(text: str, m2: str) -> None:
    assert areas.parse(text).m2 == Fraction(m2)


@pytest.mark.parametrize(
    ("text", "sahm"), [("½س", "1/2"), ("3 ½ س", "7/2"), ("1/4 س", "1/4"), ("2 1/4 س", "9/4"), ("3.25 سهم", "13/4")]
)
def test_fractions_of_a_sahm_are_read(text: str, sahm: str) -> None:
    assert areas.parse(text).m2 == Fraction(sahm) * areas.SAHM


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2ف 24ط", "qirat_over_23"),
        ("2ف 4ط 24س", "sahm_over_23"),
        ("2-24-0", "qirat_over_23"),
        ("2-4-24", "sahm_over_23"),
        ("9100", "area_unit_missing"),
        ("2ف 3ف", "area_unit_twice"),
        ("قطعة أرض", "area_unreadable"),
        ("", "area_unreadable"),
        ("1/0 س", "area_unreadable"),
        ("2ف abc", "area_unreadable"),
    ],
)
def test_what_is_no_area_is_refused_by_its_reason(text: str, code: str) -> None:
    with pytest.raises(AreaError) as refused:
        areas.parse(text)
    assert refused.value.code == code


def test_a_bare_number_is_metres_only_where_the_field_says_so() -> None:
    assert areas.parse("9100", bare_metres=True).m2 == 9100


def test_a_deed_that_writes_both_is_accepted_with_a_warning() -> None:
    both = areas.parse("٢ف ٤ط (٩١٠٠ م²)")
    assert both.m2 == DEED
    assert both.verdict is Verdict.WARN


def test_a_deed_whose_two_writings_agree_to_a_metre_has_no_warning() -> None:
    assert areas.parse("2ف 4ط (9101.81 م²)").verdict is Verdict.OK


def test_a_deed_whose_two_writings_are_far_apart_is_blocked() -> None:
    assert areas.parse("2ف 4ط = 8000 م²").verdict is Verdict.BLOCK


@pytest.mark.parametrize(("qirat", "sahm"), [(24, 0), (0, 24), (0, 25)])
def test_qirat_and_sahm_stay_under_24(qirat: int, sahm: int) -> None:
    with pytest.raises(AreaError):
        areas.fqs(1, qirat, sahm)


@pytest.mark.parametrize(("m2", "ar", "en"), [
    ("9101.8056", "–س 4ط 2ف", "2f 4q 0s"),
    ("4200", "23.89س 23ط –ف", "0f 23q 23.89s"),
])  # fmt: skip
def test_areas_are_printed_in_the_order_of_documents(m2: str, ar: str, en: str) -> None:
    area = areas.m2_to_fqs(Decimal(m2))
    assert (areas.print_ar(area), areas.print_en(area)) == (ar, en)


def test_arabic_digits_are_printed_when_asked() -> None:
    assert areas.print_ar(areas.m2_to_fqs(Decimal("4200")), "arab") == "٢٣٫٨٩س ٢٣ط –ف"


@pytest.mark.parametrize(
    ("other", "reference", "verdict"),
    [
        ("9100", "9101.81", Verdict.OK),
        ("9050", "9101.81", Verdict.WARN),
        ("101", "100", Verdict.OK),
        ("101.01", "100", Verdict.WARN),
        ("105.00", "100", Verdict.WARN),
        ("105.01", "100", Verdict.BLOCK),
        ("9.5", "9", Verdict.OK),
    ],
)
def test_deed_survey_and_geometry_agree_within_tolerance(other: str, reference: str, verdict: Verdict) -> None:
    assert areas.compare(Decimal(other), Decimal(reference)).verdict is verdict


def test_the_difference_is_signed_and_rounded_once() -> None:
    found = areas.compare(Decimal("51110.14"), Decimal("50838.59"))
    assert (found.m2, found.percent) == (Decimal("271.55"), Decimal("0.53"))


def test_negative_and_endless_areas_are_refused() -> None:
    for wrong in (Decimal(-1), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(AreaError):
            areas.m2_to_fqs(wrong)


@given(st.decimals(min_value=0, max_value=10**10, places=4))
def test_splitting_never_shows_24_and_loses_at_most_half_a_hundredth_of_a_sahm(m2: Decimal) -> None:
    area = areas.m2_to_fqs(m2)
    assert 0 <= area.qirat < 24
    assert 0 <= area.sahm < 24
    assert abs(area.m2 - Fraction(m2)) <= areas.SAHM / 200


@given(st.integers(0, 10**6), st.integers(0, 23), st.integers(0, 2399))
def test_what_is_printed_is_read_back(feddan: int, qirat: int, hundredths: int) -> None:
    area = areas.m2_to_fqs(areas.fqs_to_m2(feddan, qirat, Decimal(hundredths) / 100))
    for text in (areas.print_ar(area), areas.print_ar(area, "arab"), areas.print_en(area)):
        assert areas.m2_to_fqs(areas.parse(text).m2) == area


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    with contextlib.suppress(AreaError):
        assert areas.parse(text).m2 >= 0
