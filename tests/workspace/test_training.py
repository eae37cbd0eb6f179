"""A site to practise on says so everywhere, and only such a site can be put back to its beginning."""

from __future__ import annotations

import os
import re
from typing import Any

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from authority import audit, clock
from authority import training as marks
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, Unavailable
from documents.issuing import prove
from jobs.models import Job
from jobs.schedule import key_of
from law.models import LegalRule
from law.services import enforce_rule, propose_rule
from parcels.models import Parcel
from parcels.products.papers import issue_paper
from tests.authority.builders import make_place, make_user
from tests.conftest import as_before, as_owner
from tests.parcels.builders import a_keeper, a_parcel
from workspace import training
from workspace.sample import reset as emptying

ACTION = audit.declare("tests.done", "Done")
NOTE = "لا يُعتد بأي شيء يُدخل هنا"


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be asked anew, and what it said before be known again after the test."""
    monkeypatch.setattr(marks._Asked, "said", None)


@pytest.fixture
def training_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both marks; the database's own is only pretended: its owner alone can write it."""
    settings.TRAINING = True
    monkeypatch.setattr(marks, "read_mark", lambda: True)


@pytest.fixture
def never_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(**_how: Any) -> None:
        pytest.fail("a register was emptied")

    monkeypatch.setattr(training, "empty", empty)


@pytest.mark.django_db
@pytest.mark.parametrize(("set_so", "marked"), [(False, False), (True, False), (False, True)])
def test_without_both_marks_nothing_is_reset(
    set_so: bool, marked: bool, never_emptied: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRAINING = set_so
    monkeypatch.setattr(marks, "read_mark", lambda: marked)
    with pytest.raises(Conflict) as refused:
        training.reset(asked_by="x", at=clock.now())
    assert refused.value.code == "not_training"
    with pytest.raises(Conflict):
        training.ask_reset(by=make_user(Role.ADMIN), at=clock.now(), word="training")
    with pytest.raises(CommandError, match="not_training"):
        call_command("training", "reset")


@pytest.mark.django_db
def test_accounts_that_a_network_reaches_need_a_real_password(
    training_site: None, never_emptied: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SAMPLE_MODE = False
    with pytest.raises(Conflict) as refused:
        training.reset(asked_by="x", at=clock.now())
    assert refused.value.code == "training_password"
    monkeypatch.delenv("AMLAK_OWNER_DATABASE_URL")
    with pytest.raises(Unavailable):
        training.reset(asked_by="x", at=clock.now())


@pytest.mark.django_db
def test_the_site_cannot_mark_its_own_database_and_a_used_one_is_never_marked() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        marks.mark(at=clock.now())
    audit.record(ACTION, by=make_user(), at=clock.now())
    with pytest.raises(Conflict) as refused:
        marks.mark(at=clock.now())
    assert refused.value.code == "database_not_empty"


@pytest.mark.django_db
def test_the_word_is_typed_and_only_an_administrator_asks(training_site: None, client: Client) -> None:
    admin = make_user(Role.ADMIN)
    with pytest.raises(NotAllowed):
        training.ask_reset(by=make_user(Role.AUDITOR), at=clock.now(), word="training")
    with pytest.raises(Invalid):
        training.ask_reset(by=admin, at=clock.now(), word="yes")
    client.force_login(admin)
    assert NOTE in client.get("/operations/training/").content.decode()
    assert client.post("/operations/training/", {"word": " تدريب "}).status_code == 302
    assert Job.objects.get().name == training.TASK
    assert AuditEvent.objects.filter(action=training.RESET, actor=admin).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["setting", "database"])
@pytest.mark.parametrize("path", ["/login/", "/verify/", "/account/"])
def test_one_mark_is_enough_for_every_page_to_say_so(
    by: str, path: str, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path == "/account/":
        client.force_login(make_user(Role.SURVEYOR))
    assert NOTE not in client.get(path).content.decode()
    settings.TRAINING = by == "setting"
    monkeypatch.setattr(marks, "read_mark", lambda: by == "database")
    marks.forget()
    assert NOTE in client.get(path).content.decode()


@pytest.mark.django_db
def test_a_paper_of_a_training_site_bears_its_mark_its_series_and_proves_nothing(client: Client, settings: Any) -> None:
    parcel = a_parcel()
    real = issue_paper(by=a_keeper(), at=clock.now(), parcel=parcel, product="extract")
    settings.TRAINING = True
    paper = issue_paper(by=a_keeper(), at=clock.now(), parcel=parcel, product="extract")
    assert (paper.number, paper.serial, real.training) == (f"T-{real.number}", real.serial, False)
    from documents.store import path_of

    texts = [text_of(path_of(one.document.sha256).read_bytes()) for one in (real, paper)]
    assert [mark_in(text) for text in texts] == [False, True]
    found = prove({"number": paper.number.lower(), "check": paper.check_code})
    assert found is not None
    assert found.paper == paper
    assert prove({"number": real.number, "check": paper.check_code}) is None
    settings.TRAINING = False  # served by a real site later, it still proves nothing
    page = client.get("/verify/", {"c": paper.code}).content.decode()
    assert "صدر هذا المستند من موقع تدريب" in page
    assert "rosette-discount-check" not in page


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def mark_in(text: str) -> bool:
    """Whether the mark stands there; shaping may turn the order of letters round."""
    bare = re.sub(r"[^\u0621-\u064A]", "", text)
    return "تدريب" in bare or "بيردت" in bare


@pytest.fixture
def marked_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A database that its owner has marked while it was empty."""
    name = connection.settings_dict["NAME"]
    url = re.sub(r"/[a-z0-9_]+$", f"/{name}", os.environ["AMLAK_OWNER_DATABASE_URL"])
    monkeypatch.setenv("AMLAK_OWNER_DATABASE_URL", url)
    settings.TRAINING = settings.SAMPLE_MODE = True
    before = as_owner()
    call_command("training", "mark")
    as_before(before)


def test_a_training_site_is_put_back_once_a_day(marked_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "make_surveys", lambda _on, _seed: 0)
    with transaction.atomic():
        make_user(username="left-over")
        make_place("02")
    at = clock.now()
    count = training.reset(asked_by="root", at=at, parcels=60)
    assert Parcel.objects.count() >= count >= 60
    assert not User.objects.filter(username="left-over").exists()
    assert marks.read_mark()
    assert [event.detail for event in AuditEvent.objects.filter(action=training.RESET)] == [{"asked_by": "root"}]
    assert Job.objects.filter(key=key_of(training.TASK, at), state=Job.State.DONE).exists()
    with connection.cursor() as cursor:  # the trail begins anew, chained from its first event
        cursor.execute("SELECT count(*) FROM authority_auditlink")
        assert cursor.fetchone()[0] == AuditEvent.objects.count()


def test_the_rules_that_came_with_the_program_stand_again_after_a_reset(marked_database: None) -> None:
    def standing() -> list[tuple[Any, ...]]:
        rows = LegalRule.objects.filter(state=LegalRule.State.IN_FORCE, in_book=True)
        return sorted(rows.values_list("pk", "code", "regime", "effective_range"), key=str)

    shipped = standing()
    rule = LegalRule.objects.filter(in_book=True).order_by("pk")[0]
    amended = propose_rule(
        by=make_user(Role.LEGAL_OFFICER), at=clock.now(), code=rule.code, regime=rule.regime, params=rule.params,
        starts_on=clock.today(), source="قانون جديد",
    )  # fmt: skip
    enforce_rule(by=make_user(Role.SECRETARY_GENERAL), at=clock.now(), rule=amended)
    assert standing() != shipped
    emptying.empty(only_marked=True)
    assert standing() == shipped


@pytest.mark.django_db(transaction=True)
def test_the_database_that_would_be_emptied_has_to_bear_the_mark_itself(
    monkeypatch: pytest.MonkeyPatch, training_site: None
) -> None:
    """Setting and the site's database say training, and the owner's address names a real one."""
    name = connection.settings_dict["NAME"]
    url = re.sub(r"/[a-z0-9_]+$", f"/{name}", os.environ["AMLAK_OWNER_DATABASE_URL"])
    monkeypatch.setenv("AMLAK_OWNER_DATABASE_URL", url)
    make_user(username="stays")
    with pytest.raises(Conflict) as refused:
        emptying.empty(only_marked=True)
    assert refused.value.code == "not_training"
    assert User.objects.filter(username="stays").exists()
