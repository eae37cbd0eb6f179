"""Fields take what officials type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.utils import translation

from ui import forms as fields


@pytest.mark.parametrize(
    ("typed", "read"),
    [("٣٫٥", "3.5"), ("50,838.59", "50838.59"), ("٥٠٬٨٣٨٫٥٩", "50838.59"), ("−2", "-2"), (" 7 ", "7")],
)
def test_a_figure_is_read_in_either_digits(typed: str, read: str) -> None:
    assert fields.DecimalField().clean(typed) == Decimal(read)


def test_a_whole_number_is_read_in_either_digits() -> None:
    assert fields.IntegerField().clean("١٬٢٣٤") == 1234


@pytest.mark.parametrize("typed", ["31/12/2026", "٣١/١٢/٢٠٢٦", "2026-12-31", "31-12-2026"])
def test_a_day_is_read_day_first(typed: str) -> None:
    assert fields.DayField().clean(typed) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("field", "typed"),
    [(fields.DayField(), "12/31/2026"), (fields.DecimalField(), "٣ف")]
    + [(fields.DecimalField(), typed) for typed in ("1,5", "١،٥", "12,34", "1,2345", "1,,000")],
)
def test_what_is_no_day_or_figure_is_refused(field: forms.Field, typed: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(typed)


class Asked(forms.Form):
    """A form with one of each."""

    number = forms.CharField(label="رقم القطعة", help_text="كما في الدفتر")
    area = fields.DecimalField(label="المساحة", required=False)
    sure = forms.BooleanField(label="أؤكد")


def rendered(form: forms.Form) -> str:
    template = engines["django"].from_string('{% load ui %}{% include "ui/parts/fields.html" %}')
    with translation.override("ar"):
        return template.render({"form": form})


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    page = rendered(Asked({"number": "", "area": "x", "sure": "on"}))
    assert '<label class="lab" for="id_number">' in page
    assert 'id="id_number_error"' in page
    assert 'id="id_number_helptext"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_number_helptext' in page


def test_the_summary_of_errors_leads_to_each_field() -> None:
    page = rendered(Asked({"number": "", "area": "", "sure": "on"}))
    assert '<a href="#id_number">رقم القطعة</a>' in page
    assert "#id_area" not in page


def test_what_may_be_left_out_says_so() -> None:
    assert rendered(Asked()).count("اختياري") == 1
