"""The office of a week: the site as `script/demo` starts it, a desk for each colleague, what the days hand on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.browser.conftest import PASSWORD, VIEWPORT, Watch, follow
from tests.scenarios.backups import Machine

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PATIENCE_MS = 40_000  # the site, its worker and the browser share two cores


@dataclass
class Week:
    """Where the site is, who sits there, and what came of the days before."""

    machine: Machine
    site: str
    browser: Browser
    watch: Watch = field(default_factory=Watch)
    profiles: list[BrowserContext] = field(default_factory=list)
    desks: dict[str, Page] = field(default_factory=dict)
    building: str = ""
    farm: str = ""
    pieces: list[str] = field(default_factory=list)
    suit: str = ""
    disputed: str = ""
    decreed: str = ""
    files: set[str] = field(default_factory=set)  # waited for who left
    paper: str = ""  # number of the extract
    check: str = ""
    address: str = ""  # what its QR says

    def profile(self) -> BrowserContext:
        """A fresh browser profile in Arabic, with nobody signed in."""
        made = self.browser.new_context(
            base_url=self.site, viewport=VIEWPORT, locale="ar-EG", timezone_id="Africa/Cairo"
        )
        made.set_default_timeout(PATIENCE_MS)
        self.profiles.append(made)
        return made

    def stranger(self) -> Page:
        """Somebody without an account."""
        page = self.profile().new_page()
        follow(page, self.watch, self.site)
        return page

    def desk(self, name: str, password: str = PASSWORD) -> Page:
        """The page of a colleague, who signs in once and stays."""
        if name not in self.desks:
            page = self.desks[name] = self.stranger()
            sign_in(page, name, password)
            page.wait_for_url(lambda url: "/login" not in url)
        return self.desks[name]

    def allow(self, *statuses: int) -> None:
        """The browser reports refusals on its console: these are expected today."""
        self.watch.allow(*(f"status of {status}" for status in statuses))

    def leave(self) -> None:
        """Close all profiles."""
        for context in self.profiles:
            context.close()

    def over(self) -> None:
        """End a day: nothing was complained of that was not expected, and nothing left the house."""
        left, foreign = self.watch.left(), self.watch.foreign
        self.watch.complaints, self.watch.foreign, self.watch.allowed = [], [], []
        assert left == []
        assert foreign == []


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill the form and send it."""
    page.goto("/login/?next=/parcels/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("main button.btn2.p")


def send(page: Page, button: str = "form.card2 footer button.p") -> Response:
    """Send the page's form; return the answer to it."""

    def posted(answer: Response) -> bool:
        return answer.request.method == "POST" and answer.request.is_navigation_request()

    with page.expect_response(posted) as answer:
        page.click(button)
    page.wait_for_load_state()
    return answer.value


def fill(page: Page, **values: str) -> None:
    """Fill boxes and choose from lists by the names of the fields."""
    for name, value in values.items():
        box = page.locator(f"#id_{name}")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def listed(page: Page, query: str) -> list[str]:
    """Return the ids of the parcels that the register's list shows."""
    page.goto(f"/parcels/?{query}")
    links = page.locator("[data-list] a.bb").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [ID.findall(link)[0] for link in links]


def long_standing(page: Page, query: str) -> list[str]:
    """Return parcels that are now as the query asks, and were so years ago."""
    then = set(listed(page, f"{query}&on=2015-01-01"))
    return [one for one in listed(page, query) if one in then]


def code_of(page: Page) -> str:
    """Return the internal code that a parcel's page shows."""
    return page.locator(".hdr .ltr.num").first.inner_text().strip()


def api(page: Page, path: str, said: dict[str, Any], **headers: str) -> Any:
    """Send JSON as a script of the page would, in the person's own session."""
    token = next(one["value"] for one in page.context.cookies() if "csrf" in one["name"])
    return page.request.post(path, data=said, headers={"X-CSRFToken": token, **headers})


def id_in(address: str) -> str:
    """Return the id in an address."""
    return ID.findall(address)[-1]
