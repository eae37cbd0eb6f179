"""Daily heads, the bundle for a court, and the script that proves it with nothing but Python (threat C10)."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from authority import audit, clock
from authority.chain import signing
from authority.chain.services import kept_heads
from authority.chain.verifying import verify
from authority.models import AuditEvent, Place, Role, SignedHead, SigningKey, User
from authority.refusal import Conflict, NotAllowed, NotFound, Unavailable
from documents import evidence, heads, issuing
from documents.models import IssuedPaper
from jobs.tasks import AuditBroken
from tests.authority.builders import make_place, make_user

ACTION = audit.declare("tests.done", "Done")
PDF = b"%PDF-1.7 a paper"
SCRIPT = django_settings.BASE_DIR / "script" / "prove.py"
pytestmark = pytest.mark.django_db


def issued(by: User, place: Place) -> IssuedPaper:
    issuing.register(issuing.KindOfPaper("tests.paper", "paper", lambda _id: ""))
    return issuing.issue(
        kind="tests.paper", obj=place, governorate=place.governorate_code, facts=[], make=lambda _marks: PDF,
        filename="p.pdf", by=by, at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def key(settings: Any, tmp_path: Path) -> SigningKey:
    """A key made as an administrator makes it."""
    settings.HEAD_FOLDER = tmp_path / "heads"
    settings.HEAD_KEY_FILE = str(tmp_path / "key.pem")
    make_user(Role.ADMIN, username="root")
    call_command("audit_key", settings.HEAD_KEY_FILE, "--by", "root", stdout=io.StringIO())
    return SigningKey.objects.get(valid_until=None)


@dataclass
class Case:
    """A paper that was issued, the days after it signed, and its bundle."""

    paper: IssuedPaper
    auditor: User
    folder: Path
    name: str
    bundle: bytes


@pytest.fixture
def case(key: SigningKey, settings: Any, tmp_path: Path) -> Case:
    place = make_place()
    clerk, auditor = make_user(Role.PROPERTY_OFFICER, place=place), make_user(Role.AUDITOR, place=place)
    for _ in range(3):
        audit.record(ACTION, by=clerk, at=clock.now(), obj=place)
    paper = issued(clerk, place)
    audit.record(ACTION, by=clerk, at=clock.now(), obj=place)
    connection.check_constraints()
    signing.sign_head(by=auditor, at=clock.now())
    connection.check_constraints()
    name, bundle = evidence.of_paper(paper.pk, by=auditor, at=clock.now())
    (tmp_path / "paper.pdf").write_bytes(PDF)
    return Case(paper, auditor, tmp_path, name, bundle)


def prove(case: Case, said: dict[str, Any] | None = None, *more: str, paper: str = "paper.pdf") -> tuple[int, str]:
    """Run the script in a bare interpreter, without packages of anybody."""
    path = case.folder / "bundle.zip"
    content = json.loads(zipfile.ZipFile(io.BytesIO(case.bundle)).read("bundle.json")) if said is None else said
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bundle.json", json.dumps(content))
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), str(case.folder / paper), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_an_expert_proves_a_paper_with_bundle_script_key_and_head_alone(case: Case, key: SigningKey) -> None:
    heads.export(SignedHead.objects.get())
    exported = next((case.folder / "heads").glob("*.json"))
    code, told = prove(case, None, "--key", key.public_key, "--head", str(exported))
    assert (code, "Traceback" in told) == (0, False), told
    assert "PROVED: everything above" in told
    assert "ثبت كل ما سبق" in told
    assert f"the file is the paper issued under number {case.paper.number}" in told


def test_the_bundle_holds_nobody_elses_acts_and_the_script_itself(case: Case) -> None:
    archive = zipfile.ZipFile(io.BytesIO(case.bundle))
    said = json.loads(archive.read("bundle.json"))
    assert [json.loads(event["canonical"])[7] for event in said["events"]] == [issuing.ISSUED]
    assert ACTION not in archive.read("bundle.json").decode()
    assert archive.read("prove.py") == SCRIPT.read_bytes()


def first(said: dict[str, Any]) -> Any:
    return said["events"][0]


def cut(said: dict[str, Any]) -> None:
    said["segments"][0]["digests"].pop()


def other_digest(said: dict[str, Any]) -> None:
    said["segments"][0]["digests"][-1] = "00" * 32


def later(said: dict[str, Any]) -> None:
    said["heads"][0]["text"] = said["heads"][0]["text"].replace('"seq":', '"seq": ')


def signed_by_another(said: dict[str, Any]) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    stranger = Ed25519PrivateKey.generate()
    head = said["heads"][0]
    text = json.loads(head["text"]) | {"key_id": signing.key_id_of(signing.public_of(stranger))}
    head["text"] = json.dumps(text)
    head["public_key"], head["signature"] = (
        signing.public_of(stranger).hex(),
        stranger.sign(head["text"].encode()).hex(),
    )


def big_s(said: dict[str, Any]) -> None:
    """The same signature with S + L: accepted by careless verifiers."""
    signature = bytes.fromhex(said["heads"][0]["signature"])
    s = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    said["heads"][0]["signature"] = (signature[:32] + s.to_bytes(32, "little")).hex()


TAMPERED: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda s: first(s).update(canonical=first(s)["canonical"].replace("documents.issued", "documents.revoked")), "was altered"),
    (lambda s: first(s).update(canonical=first(s)["canonical"].replace('"19", 5', '"19", 4')), "was altered"),
    (lambda s: first(s).update(detail=first(s)["detail"].replace("000001", "000002")), "detail of record"),
    (lambda s: first(s).update(salt="00000000-0000-0000-0000-000000000000"), "detail of record"),
    (lambda s: s["segments"][0].update(prev_hash="11" * 32), "does not lead to the head"),
    (lambda s: s["segments"][0].update(first_seq=1), "does not lead to the head"),
    (lambda s: s["segments"].clear(), "was altered"),
    (lambda s: s["events"].clear(), "holds no records"),
    (lambda s: s["heads"].clear(), "incomplete or damaged"),
    (lambda s: s.pop("segments"), "incomplete or damaged"),
    (cut, "does not lead to the head"),
    (other_digest, "does not lead to the head"),
    (later, "signature of the head"),
    (big_s, "signature of the head"),
    (signed_by_another, "signed by another key"),
]  # fmt: skip


def test_a_tampered_bundle_is_not_proved_and_the_first_fault_is_told(case: Case, key: SigningKey) -> None:
    right = json.loads(zipfile.ZipFile(io.BytesIO(case.bundle)).read("bundle.json"))
    wrong = []
    for number, (tamper, told) in enumerate(TAMPERED):
        said = copy.deepcopy(right)
        tamper(said)
        assert said != right, number
        code, answer = prove(case, said, "--key", key.public_key)
        if code != 1 or "Traceback" in answer or told not in answer or "لم يثبت" not in answer:
            wrong.append((number, answer))
    assert wrong == []


def test_another_file_is_not_the_paper_and_what_is_no_bundle_is_told(case: Case) -> None:
    (case.folder / "other.pdf").write_bytes(PDF + b" ")
    assert "not the paper" in prove(case, paper="other.pdf")[1]
    assert prove(case, paper="bundle.zip")[0] == 1
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(case.folder / "paper.pdf")],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, "cannot be read" in done.stdout) == (1, True)


def test_a_head_kept_elsewhere_that_says_otherwise_is_told(case: Case) -> None:
    kept = case.folder / "kept.json"
    kept.write_text('{"text": "{}"}')
    assert "none of the bundle's" in prove(case, None, "--head", str(kept))[1]


def test_who_oversees_the_governorate_takes_evidence_nobody_else(case: Case) -> None:
    other = make_user(Role.AUDITOR, place=make_place("02"))
    with pytest.raises(NotFound):
        evidence.of_paper(case.paper.pk, by=other, at=clock.now())
    with pytest.raises(NotAllowed):
        evidence.of_paper(case.paper.pk, by=make_user(Role.PROPERTY_OFFICER, place=make_place()), at=clock.now())
    with pytest.raises(NotFound):
        evidence.of_record("authority.place", case.paper.object_id, by=other, at=clock.now())
    assert AuditEvent.objects.filter(action=evidence.GIVEN).count() == 1


def test_evidence_of_a_revoked_paper_says_that_it_was_revoked(case: Case) -> None:
    issuing.revoke(paper=case.paper, by=case.auditor, at=clock.now(), reason="خطأ في المساحة")
    connection.check_constraints()
    signing.sign_head(by=case.auditor, at=clock.now() + dt.timedelta(days=1))
    connection.check_constraints()
    _name, case.bundle = evidence.of_paper(case.paper.pk, by=case.auditor, at=clock.now())
    code, told = prove(case)
    assert (code, "the paper was revoked after it was issued" in told) == (0, True), told


def test_evidence_of_a_record_holds_all_that_was_done_to_it(case: Case) -> None:
    _name, bundle = evidence.of_record("authority.place", case.paper.object_id, by=case.auditor, at=clock.now())
    case.bundle = bundle
    code, told = prove(case)
    assert (code, told.count("tests.done")) == (0, 8), told  # four events, each in two languages


def test_what_was_done_after_the_last_head_waits_for_the_next(case: Case) -> None:
    audit.record(ACTION, by=case.auditor, at=clock.now(), obj=make_place())
    connection.check_constraints()
    with pytest.raises(Conflict) as refused:
        evidence.of_record("authority.place", case.paper.object_id, by=case.auditor, at=clock.now())
    assert refused.value.code == "head_not_yet"


def test_a_day_has_one_head_and_a_day_without_is_told(case: Case) -> None:
    at = clock.now()
    again = signing.sign_head(by=case.auditor, at=at)
    assert SignedHead.objects.get() == again
    after = signing.sign_head(by=case.auditor, at=at + dt.timedelta(days=3))
    connection.check_constraints()
    assert json.loads(after.text)["previous"]
    assert signing.missing_days(today=after.day) == [again.day + dt.timedelta(days=n) for n in (1, 2)]
    assert verify(heads=kept_heads()).faults == ()


def test_the_head_is_written_as_file_and_as_sheet(case: Case) -> None:
    heads.export(SignedHead.objects.get())
    written = sorted(path.suffix for path in (case.folder / "heads").iterdir())
    assert written == [".json", ".pdf"]


def test_a_new_key_takes_over_and_the_former_signs_no_more(key: SigningKey, tmp_path: Path) -> None:
    call_command("audit_key", str(tmp_path / "next.pem"), "--by", "root", stdout=io.StringIO())
    key.refresh_from_db()
    assert key.valid_until is not None
    with pytest.raises(Unavailable) as refused:
        heads.sign_and_export(by=make_user(), at=clock.now())
    assert refused.value.code == "head_key_unknown"
    assert (tmp_path / "next.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_overwritten_and_without_one_nothing_is_signed(key: SigningKey, settings: Any) -> None:
    with pytest.raises(Conflict):
        signing.make_key(path=Path(settings.HEAD_KEY_FILE), by=make_user(), at=clock.now())
    settings.HEAD_KEY_FILE = settings.HEAD_KEY_FILE + "x"
    with pytest.raises(Unavailable):
        signing.private_key()


def test_the_keys_and_the_script_are_public(client: Client, key: SigningKey) -> None:
    assert key.key_id in client.get("/verify/key/").content.decode()
    assert client.get("/verify/prove.py").content == SCRIPT.read_bytes()


def test_a_broken_chain_fails_the_nightly_check(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from authority.chain.verifying import Checked, Fault
    from authority.models import AuditCheck
    from jobs.services import queue

    monkeypatch.setattr(
        "authority.chain.services.verify", lambda **_how: Checked(1, 0.1, (Fault("19", 2, 7, "altered"),))
    )
    job = queue("audit.check", by=case.auditor, at=clock.now())
    from jobs import carrier, registry
    from jobs.attempts import Attempt

    claim = carrier.Claim(job.pk, 0, job.name, {}, job.pk)
    with pytest.raises(AuditBroken):
        registry.get("audit.check").run(Attempt(claim))
    assert AuditCheck.objects.get().faults == [{"chain": "19", "seq": 2, "event_id": 7, "what": "altered"}]
