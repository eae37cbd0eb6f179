"""The audit trail."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from authority import audit, clock
from authority.models import AuditEvent
from authority.refusal import Conflict
from tests.authority.builders import make_place, make_user
from tests.conftest import owner_credentials

ACTION = audit.declare("tests.done", "Done")


@pytest.mark.django_db
def test_an_event_names_who_did_what_to_what_and_where() -> None:
    user, place = make_user(), make_place()
    at = clock.now()
    event = audit.record(ACTION, by=user, at=at, obj=place, detail={"reason": "لأن"})
    event.refresh_from_db()
    assert (event.actor, event.at, event.action) == (user, at, ACTION)
    assert (event.object_type, event.object_id, event.governorate) == ("authority.place", str(place.pk), "19")
    assert event.detail == {"reason": "لأن"}


@pytest.mark.django_db
def test_an_undeclared_action_raises() -> None:
    with pytest.raises(audit.UndeclaredActionError):
        audit.record("tests.never_declared", by=make_user(), at=clock.now())
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    user = make_user()
    with pytest.raises(audit.OutsideTransactionError):
        audit.record(ACTION, by=user, at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_event() -> None:
    user = make_user()

    def act() -> None:
        with transaction.atomic():
            audit.record(ACTION, by=user, at=clock.now())
            raise Conflict

    with pytest.raises(Conflict):
        act()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("20001010100014", "2********00014"),
        ("رقمه ٢٠٠٠١٠١٠١٠٠٠١٤ فقط", "رقمه 2********00014 فقط"),
        (20001010100014, "2********00014"),
        ({"a": ["x 30001010100014."]}, {"a": ["x 3********00014."]}),
        ("4f20001010100014aa", "4f20001010100014aa"),
        ("10001010100014", "10001010100014"),
        (41, 41),
        (True, True),
        (None, None),
    ],
)
def test_national_numbers_are_masked_wherever_they_stand(given: Any, kept: Any) -> None:
    assert audit.masked(given) == kept


@pytest.mark.django_db
def test_events_of_one_request_share_its_id() -> None:
    user = make_user()
    with audit.one_request() as number:
        first = audit.record(ACTION, by=user, at=clock.now())
        second = audit.record(ACTION, by=user, at=clock.now())
    third = audit.record(ACTION, by=user, at=clock.now())
    assert first.request_id == second.request_id == number != third.request_id


def test_an_action_is_not_declared_twice_with_different_titles() -> None:
    audit.declare("tests.done", "Done")
    with pytest.raises(ValueError, match="declared twice"):
        audit.declare("tests.done", "Something else")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE authority_auditevent SET action = 'x'",
        "DELETE FROM authority_auditevent",
        "TRUNCATE authority_auditevent CASCADE",
    ],
)
def test_even_the_owner_of_the_table_is_refused_a_change(statement: str) -> None:
    with transaction.atomic():
        audit.record(ACTION, by=make_user(), at=clock.now())
    owner = connections.create_connection("default")
    owner.settings_dict = {**connection.settings_dict, **owner_credentials()}
    try:
        with pytest.raises(DatabaseError, match="only ever added"), owner.cursor() as cursor:
            cursor.execute(statement)
    finally:
        owner.close()
    assert AuditEvent.objects.count() == 1
