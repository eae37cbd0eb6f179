"""The whole loop on the real land of Beheira, in Arabic, by the people who do it: from the surveyor's file to the book."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from PIL import Image
from playwright.sync_api import Page

from authority import changes, clock
from authority.models import Place
from cases.models import Case
from parcels.models import ParcelVersion
from surveys.models import Submission
from tests.authority.builders import make_custodian, make_place
from tests.browser.conftest import SignIn
from tests.desktop.test_project import look
from tests.surveys.builders import work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.desktop]
OUTLINE = (29.5, 29.9, 31.0, 31.5)
FARMS = "farms_redbelt_noprj"  # cp1256 without .cpg, the Red belt without .prj


@pytest.fixture
def beheira(db: None) -> Place:
    """The governorate with a coarse outline."""
    place = make_place("18")
    place.working_srid = 22992
    place.name_ar = "البحيرة"
    place.geom = MultiPolygon(Polygon.from_bbox(OUTLINE), srid=4326)
    place.save()
    changes.changed("place", [place.pk])
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


def accept(page: Page, submission: Submission) -> None:
    """The other officer looks at the faults and lets the sound parcels into the book."""
    page.goto(f"/surveys/{submission.pk}/")
    page.wait_for_selector("#review[data-ready=true]", timeout=60_000)
    assert page.locator(".maplibregl-marker").count() > 0
    page.click("[data-dialog=accept-sound]")
    page.click("#accept-sound button.p")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector("#progress", state="detached", timeout=60_000)


def find(page: Page, typed: str) -> str:
    """Type into the one box, go down to the first result and open it; return the parcel's id."""
    page.goto("/inbox/")
    page.fill("[data-omni] input", typed)
    page.wait_for_selector("#omni-results [role=option]")
    page.press("[data-omni] input", "ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/parcels/[0-9a-f-]{36}/"))
    return page.url.split("/parcels/")[1].split("/")[0]


def act(page: Page, sign_in: SignIn, place: Place, case: str, role: str, name: str, **facts: str) -> None:
    """Somebody of a role does an act on a file, with the papers it asks for."""
    leave(page)
    sign_in(role, place=place)
    page.goto(f"/cases/{case}/acts/{name}/")
    for field, value in facts.items():
        page.fill(f"#actform [name={field}]", value)
    for number in page.locator("#actform [name$=-number]").all():
        number.fill("2026/12")
    page.click("#actform footer button")
    page.wait_for_url(f"**/cases/{case}/")


def open_file(page: Page, parcel: str, opener: str, **facts: str) -> str:
    """Open a file from the parcel's page; return its id."""
    page.goto(f"/parcels/{parcel}/")
    page.locator(f"a[href^='{opener}?parcel={parcel}']").first.click()
    page.wait_for_selector("#openform")
    for field, value in facts.items():
        page.fill(f"#openform [name={field}]", value)
    page.click("#openform footer button")
    page.wait_for_url(re.compile("/cases/[0-9a-f-]{36}/"))
    return page.url.split("/cases/")[1].split("/")[0]


def test_a_surveyors_file_becomes_land_that_is_found_let_defended_and_carried_away(
    page: Page, sign_in: SignIn, beheira: Place, farms: Path, tmp_path: Path
) -> None:
    sign_in("surveyor", place=beheira)
    submission = hand_in(page, farms)
    leave(page)
    sign_in("gis_officer", place=beheira)
    accept(page, submission)
    assert ParcelVersion.objects.filter(in_book=True).count() == 355

    leave(page)
    sign_in("property_officer", place=beheira)
    parcel = find(page, "قطعه ١٢ البحيره")
    assert ParcelVersion.objects.get(parcel_id=parcel, in_book=True).parcel_no_norm == "12"
    first = clock.today().replace(day=1)
    lease = open_file(
        page,
        parcel,
        "/leases/new/",
        party_name="شركة الوادي للتنمية",
        purpose="زراعة",
        requested_from=first.isoformat(),
        requested_to=first.replace(year=first.year + 2).isoformat(),
    )
    act(page, sign_in, beheira, lease, "inspector", "inspect")
    act(page, sign_in, beheira, lease, "governor", "approve")
    act(page, sign_in, beheira, lease, "legal_officer", "contract", rate_per_m2="2.5")
    act(page, sign_in, beheira, lease, "district_head", "activate")
    assert Case.objects.get(pk=lease).state == "ACTIVE"

    leave(page)
    sign_in("property_officer", place=beheira)
    neighbour = find(page, "قطعة 13 البحيرة")
    report = open_file(page, neighbour, "/encroachments/new/")
    number = Case.objects.get(pk=report).number
    for land, said in ((parcel, Case.objects.get(pk=lease).number), (neighbour, number)):
        page.goto(f"/parcels/{land}/")
        assert said in page.inner_text("main")
    page.goto(f"/parcels/{parcel}/")
    assert page.get_by_text("مؤجرة").count()

    with page.expect_download() as download:
        carry_away(page)
    look_at_it(Path(download.value.path()), tmp_path)


def carry_away(page: Page) -> None:
    """Ask for the register as a QGIS project, wait for it and download it."""
    page.goto("/parcels/")
    page.locator("a[href^='/exports/']").first.click()
    page.check("input[name=format][value=qgz]")
    page.click("form.card2 footer button.p")
    page.wait_for_selector("#mine progress")
    work()
    page.locator("#mine a[download]").click(timeout=30_000)


def look_at_it(archive: Path, folder: Path) -> None:
    """A real QGIS opens the project: every parcel is there, under Arabic titles, and it draws."""
    with ZipFile(archive) as packed:
        packed.extractall(folder / "project")
    picture = folder / "drawn.png"
    told = look(next((folder / "project").glob("**/*.qgz")).parent, picture)
    parcels = told["layers"]["القطع"]
    assert parcels["valid"]
    assert parcels["count"] == 355
    assert "مؤجرة" in [title for title, _values, _colour in parcels["categories"]]
    assert len(Image.open(picture).convert("RGB").getcolors(1_000_000) or []) > 20
