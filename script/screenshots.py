"""Pictures of a running sample: pages × languages × themes × widths, written as small PNG files.

Only the sample is photographed: its people and land are invented; a site without the sample's banner is refused.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
WIDTHS = {"1366": (1366, 768), "1920": (1920, 1080), "360": (360, 740)}
LANGUAGES, THEMES = ("ar", "en"), ("light", "dark")
# What the documentation shows of each page; --all takes the whole matrix.
SHOWN = (("ar", "light", "1366"), ("ar", "dark", "1366"), ("en", "light", "1366"), ("ar", "light", "360"))


@dataclass(frozen=True)
class Shot:
    """A page: where it is, who looks, how long its map takes; `follow` is a link to go on by, `then` where to go
    from there: {id} is what the followed page shows."""

    name: str
    path: str
    role: str = "property_officer"
    follow: str = ""
    then: str = ""
    wait_ms: int = 400


SHOTS = (
    Shot("login", "/login/", role=""),
    Shot(
        "map",
        "/parcels/?status=ENCROACHED",
        follow="main tbody a",
        then="/map/?parcel={id}",
        wait_ms=6000,
    ),
    Shot("parcels", "/parcels/"),
    Shot("parcel", "/parcels/?status=ENCROACHED", follow="main tbody a"),
    Shot("parcel-history", "/parcels/?status=LEASED", follow="main tbody a", then="/parcels/{id}/?tab=history"),
    Shot("search", "/search/?q=12"),
    Shot("inbox", "/inbox/", role="inspector"),
    Shot("case", "/cases/?kind=encroachment&state=NOTIFIED", role="legal_officer", follow="main tbody a", wait_ms=2500),
    Shot("lease", "/cases/?kind=lease&state=ACTIVE", role="legal_officer", follow="main tbody a", wait_ms=2500),
    Shot("cases", "/cases/", role="legal_officer"),
    Shot("surveys", "/surveys/", role="gis_officer"),
    Shot("survey", "/surveys/?state=REPORTED", role="gis_officer", follow="main tbody a", wait_ms=4000),
    Shot("survey-asking", "/surveys/?state=ASKING", role="surveyor", follow="main tbody a", wait_ms=4000),
    Shot("survey-new", "/surveys/new/", role="surveyor"),
    Shot("exports", "/exports/"),
    Shot("jobs", "/jobs/", role="admin"),
    Shot("account", "/account/"),
    Shot("suits", "/suits/", role="legal_officer"),
    Shot("suit", "/suits/", role="legal_officer", follow="main tbody a"),
    Shot("letters", "/letters/"),
    Shot("letter", "/letters/", follow="main tbody a"),
    Shot("changes", "/parcels/changes/"),
    Shot(
        "edit", "/parcels/?status=FREE&use=AGRI_OLD", follow="main tbody a", then="/map/?edit=1&sel={id}", wait_ms=6000
    ),
    Shot("parties", "/parties/"),
    Shot("worklist", "/work/"),
    Shot("rules", "/reference/rules/", role="legal_officer"),
    Shot("operations", "/operations/", role="admin"),
    Shot("administration", "/administration/", role="admin"),
    Shot("access", "/administration/access/", role="admin"),
    Shot("delegations", "/account/delegations/", role="legal_officer"),
)


def sign_in(context: BrowserContext, role: str, password: str) -> None:
    """Open a session as the sample's person of a role."""
    page = context.new_page()
    page.goto("/login/?next=/account/")
    page.fill("#id_username", role)
    page.fill("#id_password", password)
    page.click("main button.btn2.p")
    page.wait_for_url("**/account/**")
    if not page.locator(".samplebar").count():
        raise SystemExit("screenshots: this site does not show the sample")
    page.close()


def choose(context: BrowserContext, language: str, theme: str, site: str, *, signed_in: bool) -> None:
    """Set language and theme as the person would, by the form of personal settings."""
    context.add_cookies(
        [
            {"name": "amlak_language", "value": language, "url": site},
            {"name": "amlak_theme", "value": theme, "url": site},
        ]
    )
    if not signed_in:
        return
    page = context.new_page()
    page.goto("/account/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    page.request.post(
        f"{site}/preferences/",
        form={
            "csrfmiddlewaretoken": token,
            "language": language,
            "theme": theme,
            "digits": "latn",
            "next": "/account/",
        },
        headers={"Referer": f"{site}/account/"},
    )
    page.close()


def arrive(page: Page, shot: Shot) -> bool:
    """Go to the page; say whether it is there."""
    answer = page.goto(shot.path)
    if answer is None or answer.status >= 400:
        return False
    if shot.follow:
        link = page.locator(shot.follow).first
        if not link.count():
            return False
        link.click()
        page.wait_for_load_state()
    if shot.then:
        page.goto(shot.then.format(id=urlsplit(page.url).path.strip("/").split("/")[-1]))
    page.wait_for_timeout(shot.wait_ms)
    return True


def small(png: bytes) -> Image.Image:
    """Return the picture with a palette: a fifth of the size, nothing lost that one reads."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)


def wanted(every: bool) -> Iterator[tuple[str, str, str]]:
    """Yield language, theme and width of each picture."""
    yield from product(LANGUAGES, THEMES, WIDTHS) if every else SHOWN


def take(context: BrowserContext, shots: list[Shot], how: tuple[str, str, str], folder: Path) -> Iterator[str]:
    """Take the pictures of one person in one look; yield what happened."""
    language, theme, width = how
    page = context.new_page()
    page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
    for shot in shots:
        name = f"{shot.name}-{language}-{theme}-{width}.png"
        if arrive(page, shot):
            small(page.screenshot()).save(folder / name, optimize=True)
            yield name
        else:
            yield f"{name}: not there"
    page.close()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--all", action="store_true", help="the whole matrix, not only what the documentation shows")
    parser.add_argument("--only", default="", help="names of pages, by comma")
    return parser.parse_args()


def main() -> None:
    """Take all pictures."""
    asked = arguments()
    names = {name for name in asked.only.split(",") if name}
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    asked.to.mkdir(parents=True, exist_ok=True)
    password = os.environ.get("AMLAK_SAMPLE_PASSWORD", "sample")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for role in dict.fromkeys(shot.role for shot in shots):
            context = browser.new_context(base_url=asked.site, locale="ar-EG", timezone_id="Africa/Cairo")
            if role:
                sign_in(context, role, password)
            for how in wanted(asked.all):
                choose(context, how[0], how[1], asked.site, signed_in=bool(role))
                for line in take(context, [shot for shot in shots if shot.role == role], how, asked.to):
                    print(line)  # noqa: T201 - what was taken, for the person at the shell
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
