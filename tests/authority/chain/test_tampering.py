"""Whatever an owner of the tables does to the trail behind its back is found, with the right row (threat C10)."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from authority import audit, clock
from authority.chain import verifying
from authority.chain.form import FIELDS
from authority.chain.services import redact
from authority.chain.verifying import ALTERED, CUT, INSERTED, MISSING, ORDER, REWRITTEN, Head, verify
from authority.models import AuditEvent, AuditLink, Role
from tests.authority.builders import make_place, make_user
from tests.conftest import as_before, as_owner

ACTION = audit.declare("tests.done", "Done")
EVENTS, LINKS = "authority_auditevent", "authority_auditlink"
N = 12  # links of the chain that is tampered with
AT = 6  # the one that is hit
SOAK = "AMLAK_SOAK" in os.environ  # the full counts of script/soak
HIT = range(1, N + 1) if SOAK else (AT,)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def record(place: Any, user: Any, number: int) -> None:
    detail = {"n": number, "share": 1.50, "name": "محمد", "deep": {"b": [1, None, True], "a": "x"}}
    audit.record(ACTION, by=user, at=clock.now(), obj=place, detail=detail)


@pytest.fixture(scope="module")
def trail(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Two chains, made as the site makes them, then in the hands of their owner with all guards off."""
    with django_db_blocker.unblock():
        before = as_owner()
        try:
            with transaction.atomic():
                users = [make_user(), make_user()]
                for number in range(N):
                    record(make_place(), users[0], number)
                    record(make_place("02"), users[0], number)
                connection.check_constraints()
                run(*(f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_append_only" for table in (EVENTS, LINKS)))
                ids = list(AuditLink.objects.filter(chain="19").order_by("seq").values_list("event_id", flat=True))
                yield {"ids": ids, "other": users[1].pk}
                transaction.set_rollback(True)
        finally:
            as_before(before)


def filled(statement: str, trail: dict[str, Any]) -> str:
    """Put the events' ids where a statement says <e6>."""
    for n in range(1, N + 1):
        statement = statement.replace(f"<e{n}>", str(trail["ids"][n - 1]))
    return statement.replace("<other>", str(trail["other"]))


@pytest.fixture
def tampered(trail: dict[str, Any], django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """Run statements on the trail and check it; undone after the test."""

    def check(*statements: str, **how: Any) -> list[tuple[str, int | None, int | None, str]]:
        run(*(filled(statement, trail) for statement in statements))
        return [(f.chain, f.seq, f.event_id, f.what) for f in verify(**how).faults]

    with django_db_blocker.unblock():
        point = transaction.savepoint()
        yield check
        transaction.savepoint_rollback(point)


EVENT = f"UPDATE {EVENTS} SET * WHERE id = <e6>"
LINK = f"UPDATE {LINKS} SET * WHERE event_id = <e6>"
EDITS = [
    *(EVENT.replace("*", change) for change in (
        "at = at + interval '1 microsecond'", "at = 'infinity'", "recorded_at = recorded_at - interval '1 day'",
        "actor_id = <other>", "action = 'tests.other'", "action = 'tests.done '", "object_type = ''",
        "object_id = object_id || '0'", "request_id = gen_random_uuid()", "detail = '{}'",
        """detail = detail || '{"n": 99}'""", "detail = detail - 'n'", """detail = detail || '{"share": 1.500}'""",
        """detail = jsonb_set(detail, '{deep,b,0}', '"1"')""", """detail = detail || '{"name": "محمود"}'""",
        """detail = '{"redacted": true}'""",
    )),
    *(LINK.replace("*", change) for change in (
        "salt = gen_random_uuid()", "salt = NULL", "detail_digest = sha256('x')", "digest = sha256('x')", "form = 2",
        "hash = sha256('x')",
    )),
    f"UPDATE {LINKS} SET salt = NULL WHERE event_id = <e6>; UPDATE {EVENTS} SET detail = '{{\"redacted\": true}}' WHERE id = <e6>",
]  # fmt: skip


@pytest.mark.parametrize("hit", HIT)
@pytest.mark.parametrize("statement", EDITS)
def test_an_altered_field_is_named_with_its_row(statement: str, hit: int, tampered: Any, trail: Any) -> None:
    assert tampered(statement.replace("<e6>", f"<e{hit}>")) == [("19", hit, trail["ids"][hit - 1], ALTERED)]


OTHERS: dict[str, tuple[str, int | None, str, str]] = {
    f"DELETE FROM {EVENTS} WHERE id = <e6>": ("e6", 6, MISSING, "an event deleted"),
    f"DELETE FROM {EVENTS} WHERE id = <e1>": ("e1", 1, MISSING, "the first event deleted"),
    f"DELETE FROM {EVENTS} WHERE id = <e12>": ("e12", 12, MISSING, "the last event deleted"),
    f"DELETE FROM {EVENTS} WHERE id = <e6>; DELETE FROM {LINKS} WHERE event_id = <e6>": ("", 6, MISSING, "both"),
    f"DELETE FROM {LINKS} WHERE event_id = <e6>": ("", 6, MISSING, "a link deleted"),
    f"DELETE FROM {LINKS} WHERE event_id = <e1>": ("", 1, MISSING, "the first link deleted"),
    f"DELETE FROM {LINKS} WHERE event_id = <e12>": ("e12", None, INSERTED, "the last link deleted"),
    f"DELETE FROM {EVENTS} WHERE id = <e6>; DELETE FROM {LINKS} WHERE event_id = <e6>;"
    f"UPDATE {LINKS} SET seq = seq - 1 WHERE chain = '19' AND seq = 7": ("e7", 6, ORDER, "the gap closed"),
    f"UPDATE {LINKS} SET prev_hash = sha256('x') WHERE event_id = <e6>": ("e6", 6, ORDER, "another before"),
    f"UPDATE {LINKS} SET seq = -1 WHERE event_id = <e6>; UPDATE {LINKS} SET seq = 6 WHERE event_id = <e7>;"
    f"UPDATE {LINKS} SET seq = 7 WHERE event_id = <e6>": ("e7", 6, ORDER, "two links swapped"),
    f"UPDATE {EVENTS} SET id = -1 WHERE id = <e6>; UPDATE {EVENTS} SET id = <e6> WHERE id = <e7>;"
    f"UPDATE {EVENTS} SET id = <e7> WHERE id = -1": ("e6", 6, ALTERED, "two events swapped"),
    f"INSERT INTO {EVENTS} (id, at, recorded_at, actor_id, action, object_type, object_id, governorate, detail, request_id)"
    f" SELECT 999999, at, recorded_at, actor_id, action, object_type, object_id, governorate, detail, request_id"
    f" FROM {EVENTS} WHERE id = <e6>": ("999999", None, INSERTED, "an event put in"),
    f"INSERT INTO {EVENTS} (id, at, recorded_at, actor_id, action, object_type, object_id, governorate, detail, request_id)"
    f" SELECT 999999, at, recorded_at, actor_id, action, object_type, object_id, governorate, detail, request_id"
    f" FROM {EVENTS} WHERE id = <e6>; INSERT INTO {LINKS} SELECT 999999, chain, 13, form, salt, detail_digest, digest,"
    f" sha256('y'), hash FROM {LINKS} WHERE event_id = <e6>": ("999999", 13, ORDER, "an event with a link put in"),
    f"UPDATE {LINKS} SET seq = 12345 WHERE event_id = <e12>": ("", 12, MISSING, "a number skipped"),
}  # fmt: skip


@pytest.mark.parametrize("statement", OTHERS, ids=[told[3] for told in OTHERS.values()])
def test_what_is_taken_put_in_or_moved_is_named_with_its_row(statement: str, tampered: Any, trail: Any) -> None:
    event, seq, what, _said = OTHERS[statement]
    number = trail["ids"][int(event[1:]) - 1] if event.startswith("e") else int(event) if event else None
    assert tampered(statement) == [("19", seq, number, what)]


MOVED = f"UPDATE {EVENTS} SET governorate = '' WHERE id = <e6>"


def test_an_event_moved_to_another_governorate_is_altered_where_it_was(tampered: Any, trail: Any) -> None:
    assert tampered(MOVED) == [("19", AT, trail["ids"][AT - 1], ALTERED)]


def head() -> Head:
    """The chain's head as it was signed before anything was done to it."""
    link = AuditLink.objects.get(chain="19", seq=N)
    return Head("19", N, bytes(link.hash))


CUTS = [3, 11]


@pytest.mark.parametrize("left", CUTS)
def test_a_cut_tail_or_an_old_backup_shows_against_a_signed_head(left: int, tampered: Any) -> None:
    cut = (
        f"DELETE FROM {EVENTS} WHERE id IN (SELECT event_id FROM {LINKS} WHERE chain = '19' AND seq > {left})",
        f"DELETE FROM {LINKS} WHERE chain = '19' AND seq > {left}",
    )
    heads = [head()]
    assert tampered(*cut) == []  # the rows alone cannot tell
    assert tampered(heads=heads) == [("19", left + 1, None, CUT)]


def test_a_whole_chain_taken_away_shows_against_a_signed_head(tampered: Any) -> None:
    heads = [head()]
    gone = (f"DELETE FROM {EVENTS} WHERE governorate = '19'", f"DELETE FROM {LINKS} WHERE chain = '19'")
    assert tampered(*gone, heads=heads) == [("19", 1, None, CUT)]


def test_a_chain_computed_anew_shows_against_a_signed_head(tampered: Any, trail: Any) -> None:
    heads = [head()]
    anew = (
        EVENT.replace("*", "action = 'tests.other'"),
        f"DELETE FROM {LINKS} WHERE chain = '19'",
        "SELECT authority_link_all('19', array_agg(id)) FROM authority_auditevent WHERE governorate = '19'",
    )
    assert tampered(*anew) == []
    assert tampered(heads=heads) == [("19", N, trail["ids"][N - 1], REWRITTEN)]


def test_what_was_not_touched_holds_whole_and_from_any_link_on(tampered: Any) -> None:
    assert tampered(heads=[head()]) == []
    assert [tampered(start=start) for start in (1, 2, N, N + 1)] == [[]] * 4
    assert verify(chains=["19"]).rows == N


def test_the_check_goes_on_from_step_to_step(tampered: Any, trail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "STEP", 4)
    assert tampered() == []
    assert tampered(f"UPDATE {EVENTS} SET action = 'x' WHERE id = <e9>") == [("19", 9, trail["ids"][8], ALTERED)]


def test_a_gap_as_wide_as_a_step_is_found(tampered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "STEP", 2)
    assert tampered(f"DELETE FROM {LINKS} WHERE chain = '19' AND seq BETWEEN 5 AND 8") == [("19", 5, None, MISSING)]


@pytest.mark.parametrize("_turn", range(100 if SOAK else 1))
def test_rows_that_were_written_out_and_read_in_again_hold(_turn: int, tampered: Any) -> None:
    """As a dump writes them and a restore reads them, in another zone and another style of dates."""
    run("SET LOCAL timezone = 'Asia/Tokyo'", "SET LOCAL extra_float_digits = 1", "SET LOCAL bytea_output = 'escape'")
    kept = {}
    with connection.cursor() as cursor:
        for table in (EVENTS, LINKS):
            kept[table] = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", kept[table])
            cursor.execute(f"DELETE FROM {table}")
        for table in (EVENTS, LINKS):
            kept[table].seek(0)
            cursor.copy_expert(f"COPY {table} FROM STDIN", kept[table])
    run("SET LOCAL timezone = 'UTC'")
    assert tampered(heads=[head()]) == []
    assert verify(chains=["19"]).rows == N


def test_rows_from_before_the_chain_are_chained_from_the_first_while_others_write(
    tampered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches what stands long, then the rest with writers held; a run that was broken off goes on."""
    migration = importlib.import_module("authority.migrations.0021_chain")
    monkeypatch.setattr(migration, "BATCH", 5)
    editor = SimpleNamespace(connection=connection)
    migration.unchain(None, editor)
    middle = AuditEvent.objects.order_by("pk")[N].pk
    run(
        f"DELETE FROM {LINKS}",
        f"UPDATE {EVENTS} SET recorded_at = recorded_at - interval '2 hours' WHERE id <= {middle}",
    )
    with connection.cursor() as cursor:
        migration.chain_batch(cursor, 0)  # and here the first run was broken off
    migration.chain_what_stands(None, editor)
    assert tampered() == []
    assert [verify(chains=[chain]).rows for chain in ("02", "19")] == [N, N]
    record(make_place(), make_user(), N)
    connection.check_constraints()
    assert verify(chains=["19"]).rows == N + 1


def redacted(trail: Any) -> None:
    redact(
        event_id=trail["ids"][AT - 1], by=make_user(Role.ADMIN), approved_by=make_user(Role.AUDITOR),
        at=clock.now() + dt.timedelta(seconds=1), reason="حكم محكمة",
    )  # fmt: skip
    connection.check_constraints()


def test_a_recorded_redaction_holds_and_leaves_neither_detail_nor_salt(tampered: Any, trail: Any) -> None:
    redacted(trail)
    assert tampered() == []
    event = AuditEvent.objects.select_related("link").get(pk=trail["ids"][AT - 1])
    assert (event.detail, event.link.salt) == ({"redacted": True}, None)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM authority_auditredaction",
        EVENT.replace("*", "detail = '{}'"),
        EVENT.replace("*", "action = 'x'"),
        LINK.replace("*", "detail_digest = sha256('x')"),
    ],
)
def test_a_redaction_is_no_cover_for_anything_else(statement: str, tampered: Any, trail: Any) -> None:
    redacted(trail)
    run("ALTER TABLE authority_auditredaction DISABLE TRIGGER USER")
    assert tampered(statement) == [("19", AT, trail["ids"][AT - 1], ALTERED)]


def test_every_column_of_an_event_is_in_the_form() -> None:
    """A column that is added later has to find its place in a new form."""
    columns = {field.name for field in AuditEvent._meta.concrete_fields}
    in_form = set(FIELDS) - {"form", "seq"} | {"governorate", "request_id", "detail"}
    assert columns == in_form - {"chain", "request", "detail_digest"}
