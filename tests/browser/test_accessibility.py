"""WCAG 2.2 AA by axe-core on each page, both languages, both themes, three widths: nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from authority import clock
from authority.models import Place, User
from parcels.models import Holding
from tests.browser.conftest import SignIn
from tests.leases import builders as leases
from tests.parcels import builders

WIDTHS = {"desk": (1366, 768), "phone": (360, 740)}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def serious(page: Page) -> list[str]:
    """Return what axe finds serious or critical, in one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:120]} — {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def choose(user: User, **settings: str) -> None:
    User.objects.filter(pk=user.pk).update(**settings)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_entry_page_is_open_to_everybody(page: Page, base_url: str, language: str, theme: str) -> None:
    page.context.add_cookies(
        [
            {"name": "amlak_language", "value": language, "url": base_url},
            {"name": "amlak_theme", "value": theme, "url": base_url},
        ]
    )
    page.goto("/login/")
    assert page.get_attribute("html", "data-bs-theme") == theme
    assert serious(page) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        ("ar", "light", "desk"),
        ("ar", "dark", "desk"),
        ("en", "light", "desk"),
        ("en", "dark", "desk"),
        ("ar", "light", "phone"),
        ("en", "light", "phone"),
    ],
)
def test_pages_of_the_workspace_are_open_to_everybody(
    page: Page, sign_in: SignIn, paths: list[str], language: str, theme: str, width: str
) -> None:
    user = sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())
    choose(user, language=language, theme=theme)
    page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
    faults: dict[str, Any] = {}
    for path in paths:
        page.goto(path)
        if found := serious(page):
            faults[path] = found
    assert faults == {}


TARGET = """() => [...document.querySelectorAll("main a, main button, main select, main input, main summary, .top a, .top button, .rail a")]
    .filter((on) => on.offsetParent && getComputedStyle(on).visibility !== "hidden" && !on.closest(".vh, p, dd, td, li, .note, .crumb, .sub, svg"))
    .map((on) => [on.outerHTML.slice(0, 90), (/checkbox|radio/.test(on.type) ? on.labels[0] : on).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < 23.5 || box.height < 23.5)).map(([html, box]) => `${html} ${box.width}×${box.height}`)"""


@pytest.mark.django_db(transaction=True)
def test_targets_are_large_enough_and_nothing_is_lost_at_twice_the_size(
    page: Page, sign_in: SignIn, paths: list[str]
) -> None:
    sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())
    small: dict[str, Any] = {}
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(path)
        page.wait_for_timeout(300)
        if found := page.evaluate(TARGET):
            small[path] = found
        page.set_viewport_size({"width": 683, "height": 384})  # what 200 % leaves of 1366 × 768
        assert page.evaluate("document.documentElement.scrollWidth") <= 683, path
    assert small == {}, str(small)


@pytest.mark.django_db(transaction=True)
def test_the_focus_is_seen_and_not_under_what_sticks(page: Page, sign_in: SignIn, paths: list[str]) -> None:
    sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())
    for path in ("/parcels/", paths[-4], "/account/"):
        page.goto(path)
        for _ in range(40):
            page.keyboard.press("Tab")
            hidden = page.evaluate(
                """() => { const on = document.activeElement;
                if (!on || on === document.body || on.closest(".skip, .vh, svg")) return "";
                const box = on.getBoundingClientRect();
                const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 12);
                const top = document.elementFromPoint(x, y);
                const seen = top && (on.contains(top) || top.contains(on) || on.labels?.[0]?.contains(top));
                return seen ? "" : on.outerHTML.slice(0, 120); }"""
            )
            assert hidden == "", path


@pytest.mark.django_db(transaction=True)
def test_who_wants_less_motion_gets_none(page: Page, sign_in: SignIn) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in("property_officer", place=builders.a_hod())
    page.goto("/parcels/")
    slow = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((on) => {
            const { transitionDuration, animationDuration, animationName } = getComputedStyle(on);
            return Math.max(...transitionDuration.split(",").map(parseFloat)) > 0.02
                || (animationName !== "none" && parseFloat(animationDuration) > 0.02); }).map((on) => on.className)"""
    )
    assert slow == []


@pytest.fixture
def paths(transactional_db: None) -> list[str]:
    """The pages that are looked at, with something on each."""
    lease = leases.contracted(at=clock.now())
    parcel = lease.case.parcel
    assert parcel is not None
    builders.a_holding(parcel, kind=Holding.Kind.ENCROACHMENT, reference="2026/318", exclusive=False)
    leases.application(at=clock.now())
    file = f"/parcels/{parcel.pk}/"
    parts = [file, f"{file}?tab=history", f"{file}?tab=cases", f"{file}?tab=assets"]
    rooms = ["/map/", "/search/?q=1", "/parcels/", "/inbox/", "/surveys/", "/surveys/new/", "/jobs/", "/account/"]
    return [*rooms, *parts]
