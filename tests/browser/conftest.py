"""A real Chromium on a live server: `page`, `sign_in(role)`; each page must stay free of console errors and CSP violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from authority.models import Place, User
from tests.authority.builders import make_user

PASSWORD = "sample"
VIEWPORT = {"width": 1366, "height": 768}
# What Chromium itself says about software drawing is no fault of a page.
NOISE = ("GPU stall", "WebGL", "swiftshader", "Automatic fallback")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder drives a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


class Watch:
    """Keeps what a page complains about; a test that expects a refusal says so by `allow`."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.allowed: list[str] = []

    def allow(self, *parts: str) -> None:
        """Take complaints with one of these parts as expected."""
        self.allowed += parts

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def fault(self, error: Any) -> None:
        self.complaints.append(f"uncaught: {error}")

    def left(self) -> list[str]:
        """Return complaints that nobody expected."""
        known = (*NOISE, *self.allowed)
        return [text for text in self.complaints if not any(part in text for part in known)]


@pytest.fixture
def watch() -> Watch:
    """What the page complains about."""
    return Watch()


@pytest.fixture
def base_url(live_server: Any) -> str:
    """The live server's address."""
    return str(live_server.url)


def follow(page: Page, watch: Watch, base_url: str) -> None:
    """Listen to the console, to errors and to requests that leave the house."""
    page.on("console", watch.hear)
    page.on("pageerror", watch.fault)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((base_url, "data:", "blob:", "about:"))
            else watch.foreign.append(request.url)
        ),
    )


@pytest.fixture
def context(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    """A fresh browser profile in Arabic."""
    made = browser.new_context(base_url=base_url, viewport=VIEWPORT, locale="ar-EG", timezone_id="Africa/Cairo")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch, base_url: str) -> Iterator[Page]:
    """A page; at the end: no console error, no CSP violation, nothing fetched from another host."""
    made = context.new_page()
    follow(made, watch, base_url)
    yield made
    assert watch.left() == []
    assert watch.foreign == []


SignIn = Callable[..., User]


@pytest.fixture
def sign_in(page: Page) -> SignIn:
    """Sign in on the page as a person with a role: `sign_in("surveyor")`, `sign_in("governor", place=…)`."""

    def enter(role: str, *, place: Place | None = None, user: User | None = None) -> User:
        person = user or User.objects.filter(username=role).first()
        person = person or make_user(role, place=place, username=role, password=PASSWORD)
        page.goto("/login/?next=/parcels/")
        page.fill("#id_username", person.username)
        page.fill("#id_password", PASSWORD)
        page.click("main button.btn2.p")
        page.wait_for_url(lambda url: "/login" not in url)
        return person

    return enter
