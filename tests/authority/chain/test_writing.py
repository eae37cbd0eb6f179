"""Chains are written by the database at commit: without forks, without waiting for each other in circles."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from authority import audit, clock
from authority.chain.verifying import verify
from authority.models import AuditEvent, AuditLink, User
from tests.authority.builders import make_place, make_user

ACTION = audit.declare("tests.done", "Done")
WRITERS, EACH = (16, 1_000) if "AMLAK_SOAK" in os.environ else (8, 100)


def together(work: Callable[[int], None]) -> list[BaseException]:
    """Do the work in all writers at once; return what went wrong."""
    wrong: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_no_fork_and_no_deadlock() -> None:
    """Half of them write to both chains, in both orders; each holds the person's row that others refer to."""
    user, ours, other = make_user(), make_place(), make_place("02")

    def write(number: int) -> None:
        for turn in range(EACH):
            with transaction.atomic():
                places = [ours, other] if number % 4 == 0 else [other, ours] if number % 4 == 1 else [ours]
                if turn % 10 == 0:
                    User.objects.select_for_update().get(pk=user.pk)
                for place in places:
                    audit.record(ACTION, by=user, at=clock.now(), obj=place)

    assert together(write) == []
    made = WRITERS * EACH
    assert list(AuditLink.objects.filter(chain="19").order_by("seq").values_list("seq", flat=True)) == [
        *range(1, made + 1)
    ]
    found = verify()
    assert (found.faults, found.rows, AuditEvent.objects.count()) == ((), made * 3 // 2, made * 3 // 2)


@pytest.mark.django_db
def test_what_was_undone_leaves_no_number_out() -> None:
    user, place = make_user(), make_place()
    audit.record(ACTION, by=user, at=clock.now(), obj=place)
    point = transaction.savepoint()
    audit.record(ACTION, by=user, at=clock.now(), obj=place)
    transaction.savepoint_rollback(point)
    audit.record(ACTION, by=user, at=clock.now(), obj=place)
    connection.check_constraints()
    assert list(AuditLink.objects.filter(chain="19").order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert verify().faults == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO authority_auditlink SELECT * FROM authority_auditlink",
        "UPDATE authority_auditlink SET seq = 1",
        "DELETE FROM authority_auditlink",
        "INSERT INTO authority_auditpending VALUES (1, '19')",
        "DELETE FROM authority_auditpending",
        "SELECT authority_link_all('19', '{1}')",
        "INSERT INTO authority_auditredaction DEFAULT VALUES",
        "DELETE FROM authority_signedhead",
        "UPDATE authority_auditcheck SET rows = 0",
    ],
)
def test_the_site_itself_may_not_touch_the_chain(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_command_counts_the_rows_and_names_what_is_cut(tmp_path: Path, capsys: Any) -> None:
    audit.record(ACTION, by=make_user(), at=clock.now(), obj=make_place())
    connection.check_constraints()
    call_command("audit_verify", "--json")
    assert '"faults": []' in capsys.readouterr().out
    kept = tmp_path / "head.json"
    kept.write_text('{"text": "{\\"chains\\": [{\\"chain\\": \\"19\\", \\"seq\\": 9, \\"hash\\": \\"00\\"}]}"}')
    with pytest.raises(CommandError):
        call_command("audit_verify", "--chain", "19", "--head", str(kept))
    assert "chain 19 seq 2 event None: cut" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_is_no_head_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}")
    with pytest.raises(CommandError, match="bad_head"):
        call_command("audit_verify", "--head", str(tmp_path / "x"))
