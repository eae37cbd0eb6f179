"""Both kinds of file in a real browser, in Arabic, by several accounts: from the parcel to the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from authority.models import User
from cases.models import Case
from encroachments.models import Encroachment
from leases.models import Lease
from parcels.models import Parcel, Status
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import choose, serious
from tests.cases import builders

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, sign_in: SignIn, role: str) -> User:
    page.goto("about:blank")
    page.context.clear_cookies()
    return sign_in(role, place=builders.governorate())


def act(page: Page, sign_in: SignIn, case: Case, role: str, name: str, **fields: str) -> None:
    """Do an act from the file's page: its button, its form, its papers."""
    enter(page, sign_in, role)
    page.goto(f"/cases/{case.pk}/")
    page.click(f"[data-acts] a[href$='/acts/{name}/']")
    for field in page.locator("textarea[name$='-text']").all():
        field.fill("مستند الملف")
    for key, value in fields.items():
        control = page.locator(f"#actform [name='{key}']")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click("#actform footer button")
    page.wait_for_url(f"**/cases/{case.pk}/")
    case.refresh_from_db()


def draw_square(page: Page) -> None:
    """Draw an outline over the middle of the map by four clicks and the button."""
    page.wait_for_selector("[data-draw][data-ready=true]", timeout=30_000)
    page.click("[data-tool=polygon]")
    page.locator("[data-drawmap]").scroll_into_view_if_needed()
    box = page.locator("[data-drawmap]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-30, -30), (30, -30), (30, 30), (-30, 30)):
        page.mouse.click(x + dx, y + dy, delay=20)
        page.wait_for_timeout(350)
    page.click("[data-finish]")
    page.wait_for_selector("[data-overlap]")


def test_a_lease_from_the_parcel_to_its_end(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    parcel = builders.parcel()
    enter(page, sign_in, "property_officer")
    page.goto(f"/parcels/{parcel.pk}/")
    page.click(f"a[href='/leases/new/?parcel={parcel.pk}']")
    assert serious(page) == []
    page.fill("[name=party_name]", "سعاد محمد عبد الرحمن")
    page.fill("[name=purpose]", "مشتل")
    page.fill("[name=requested_from]", "01/01/2027")
    page.fill("[name=requested_to]", "31/12/2029")
    page.click("#openform footer button")
    page.wait_for_url("**/cases/*/")
    case = Case.objects.get()
    assert serious(page) == []
    act(page, sign_in, case, "inspector", "inspect")
    act(page, sign_in, case, "district_head", "approve")
    act(page, sign_in, case, "legal_officer", "contract", rate_per_m2="٢٫٥")
    act(page, sign_in, case, "secretary_general", "activate")
    assert case.state == "ACTIVE"
    assert "جدول استحقاق القيمة الإيجارية" in page.inner_text("main")
    assert Lease.objects.get().contract_number in page.inner_text("main")
    page.goto(f"/parcels/{parcel.pk}/?tab=cases")
    assert case.number in page.inner_text("main")
    parcel.refresh_from_db()
    act(page, sign_in, case, "governor", "terminate", note="بطلب المستأجر")
    assert case.state == "ENDED"
    assert "أُغلق الملف" in page.inner_text("main")


def test_an_encroachment_drawn_measured_ordered_and_removed(page: Page, sign_in: SignIn) -> None:
    parcel: Parcel = builders.parcel()
    enter(page, sign_in, "property_officer")
    page.goto(f"/encroachments/new/?parcel={parcel.pk}")
    draw_square(page)
    assert "داخل القطعة" in page.inner_text("[data-measured]")
    assert serious(page) == []
    page.fill("[name=occupant_name]", "عبد الله صبحي")
    page.click("#openform footer button")
    page.wait_for_url(lambda url: "/cases/" in url)
    case = Case.objects.get()

    enter(page, sign_in, "inspector")
    page.goto(f"/cases/{case.pk}/acts/inspect/")
    draw_square(page)
    page.select_option("[name=method]", "GNSS_RTK")
    page.fill("[name=site_report-number]", "17")
    assert serious(page) == []
    page.click("#actform footer button")
    page.wait_for_url(f"**/cases/{case.pk}/")
    assert Encroachment.objects.get().overlap_m2
    parcel.refresh_from_db()
    assert parcel.status == Status.ENCROACHED
    act(page, sign_in, case, "district_head", "confirm")
    act(page, sign_in, case, "legal_officer", "review_title")
    act(page, sign_in, case, "legal_officer", "title_not_serious")
    act(page, sign_in, case, "legal_officer", "draft_order", legal_basis="L43_1979_26", period_days="0")
    act(page, sign_in, case, "governor", "issue_order")
    act(page, sign_in, case, "district_head", "notify")
    page.wait_for_selector("#casemap[data-ready=true]", timeout=30_000)
    assert serious(page) == []
    act(page, sign_in, case, "district_head", "remove")
    act(page, sign_in, case, "property_officer", "close")
    assert case.state == "CLOSED"


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("ar", "light", 1366), ("en", "dark", 1366), ("ar", "light", 360)]
)
def test_the_pages_of_files_are_open_to_everybody(
    page: Page, sign_in: SignIn, language: str, theme: str, width: int
) -> None:
    from tests.encroachments import builders as encroachments

    case = encroachments.notified().case
    choose(enter(page, sign_in, "district_head"), language=language, theme=theme)
    page.set_viewport_size({"width": width, "height": 768})
    paths = ["/cases/", f"/cases/{case.pk}/", f"/cases/{case.pk}/sheet/", f"/cases/{case.pk}/papers/new/"]
    paths += [f"/cases/{case.pk}/acts/remove/", f"/encroachments/new/?parcel={case.parcel_id}"]
    for path in paths:
        page.goto(path, wait_until="networkidle")
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
