"""The whole loop on the real land of Beheira, in Arabic, by the people who do it: from the surveyor's file to the book."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from playwright.sync_api import Page

from authority.models import Place
from parcels.models import ParcelVersion
from surveys.models import Submission
from tests.authority.builders import make_custodian, make_place
from tests.browser.conftest import SignIn
from tests.surveys.builders import work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OUTLINE = (29.5, 29.9, 31.0, 31.5)
FARMS = "farms_redbelt_noprj"  # cp1256 without .cpg, the Red belt without .prj


@pytest.fixture
def beheira(db: None) -> Place:
    """The governorate with a coarse outline."""
    place = make_place("18")
    place.working_srid = 22992
    place.geom = MultiPolygon(Polygon.from_bbox(OUTLINE), srid=4326)
    place.save()
    make_custodian("local-18")
    return place


@pytest.fixture
def farms(shared_data: Path, tmp_path: Path) -> Path:
    """The farms as a surveyor hands them in."""
    parts = sorted((shared_data / "beheira" / "variants").glob(f"{FARMS}.*"))
    if not parts:
        pytest.skip(f"{FARMS} is not among the variants")
    archive = tmp_path / "مزارع.zip"
    with ZipFile(archive, "w") as made:
        for part in parts:
            made.write(part, part.name)
    return archive


def hand_in(page: Page, archive: Path) -> Submission:
    """The surveyor gives the file and answers what it does not say, by looking."""
    page.goto("/surveys/new/")
    page.set_input_files("#f-file", str(archive))
    page.select_option("#f-place", "18")
    page.click("form[data-upload] button.p")
    page.wait_for_url(lambda url: "/new/" not in url)
    work()
    page.wait_for_selector("input[name=encoding]")
    assert page.locator("label", has=page.locator("input[value=cp1256]")).get_by_text("أملاك الدولة").count()
    page.check("input[name=encoding][value=cp1256]")
    page.wait_for_selector("[data-placement] canvas")
    page.check("input[name=crs][value='EPSG:22992']")
    page.click("form[action$='/answers/'] button.p")
    work()
    page.wait_for_selector("select[aria-label=OBJECTID]")
    page.select_option("select[aria-label=OBJECTID]", "parcel_no")
    page.click("form[action$='/answers/'] button.p")
    work()
    page.wait_for_selector("#review[data-ready=true]", timeout=60_000)
    return Submission.objects.get()


def leave(page: Page) -> None:
    """Sign out of this browser."""
    page.goto("about:blank")
    page.context.clear_cookies()


def test_a_surveyors_file_becomes_land_that_is_found_let_defended_and_carried_away(
    page: Page, sign_in: SignIn, beheira: Place, farms: Path
) -> None:
    sign_in("surveyor", place=beheira)
    submission = hand_in(page, farms)
    leave(page)
    sign_in("gis_officer", place=beheira)
    page.goto(f"/surveys/{submission.pk}/")
    page.wait_for_selector("#review[data-ready=true]", timeout=60_000)
    page.click("[data-dialog=accept-sound]")
    page.click("#accept-sound button.p")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector("#progress", state="detached", timeout=60_000)
    assert ParcelVersion.objects.filter(in_book=True).count() == 355
