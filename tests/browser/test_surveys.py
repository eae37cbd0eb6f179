"""A survey in a real browser: handed in, answered by looking, reviewed beside the map, accepted by the other officer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from parcels.models import ParcelVersion
from surveys.models import Submission
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import serious
from tests.surveys.builders import plot, ready_land, reported, row, survey_zip, work

pytestmark = pytest.mark.django_db(transaction=True)


def file_in(folder: Path, content: bytes) -> str:
    path = folder / "رفع.zip"
    path.write_bytes(content)
    return str(path)


def hand_in(page: Page, path: str) -> Submission:
    page.goto("/surveys/new/")
    page.set_input_files("#f-file", path)
    page.select_option("#f-place", "19")
    page.click("form[data-upload] button.p")
    page.wait_for_url(lambda url: "/new/" not in url)
    return Submission.objects.get()


def test_a_survey_from_the_file_to_the_register(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    ready_land()
    sign_in("surveyor")
    rows = [row("أرض 12"), row("13"), row("14")]
    submission = hand_in(page, file_in(tmp_path, survey_zip([plot(0), plot(60), plot(300)], rows, prj="", cpg="")))
    work()
    page.wait_for_selector("input[name=encoding]")  # the page asked again by itself
    assert page.get_by_text("أرض 12").first.is_visible()
    assert serious(page) == []
    page.check("input[name=encoding][value=cp1256]")
    page.check("input[name=crs][value='EPSG:22992']")
    page.wait_for_selector("[data-placement] canvas")
    page.click("form[action$='/answers/'] button.p")
    work()
    page.wait_for_selector("#review")
    assert page.locator("[data-dialog=accept-sound]").count() == 0
    page.wait_for_selector("#review[data-ready=true]", timeout=30_000)
    page.goto("about:blank")
    page.context.clear_cookies()

    sign_in("gis_officer")
    page.goto(f"/surveys/{submission.pk}/")
    page.wait_for_selector("#review[data-ready=true]", timeout=30_000)
    assert page.locator(".maplibregl-marker").count() == submission.faults.exclude(geom=None).count()
    page.wait_for_selector("#detail [data-shown]")
    first = page.get_attribute("[data-fault][aria-current=true]", "data-fault")
    page.focus("[data-fault][aria-current=true]")
    page.keyboard.press("KeyJ")
    page.wait_for_selector(f"[data-fault][aria-current=true]:not([data-fault='{first}'])")
    assert serious(page) == []
    page.click("[data-dialog=accept-sound]")
    page.click("#accept-sound button.p")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector("#progress", state="detached")
    assert ParcelVersion.objects.filter(in_book=True).count() == 1


def test_a_file_that_is_none_says_so_on_the_page(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    ready_land()
    sign_in("surveyor")
    submission = hand_in(page, file_in(tmp_path, b"no survey"))
    work()
    submission.refresh_from_db()
    page.wait_for_selector("[role=alert]")
    assert submission.refusal_detail in page.inner_text("[role=alert]")
    page.goto("/surveys/")
    assert submission.number in page.inner_text("main")
    assert serious(page) == []
    page.goto("/jobs/")
    assert serious(page) == []


def test_a_survey_is_seen_with_the_register_without_it_and_behind_a_curtain(
    page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    ready_land()
    submission = reported(survey_zip([plot(0), plot(60)]))
    sign_in("gis_officer")
    page.goto(f"/surveys/{submission.pk}/")
    page.wait_for_selector("#review[data-ready=true]", timeout=30_000)
    root = page.locator("#review")
    for words, view in (("قبل", "before"), ("بعد", "after"), ("معًا", "both"), ("ستارة", "curtain")):
        page.locator(".rvviews").get_by_role("button", name=words).click()
        expect(page.locator(f".rvviews [data-look={view}]")).to_have_attribute("aria-pressed", "true")
        expect(root).to_have_attribute("data-view", view)
    curtain = page.get_by_role("slider", name="ستارة بين السجل والرفع")
    page.wait_for_selector("[data-before] canvas")
    curtain.focus()
    before = page.locator("[data-before]").evaluate("(one) => one.style.clipPath")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert page.locator("[data-before]").evaluate("(one) => one.style.clipPath") != before
    assert serious(page) == []
    page.locator(".rvviews").get_by_role("button", name="معًا").click()
    expect(curtain).to_be_hidden()
    expect(page.get_by_role("link", name="الكل 1")).to_be_visible()
