"""The shell's page and its one door."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation

from tests.authority.builders import make_user
from ui import icons

PAGE = '{% extends "ui/base.html" %}{% block title %}T{% endblock %}{% block content %}<p>inside</p>{% endblock %}'


def rendered(user: object, language: str = "ar", **attributes: object) -> str:
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    request.LANGUAGE_CODE = language
    with translation.override(language):
        return engines["django"].from_string(PAGE).render({}, request)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction", "sheet"), [("ar", "rtl", "rtl.min"), ("en", "ltr", "bootstrap.min")])
def test_a_page_stands_in_the_direction_of_its_language(language: str, direction: str, sheet: str) -> None:
    page = rendered(make_user("property_officer"), language)
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert sheet in page


@pytest.mark.django_db
def test_the_top_bar_names_the_person_and_the_role_that_acts() -> None:
    page = rendered(make_user("property_officer"))
    assert "موظف" in page
    assert "أخصائي أملاك" in page


@pytest.mark.django_db
def test_a_page_can_be_shown_to_nobody() -> None:
    assert "inside" in rendered(AnonymousUser())


@pytest.mark.django_db
def test_personal_settings_stay_with_the_person() -> None:
    user = make_user("surveyor")
    client = Client()
    client.force_login(user)
    answer = client.post("/preferences/", {"digits": "arab", "theme": "dark", "language": "en", "next": "/parcels/"})
    user.refresh_from_db()
    assert (user.digits, user.theme, user.language) == ("arab", "dark", "en")
    assert answer["Location"] == "/parcels/"


def test_before_signing_in_settings_stay_in_the_browser() -> None:
    client = Client()
    client.post("/preferences/", {"language": "en", "theme": "purple"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert "amlak_theme" not in client.cookies


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_way_back_leads_to_our_own_pages_only(elsewhere: str) -> None:
    assert Client().post("/preferences/", {"next": elsewhere})["Location"] == "/"


def test_personal_settings_are_not_changed_by_a_link() -> None:
    assert Client().get("/preferences/").status_code == 405


def test_the_sprite_holds_drawings() -> None:
    assert "map" in icons.names()
    assert "<path" in icons.read()["map"]
