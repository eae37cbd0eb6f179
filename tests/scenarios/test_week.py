"""An officer's week in Arabic, lived on the site as a newcomer starts it; each day builds on the days before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD
from tests.scenarios import qr
from tests.scenarios.backups import Machine
from tests.scenarios.test_demo import free_port, interrupt, read_until, run_demo
from tests.scenarios.week import PATIENCE_MS, Week, api, code_of, fill, id_in, long_standing, send, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(400)]
LAND = 660  # so many parcels reach the villages of Ismailia, where the farms are
AWQAF, ISMAILIA = "هيئة الأوقاف المصرية", "محافظة الإسماعيلية (الوحدات المحلية)"
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


# ---- the fourth --------------------------------------------------------------------------------------------------------


def test_a_late_decree_changes_what_was_true_and_not_what_the_register_said(week: Week) -> None:
    page = week.desk("property_officer")
    vacant = long_standing(page, "status=FREE&place=1901&custodian=local-19")
    week.decreed = next(one for one in vacant if one != week.disputed)
    page.goto(f"/parcels/{week.decreed}/acts/custody/")
    fill(page, custodian="awqaf", on="01/06/2019", decree_no="قرار 44 لسنة 2019", decree_on="20/05/2019")
    assert send(page).status == 302
    expect(page.locator("main")).to_contain_text(AWQAF)
    assert answers(page, week.decreed) == {"truth": AWQAF, "book": ISMAILIA}
    page.goto(f"/parcels/{week.decreed}/?tab=history")
    expect(page.locator("[aria-labelledby=ver-h]")).to_contain_text("قُيِّد متأخرًا")


def answers(page: Page, parcel: str) -> dict[str, str]:
    """Ask both questions of 1 July 2019 on the parcel's page; return who has custody in each answer."""
    found = {}
    for ask, said in (("truth", "ما كان قائمًا يوم 01/07/2019"), ("book", "ما كان السجل يقوله يوم 01/07/2019")):
        page.goto(f"/parcels/{parcel}/?tab=history")
        page.fill("#past-on", "٠١/٠٧/٢٠١٩")
        page.click(f"button[name=ask][value={ask}]")
        expect(page.locator("main .note.brass")).to_contain_text(said)
        page.locator("nav.ftab a").first.click()
        expect(page.locator("main .note.brass")).to_contain_text(said)
        told = page.locator("main").inner_text()
        (found[ask],) = [body for body in (AWQAF, ISMAILIA) if body in told]
    return found


# ---- the fifth ---------------------------------------------------------------------------------------------------------


def test_a_colleague_leaves_and_hands_over_by_two_administrators(week: Week) -> None:
    lawyer, first, second = week.desk("legal_officer"), week.desk("admin"), second_administrator(week)
    lawyer.goto("/parcels/?status=DISPUTED")
    lawyer.locator("details:has(#saved-name) summary").click()
    lawyer.fill("#saved-name", "منازعات الإسماعيلية")
    lawyer.select_option("#saved-office", "property-19")
    send(lawyer, "form:has(#saved-name) button")
    week.files = waiting(lawyer)
    assert week.files
    first.goto("/administration/?q=legal_officer")
    first.locator("tr", has_text="legal_officer").locator("a").click()
    first.click("a[href$='/leaving/']")
    leaving = first.url
    week.allow(409)
    assert send(first, "main form button.d").status == 409
    expect(first.locator("main [role=alert]").first).to_contain_text("يلزم تعيين من يتسلم")
    for box in first.locator("main form input[name^='role:'], main form input[name=filters]").all():
        box.fill("file_reviewer")
    assert send(first, "main form button.d").status == 302
    change = first.url
    expect(first.locator("button[value=withdraw]")).to_have_count(1)
    expect(first.locator("button[value=carry_out]")).to_have_count(0)
    second.goto(change)
    assert send(second, "button[value=carry_out]").status == 302
    first.goto(leaving)
    expect(first.locator("main table tr .bdg.warn")).to_have_count(0)


def second_administrator(week: Week) -> Page:
    """The sample has one administrator: another is named from the server, and sets her password herself."""
    words = ("--second", "--name-ar", "نادية رمزي", "--governorate", "19")
    told = week.machine.run("script/manage", "first_administrator", "nadia", *words)
    assert told.returncode == 0, told.stderr
    page = week.stranger()
    page.goto(re.findall(r"/recover/[a-z2-9-]+/", told.stdout)[0])
    page.fill("#id_new", "walk by the canal at dusk")
    assert send(page, "main button.btn2.p").status == 302
    return week.desk("nadia", "walk by the canal at dusk")


def waiting(page: Page) -> set[str]:
    """Return the numbers of the files that wait for somebody."""
    page.goto("/inbox/")
    return set(page.locator("a.rw.work .pn bdi").all_inner_texts())


def test_who_has_left_is_out_and_nothing_is_orphaned(week: Week) -> None:
    lawyer, heir = week.desk("legal_officer"), week.desk("file_reviewer")
    lawyer.goto("/inbox/")
    lawyer.wait_for_url("**/login/**")
    week.allow(400, 401, 403)
    sign_in(lawyer, "legal_officer", PASSWORD)
    expect(lawyer.locator("main [role=alert]")).to_have_count(1)
    assert "/login" in lawyer.url
    assert waiting(heir) >= week.files
    heir.goto("/parcels/")
    expect(heir.locator("details.menu .it", has_text="منازعات الإسماعيلية")).to_have_count(1)


# ---- the sixth ---------------------------------------------------------------------------------------------------------


def test_an_extract_is_issued_at_the_counter_and_its_qr_leads_to_its_proof(week: Week) -> None:
    page, piece = week.desk("front_desk"), week.pieces[0]
    page.goto(f"/parcels/{piece}/?tab=documents")
    send(page, "form[action$='/papers/extract/'] button")
    link = page.locator("[aria-labelledby=issued-h] td a.b")
    week.paper = link.inner_text()
    with page.expect_download() as download:
        link.click()
    pdf = pypdfium2.PdfDocument(download.value.path())
    last = pdf[len(pdf) - 1]
    week.address = qr.told_below(last)
    assert week.address.startswith(f"{week.site}/verify/?c=")
    assert qr.says(last, week.address)
    week.check = qr.check_code_on(last, week.paper)
    stranger = week.stranger()
    stranger.goto(week.address)
    expect(stranger.locator("main .note.ok")).to_contain_text("هذا المستند صحيح، ولم يتغير السجل بعد صدوره")
    expect(stranger.locator("main")).to_contain_text(week.paper)


def test_a_wrong_check_code_proves_nothing(week: Week) -> None:
    stranger = week.stranger()
    week.allow(404)
    for check, note in ((wrong(week.check), "لا يوجد مستند بهذه البيانات"), (week.check, "هذا المستند صحيح")):
        stranger.goto("/verify/")
        stranger.fill("#number", week.paper)
        stranger.fill("#check", check)
        stranger.click("main form button.p")
        expect(stranger.locator("main .note")).to_contain_text(note)


def wrong(check: str) -> str:
    """Return a check code with another last letter."""
    return check[:-1] + ("a" if check[-1] != "a" else "b")


# ---- the seventh -------------------------------------------------------------------------------------------------------


def test_the_week_is_backed_up_and_restored_elsewhere(week: Week, place: Path) -> None:
    assert week.machine.told("script/backup", place / "kept")["exact"] is True
    other, port = Machine(place / "elsewhere"), free_port()
    other.state.mkdir(mode=0o711)
    ended = other.run("script/restore", place / "kept")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    running = run_demo(other.environment, "--port", str(port))
    try:
        read_until(running, "Ctrl-C")
        there = Week(other, f"http://127.0.0.1:{port}", week.browser, week.watch)
        found_again(week, there)
        there.leave()
        told = other.told("script/manage", "audit_verify", "--json")
        assert told["faults"] == []
        assert told["rows"] > 0
    finally:
        interrupt(running)


def found_again(week: Week, there: Week) -> None:
    """Find the whole week on the other site."""
    page = there.desk("property_officer")
    page.goto(f"/assets/{week.building}/")
    expect(page.locator("svg.stack rect")).to_have_count(20)
    page.goto(f"/parcels/{week.farm}/?tab=history")
    expect(page.locator(".descent rect")).to_have_count(4)
    page.goto(f"/suits/{week.suit}/")
    expect(page.locator("main .note.warn")).to_contain_text("بيع")
    assert answers(page, week.decreed) == {"truth": AWQAF, "book": ISMAILIA}
    assert waiting(there.desk("file_reviewer")) >= week.files
    stranger = there.stranger()
    stranger.goto(week.address.replace(week.site, there.site))
    expect(stranger.locator("main .note.ok")).to_contain_text("هذا المستند صحيح")
