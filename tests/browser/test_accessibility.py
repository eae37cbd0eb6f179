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
