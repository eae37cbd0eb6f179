"""An officer's week in Arabic, lived on the site as a newcomer starts it; each day builds on the days before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.scenarios.backups import Machine
from tests.scenarios.test_demo import free_port, interrupt, read_until, run_demo
from tests.scenarios.week import PATIENCE_MS, Week, api, code_of, fill, id_in, long_standing, send

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(400)]
LAND = 660  # so many parcels reach the villages of Ismailia, where the farms are
SUIT_NO, COURT = "7731", "محكمة الإسماعيلية الابتدائية"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Room for the machines of the week."""
    with TemporaryDirectory(prefix="amlak-week-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)  # the cluster may run as another account
        yield Path(folder)


@pytest.fixture(scope="module")
def week(place: Path, browser: Browser) -> Iterator[Week]:
    """The site with its sample, started by the one command."""
    machine, port = Machine(place / "office"), free_port()
    machine.state.mkdir(mode=0o711)
    expect.set_options(timeout=PATIENCE_MS)
    running = run_demo(machine.environment, "--port", str(port), "--parcels", str(LAND))
    try:
        read_until(running, "Ctrl-C")
        made = Week(machine, f"http://127.0.0.1:{port}", browser)
        yield made
        made.leave()
    finally:
        expect.set_options(timeout=5_000)
        interrupt(running)


@pytest.fixture(autouse=True)
def quiet(week: Week) -> Iterator[None]:
    """At the end of each day no page has complained and nothing has left the house."""
    yield
    week.over()


# ---- the first day -----------------------------------------------------------------------------------------------------


def test_an_alexandria_building_is_registered_with_its_flats(week: Week) -> None:
    page = week.desk("property_officer")
    page.goto("/assets/new/")
    expect(page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
    fill(
        page, kind="BUILDING", name_ar="عمارة الأملاك بسيدي بشر", custodian="local-02", street="شارع خالد بن الوليد",
        building_no="١٨", area_m2="٤٢٠",
    )  # fmt: skip
    page.fill("#id_place", "سيدي بشر بحري")
    page.locator("#id_place-found label", has_text="سيدي بشر بحري").click()
    assert send(page).status == 302
    week.building = id_in(page.url)
    page.click("a[href$='/acts/units/']")
    fill(page, floor_from="1", floor_to="٥", on_each="4", first_no="1", area_m2="95.5")
    assert send(page).status == 302
    expect(page.locator("svg.stack rect")).to_have_count(20)
    expect(page.locator("svg.stack text.fl")).to_have_text(["5", "4", "3", "2", "1"])
    expect(page.locator("main")).to_contain_text("1,910.00")


# ---- the second --------------------------------------------------------------------------------------------------------


def test_a_farm_parcel_is_split_among_heirs_and_a_colleague_accepts(week: Week) -> None:
    page = week.desk("property_officer")
    week.farm = long_standing(page, "status=FREE&land_use=AGRI_OLD&place=1904")[0]
    page.goto(f"/map/?sel={week.farm}")
    page.wait_for_selector("html[data-map=ready]")
    page.click("[data-edit-open]")
    expect(page.locator("[data-edit-chosen] .chip")).to_have_count(1)
    page.select_option("[name=by]", "shares")
    page.fill("[name=basis]", "إعلام وراثة 15 لسنة 2025")
    page.fill("[name=pieces]", "1/8\n7/16\n1/16")
    week.allow(400)
    page.click("[data-edit=preview]")
    expect(page.locator("[data-edit-note]")).to_contain_text("مجموع الأنصبة")
    page.fill("[name=pieces]", "1/8\n7/16\n7/16")
    page.click("[data-edit=preview]")
    expect(page.locator("[data-edit-result] tbody tr")).to_have_count(4)
    page.click("[data-editing] button.p")
    page.wait_for_url("**/edits/**")
    expect(page.locator("svg .new")).to_have_count(3)
    expect(page.locator("button[value=accept]")).to_be_disabled()
    colleague = week.desk("gis_officer")
    colleague.goto(page.url)
    assert send(colleague, "button[value=accept]").status == 302
    week.pieces = pieces_of(colleague, week.farm)
    assert len(week.pieces) == 3
    page.goto(f"/parcels/{week.farm}/?tab=history")
    expect(page.locator(".descent rect")).to_have_count(4)


def pieces_of(page: Page, whole: str) -> list[str]:
    """Return the parcels that an accepted edit made."""
    links = page.locator("main table a.bb").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [id_in(link) for link in links if whole not in link]


# ---- the third ---------------------------------------------------------------------------------------------------------


def test_a_suit_stops_what_would_part_with_the_land(week: Week) -> None:
    officer, lawyer = week.desk("property_officer"), week.desk("legal_officer")
    week.disputed = long_standing(officer, "status=FREE&land_use=RESIDENTIAL&place=19")[0]
    officer.goto(f"/parcels/{week.disputed}/")
    expect(act_of(officer, "فتح ملف إيجار")).to_have_class("ac")
    lawyer.goto(f"/suits/new/?parcel={code_of(officer)}")
    fill(
        lawyer, court_kind="FIRST_INSTANCE", court=COURT, number=SUIT_NO, year="2025", filed_on="01/02/2025",
        subject="OWNERSHIP", our_side="DEFENDANT", opponent="سعاد علي", first_hearing="٠١/٠٣/٢٠٢٥",
    )  # fmt: skip
    assert send(lawyer).status == 302
    week.suit = id_in(lawyer.url)
    barred = lawyer.locator("main .note.warn")
    for act in ("بيع", "تأجير", "نقل"):
        expect(barred).to_contain_text(act)
    officer.reload()
    for title in ("فتح ملف إيجار", "تسجيل قرار ولاية", "تسجيل تخصيص", "تعديل حدودها على الخريطة"):
        expect(act_of(officer, title)).to_have_class("ac off")
        expect(act_of(officer, title)).to_contain_text(f"الدعوى رقم {SUIT_NO} لسنة 2025، {COURT}")


def test_what_a_suit_bars_is_refused_to_who_posts_it_anyway(week: Week) -> None:
    page = week.desk("property_officer")
    page.goto(f"/parcels/{week.disputed}/acts/custody/")
    fill(page, custodian="awqaf", on="01/04/2025", decree_no="قرار 9 لسنة 2025", decree_on="01/04/2025")
    week.allow(409)
    assert send(page).status == 409
    expect(page.locator("main [role=alert]").first).to_contain_text(SUIT_NO)
    version = page.request.get(f"/api/v1/parcels/{week.disputed}/").headers["etag"]
    decree = {"custodian": "awqaf", "on": "2025-04-01", "decree_no": "9", "decree_on": "2025-04-01"}
    answer = api(page, f"/api/v1/parcels/{week.disputed}/custody/", decree, **{"If-Match": version})
    assert (answer.status, answer.json()["code"]) == (409, "act_locked")


def act_of(page: Page, title: str) -> Locator:
    """The line of an act in the list of acts."""
    return page.locator("[data-acts] li", has=page.locator("b", has_text=re.compile(f"^{title}$")))
