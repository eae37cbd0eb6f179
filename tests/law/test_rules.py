"""Rules of law: dated data, proposed by one person, put in force by another, never overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from law import selectors, services
from law.models import LegalRule
from tests.authority.builders import make_user
from tests.conftest import empty_all_tables
from tests.parcels import builders

pytestmark = pytest.mark.django_db
CODE = "protection.roads"
WIDE = {"bands": {"AREA": [[25, "PROHIBITED"]]}}
NARROW = {"bands": {"AREA": [[10, "PROHIBITED"]]}}


def legal(_n: int = 1) -> User:
    return make_user(Role.LEGAL_OFFICER, place=builders.a_governorate())


def proposed(by: User, params: dict[str, Any] = WIDE, starts: dt.date = dt.date(2020, 1, 1), **how: Any) -> LegalRule:
    return services.propose_rule(
        by=by, at=clock.now(), code=CODE, params=params, starts_on=starts, source="قانون 84 لسنة 1968", **how
    )


def in_force(params: dict[str, Any] = WIDE, starts: dt.date = dt.date(2020, 1, 1), **how: Any) -> LegalRule:
    return services.enforce_rule(by=legal(), at=clock.now(), rule=proposed(legal(), params, starts, **how))


def test_a_proposal_is_no_rule_until_another_person_puts_it_in_force() -> None:
    author = legal()
    rule = proposed(author)
    assert selectors.find_rule(CODE, dt.date(2026, 1, 1)) is None
    with pytest.raises(NotAllowed):
        services.enforce_rule(by=author, at=clock.now(), rule=rule)
    services.enforce_rule(by=legal(), at=clock.now(), rule=rule)
    assert selectors.rule_on(CODE, dt.date(2026, 1, 1)).params == WIDE


def test_a_rule_may_not_be_put_in_force_by_its_author_even_past_the_service() -> None:
    author = legal()
    rule = proposed(author)
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalRule.objects.filter(pk=rule.pk).update(state="IN_FORCE", decided_by=author)


def test_a_later_rule_leaves_the_days_before_it_as_they_were() -> None:
    in_force()
    in_force(NARROW, dt.date(2024, 7, 1))
    assert selectors.rule_on(CODE, dt.date(2024, 6, 30)).params == WIDE
    assert selectors.rule_on(CODE, dt.date(2024, 7, 1)).params == NARROW


def test_a_rule_for_some_days_gives_the_days_after_it_back() -> None:
    in_force()
    in_force(NARROW, dt.date(2024, 7, 1), last_day=dt.date(2024, 12, 31))
    found = {day: selectors.rule_on(CODE, day).params for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 1))}
    assert found == {dt.date(2024, 12, 31): NARROW, dt.date(2025, 1, 1): WIDE}


def test_what_the_book_said_then_can_still_be_asked() -> None:
    in_force()
    before = clock.now()
    in_force(NARROW, dt.date(2020, 1, 1))
    day = dt.date(2022, 5, 5)
    assert selectors.rule_on(CODE, day).params == NARROW
    assert selectors.rule_on(CODE, day, known_at=before).params == WIDE


@pytest.mark.parametrize(
    "params",
    [
        None, {}, {"bands": {}}, {"bands": {"AREA": []}}, {"bands": {"SKY": [[1, "PROHIBITED"]]}},
        {"bands": {"AREA": [[20, "PROHIBITED"], [10, "RESTRICTED"]]}}, {"bands": {"AREA": [[-1, "PROHIBITED"]]}},
        {"bands": {"AREA": [[10, "FINE"]]}}, {"bands": {"AREA": [[1e9, "PROHIBITED"]]}}, {"x": 1}, [], "text",
    ],
)  # fmt: skip
def test_a_rule_that_its_formula_cannot_read_is_refused(params: Any) -> None:
    with pytest.raises(Invalid) as refused:
        proposed(legal(), params)
    assert refused.value.code == "rule_unreadable"


def test_a_rule_needs_its_source_and_a_known_code() -> None:
    with pytest.raises(Invalid) as refused:
        services.propose_rule(
            by=legal(), at=clock.now(), code=CODE, params=WIDE, starts_on=dt.date(2020, 1, 1), source=" "
        )
    assert refused.value.code == "rule_without_source"
    with pytest.raises(NotFound):
        services.propose_rule(
            by=legal(), at=clock.now(), code="fees.x", params=WIDE, starts_on=dt.date(2020, 1, 1), source="x"
        )


def test_a_decided_proposal_is_not_decided_again() -> None:
    rule = proposed(legal())
    services.refuse_rule(by=legal(), at=clock.now(), rule=rule, reason="المصدر غير صحيح")
    with pytest.raises(Conflict):
        services.enforce_rule(by=legal(), at=clock.now(), rule=rule)
    assert AuditEvent.objects.filter(action="law.rule_refused", object_id=str(rule.pk)).count() == 1


@pytest.mark.parametrize("change", ["params = '{}'", "effective_range = '[2001-01-01,)'", "state = 'REFUSED'"])
def test_a_rule_in_force_is_held_by_the_database(change: str) -> None:
    rule = in_force()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE law_legalrule SET {change} WHERE id = %s", [rule.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        rule.delete()


def test_who_is_no_lawyer_proposes_nothing() -> None:
    with pytest.raises(NotAllowed):
        proposed(make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate()))


def test_the_rule_of_the_nile_comes_with_the_program_and_is_read_in_words() -> None:
    client = APIClient()
    client.force_authenticate(legal())
    (rule,) = client.get("/api/v1/rules/?code=protection.nile&on=2026-01-01").json()
    assert rule["starts_on"] == "2021-10-17"
    assert "147" in rule["source"] or "١٤٧" in rule["source"]
    assert len(rule["words"]) == 17
    assert client.get("/api/v1/rules/?code=protection.nile&on=2021-10-16").json() == []


def test_a_rule_is_proposed_and_decided_by_programs_too() -> None:
    author, other = APIClient(), APIClient()
    author.force_authenticate(legal())
    other.force_authenticate(legal())
    body = {"code": CODE, "params": WIDE, "starts_on": "2023-01-01", "source": "قرار"}
    made = author.post("/api/v1/rules/", body, format="json")
    assert made.status_code == 201
    address = f"/api/v1/rules/{made.json()['id']}/enforce/"
    assert author.post(address, {}, format="json").status_code == 403
    assert other.post(address, {}, format="json").json()["state"] == "IN_FORCE"
    assert other.post(address, {}, format="json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_rules_that_come_with_the_program_outlive_a_test_that_commits() -> None:
    before = list(LegalRule.objects.order_by("pk").values_list("pk", "code", "effective_range"))
    empty_all_tables(None)  # type: ignore[arg-type]
    assert before
    assert list(LegalRule.objects.order_by("pk").values_list("pk", "code", "effective_range")) == before


def test_the_page_says_which_rule_applied_on_a_day_and_what_was_known_of_it_then() -> None:
    in_force(WIDE, dt.date(2020, 1, 1))
    in_force(NARROW, dt.date(2024, 7, 1))
    page = Client()
    page.force_login(legal())

    def told(**query: str) -> list[dict[str, Any]]:
        answer = page.get("/reference/rules/", query)
        assert answer.status_code == 200
        rows = {kind.code: rows for kind, rows in answer.context["kinds"]}[CODE]
        return [row["rule"].params for row in rows]

    assert told() == [NARROW, WIDE]
    assert told(on="2024-06-30") == [WIDE]
    assert told(on="2024-07-01") == [NARROW]
    assert told(on="2024-07-01", known="2024-07-01") == []  # it was put in force later: today
    assert told(on="2019-12-31") == []
