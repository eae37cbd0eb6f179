"""The shell in a real browser: keys, menus, dialogs, personal settings, the phone's bar."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from authority.models import Place, User
from tests.browser.conftest import SignIn
from tests.parcels import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(sign_in: SignIn) -> User:
    builders.a_parcel(number="1")
    builders.a_parcel(number="2")
    return sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())


def test_the_slash_leads_to_the_search_box(page: Page, officer: User) -> None:
    page.keyboard.press("Slash")
    expect(page.locator("#omni")).to_be_focused()
    page.keyboard.type("12/3")
    expect(page.locator("#omni")).to_have_value("12/3")


def test_g_then_a_letter_goes_to_a_room(page: Page, officer: User) -> None:
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/")


def test_keys_go_by_their_place_under_an_arabic_layout(page: Page, officer: User) -> None:
    page.evaluate(
        """() => { for (const [key, code] of [["ل", "KeyG"], ["ه", "KeyI"]])
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true })); }"""
    )
    page.wait_for_url("**/inbox/")


def test_letters_rest_while_typing(page: Page, officer: User) -> None:
    page.locator("#omni").fill("")
    page.locator("#omni").focus()
    page.keyboard.type("gi")
    assert "/parcels/" in page.url


def test_j_and_k_walk_through_a_list(page: Page, officer: User) -> None:
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first


def test_the_question_mark_lists_the_keys_and_escape_closes(page: Page, officer: User) -> None:
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keys-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_single_letters_can_be_switched_off(page: Page, officer: User) -> None:
    page.keyboard.press("Shift+Slash")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_timeout(200)
    assert "/parcels/" in page.url


def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page, officer: User) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_language_theme_and_digits_change_at_once_and_stay(page: Page, officer: User) -> None:
    page.locator("[name=language]").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    page.locator(".person summary").click()
    page.locator("[name=theme]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator(".person summary").click()
    page.locator(".person [name=digits]").click()
    expect(page.locator("html")).to_have_attribute("data-digits", "arab")
    officer.refresh_from_db()
    assert (officer.language, officer.theme, officer.digits) == ("en", "dark", "arab")


def test_a_filter_is_chosen_from_its_chip(page: Page, officer: User) -> None:
    page.locator("summary.chip").nth(1).click()
    page.locator(".menu[open] .it").first.click()
    page.wait_for_url(re.compile(r"status="))
    expect(page.locator("summary.chip.on")).to_have_count(1)


def test_on_a_phone_the_rail_lies_at_the_foot_and_nothing_overflows(page: Page, officer: User) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/parcels/", "/inbox/", f"/parcels/{builders.a_parcel().pk}/"):
        page.goto(path)
        box = page.locator(".rail").bounding_box()
        assert box is not None
        assert box["y"] > 600
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_arabic_is_set_in_the_bundled_face(page: Page, officer: User) -> None:
    page.evaluate("document.fonts.ready")
    assert page.evaluate("""document.fonts.check('600 14px "IBM Plex Sans Arabic"', 'أملاك')""")


def test_a_number_with_a_slash_never_turns_around(page: Page, officer: User) -> None:
    parcel = builders.a_parcel(number="12/3")
    page.goto(f"/parcels/{parcel.pk}/")
    order = page.evaluate(
        """() => { const bdi = document.querySelector("h1 bdi"), range = document.createRange(), text = bdi.firstChild;
        const at = (i) => { range.setStart(text, i); range.setEnd(text, i + 1); return range.getBoundingClientRect().x; };
        return [at(0), at(2), at(3)]; }"""
    )
    assert order == sorted(order)


def test_results_appear_under_the_box_and_arrows_lead_to_them(page: Page, officer: User) -> None:
    parcel = builders.a_parcel(number="77/5")
    page.keyboard.press("Slash")
    page.keyboard.type("٧٧/٥")
    option = page.locator("#omni-results [role=option]").first
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/parcels/{parcel.pk}/")


def test_escape_closes_the_results_and_keeps_what_was_typed(page: Page, officer: User) -> None:
    builders.a_parcel(number="77/5")
    page.locator("#omni").fill("77/5")
    expect(page.locator("#omni-results [role=option]").first).to_be_visible()
    page.locator("#omni").press("Escape")
    expect(page.locator("#omni-results [role=option]")).to_have_count(0)
