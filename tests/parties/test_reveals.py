"""The log of national numbers shown in full."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client

from authority import clock
from authority.entry import proof
from authority.models import AuditEvent, Role, User
from parties import reveals, services
from tests.authority.builders import ALEXANDRIA, make_place, make_user
from tests.parties.builders import MAN, WOMAN, make_party

pytestmark = pytest.mark.django_db
NOW = clock.now()


def look(number: str, code: str, reason: str, at: dt.datetime = NOW) -> User:
    """Let a front desk of a governorate look at a number."""
    clerk = make_user(Role.FRONT_DESK, place=make_place(code))
    party = make_party(national_id_text=number, governorate=code, by=clerk)
    services.reveal_national_id(party=party, by=clerk, at=at, reason=reason)
    return clerk


def reasons(user: User, **wanted: Any) -> list[str]:
    return [row.reason for row in reveals.told(reveals.found(user, **wanted))]


@pytest.fixture
def clerks() -> tuple[User, User]:
    return look(MAN, "19", "contract number 7", NOW - dt.timedelta(days=9)), look(
        WOMAN, ALEXANDRIA, "=cmd|' /C calc'!A0"
    )


def test_everybody_sees_his_own_looks_and_who_watches_those_of_his_place(clerks: tuple[User, User]) -> None:
    here, there = clerks
    assert (reasons(here), reasons(there)) == (["contract number 7"], ["=cmd|' /C calc'!A0"])
    for role in Role:
        seen = reasons(make_user(role))
        assert seen == (["contract number 7"] if role in reveals.MAY_WATCH else []), role


def test_looks_are_found_by_who_when_and_why(clerks: tuple[User, User]) -> None:
    auditor, today = make_user(Role.AUDITOR), clock.day_of(NOW)
    assert reasons(auditor, who=clerks[0].username) == ["contract number 7"]
    assert reasons(auditor, who="nobody") == []
    assert reasons(auditor, text="NUMBER") == ["contract number 7"]
    assert reasons(auditor, since=today) == []
    assert reasons(auditor, since=today - dt.timedelta(days=9), until=today - dt.timedelta(days=9)) == [
        "contract number 7"
    ]


def test_the_page_never_shows_a_number_and_a_wrong_day_is_told(clerks: tuple[User, User]) -> None:
    client = Client()
    client.force_login(make_user(Role.AUDITOR))
    page = client.get("/parties/reveals/").content.decode()
    assert "contract number 7" in page
    assert MAN not in page
    assert client.get("/parties/reveals/?since=31/02/2026").status_code == 400
    assert "/parties/reveals/" in client.get("/account/").content.decode()


def test_the_table_is_taken_out_without_formulas_and_that_is_recorded(clerks: tuple[User, User]) -> None:
    client = Client()
    client.force_login(clerks[1])
    answer = client.post("/parties/reveals/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][-1] == "'=cmd|' /C calc'!A0"
    assert AuditEvent.objects.latest("id").action == reveals.EXPORTED
    assert "no-store" in answer["Cache-Control"]


def test_a_number_wants_a_fresh_proof_where_the_setting_says_so(settings: Any) -> None:
    settings.STEP_UP_MINUTES = 10
    clerk = make_user(Role.FRONT_DESK)
    party = make_party(national_id_text=MAN, by=clerk)
    client = Client()
    client.force_login(clerk)
    said = {"reason": "contract number 7"}
    assert client.post(f"/parties/{party.pk}/acts/reveal/", said).status_code == 200
    clerk.entries.update(proved_at=clock.now() - dt.timedelta(minutes=11))
    answer = client.post(f"/parties/{party.pk}/acts/reveal/", said)
    assert answer.status_code == 403
    assert proof.ProveAgain.code in client.post(f"/api/v1/parties/{party.pk}/reveal/", said).content.decode()
    assert MAN not in answer.content.decode()
    assert AuditEvent.objects.filter(action=services.ID_REVEALED).count() == 1
