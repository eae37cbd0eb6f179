"""Editing on the map in a real browser: a farm parcel is split by area among heirs; a colleague looks it through and accepts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from authority.models import Place
from parcels.models import EditProposal, Lineage, ParcelVersion
from tests.browser.conftest import SignIn, Watch
from tests.browser.test_accessibility import serious
from tests.parcels import builders

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_farm_parcel_is_split_among_heirs_and_a_colleague_accepts(page: Page, sign_in: SignIn, watch: Watch) -> None:
    parcel = builders.a_parcel(number="12", boundary=builders.a_boundary(), land_use="AGRI_OLD")
    builders.a_parcel(number="13", boundary=builders.a_boundary(100))
    governorate = Place.objects.get(kind=Place.Kind.GOVERNORATE)
    sign_in("property_officer", place=governorate)
    page.goto(f"/map/?sel={parcel.pk}")
    page.wait_for_selector("html[data-map=ready]")
    page.click("[data-edit-open]")
    expect(page.locator("[data-edit-chosen] .chip")).to_have_count(1)
    page.select_option("[name=by]", "shares")
    page.fill("[name=pieces]", "1/8\n7/16\n1/16")
    page.fill("#edit-on", "2026-01-01")
    page.fill("[name=basis]", "إعلام وراثة 15 لسنة 2025")
    watch.allow("400")
    page.click("[data-edit=preview]")
    expect(page.locator("[data-edit-note]")).to_contain_text("مجموع الأنصبة")
    page.fill("[name=pieces]", "1/8\n7/16\n7/16")
    page.focus("[data-edit=preview]")
    page.keyboard.press("Enter")
    rows = page.locator("[data-edit-result] tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("625.00")
    assert serious(page) == []
    rows.nth(1).locator("input").fill("12/أ")
    page.click("[data-editing] button.p")
    page.wait_for_url("**/edits/**")
    expect(page.locator("svg .new")).to_have_count(3)
    expect(page.locator("button[value=accept]")).to_be_disabled()
    assert serious(page) == []
    edit = EditProposal.objects.get()
    page.context.clear_cookies()
    sign_in("gis_officer", place=governorate)
    page.goto(f"/edits/{edit.pk}/")
    page.click("button[value=accept]")
    expect(page.locator("button[value=undo]")).to_be_disabled()
    made = Lineage.objects.filter(predecessor=parcel, act="SPLIT").values_list("successor", flat=True)
    numbers = ParcelVersion.objects.filter(parcel__in=list(made), in_book=True).values_list("parcel_no_raw", flat=True)
    assert sorted(numbers) == ["12/2", "12/3", "12/أ"]
    page.goto(f"/parcels/{parcel.pk}/?tab=history")
    expect(page.locator(".descent rect")).to_have_count(4)
    assert serious(page) == []
