"""The parcel's sheet, carried away and opened from a disk without any network: it draws, it says, it prints."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from authority.models import Place
from tests.browser.conftest import SignIn, Watch
from tests.parcels import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carried(page: Page, sign_in: SignIn, transactional_db: None, tmp_path: Path) -> Path:
    """The sheet of a parcel with a neighbour, as the browser saves it."""
    hod = builders.a_hod()
    parcel = builders.a_parcel(place=hod, number="12/3", boundary=builders.a_boundary())
    builders.a_parcel(place=hod, number="13", boundary=builders.a_boundary(x=100))
    sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())
    page.goto(f"/parcels/{parcel.pk}/")
    with page.expect_download() as begun:
        page.get_by_role("link", name="بطاقة القطعة").click()
    path = tmp_path / begun.value.suggested_filename
    begun.value.save_as(path)
    return path


def test_the_sheet_opens_from_a_disk_without_a_network(browser: Browser, carried: Path, watch: Watch) -> None:
    alone = browser.new_context(offline=True, viewport={"width": 1000, "height": 1400})
    sheet = alone.new_page()
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.on("console", watch.hear)
    sheet.on("pageerror", watch.fault)
    sheet.goto(carried.as_uri())
    expect(sheet.get_by_text("القطعة 12/3").first).to_be_visible()
    drawn = sheet.locator("path.leaflet-interactive")
    expect(drawn.first).to_be_visible()
    assert drawn.count() >= 2, "the parcel and its neighbour"
    shape = drawn.last.bounding_box()
    assert shape is not None
    assert min(shape["width"], shape["height"]) > 40
    assert [one for one in asked if one != carried.as_uri() and not one.startswith(("data:", "blob:"))] == []
    assert watch.left() == []
    alone.close()


def test_the_sheet_goes_to_paper_with_its_arabic(browser: Browser, carried: Path, tmp_path: Path) -> None:
    alone = browser.new_context(offline=True)
    sheet = alone.new_page()
    sheet.goto(carried.as_uri())
    expect(sheet.locator("path.leaflet-interactive").first).to_be_visible()
    paper = tmp_path / "sheet.pdf"
    sheet.pdf(path=paper, format="A4", print_background=True)
    alone.close()
    read = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert "12/3" in read
    assert "EPSG:22992" in read
