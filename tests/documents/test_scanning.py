"""Quarantine until a scanner's verdict (threats A14): closed when in doubt, nothing lost while the scanner is down.

The scanner here is a server that speaks clamd's protocol.
"""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import NotFound
from documents import policies, scanning, services
from documents.models import Document
from jobs.models import Job
from tests.authority.builders import make_user
from tests.surveys.builders import work

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 100_000


class Clamd(threading.Thread):
    """Speaks INSTREAM and VERSION as clamd does: finds EICAR, hangs up beyond its limit."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.asked = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                line, _where = self.door.accept()
            except OSError:
                return
            with line:
                self.answer(line)

    def answer(self, line: socket.socket) -> None:
        self.asked += 1
        command = read_to_nul(line)
        if command == b"zVERSION":
            line.sendall(b"ClamAV 1.4.2/27500/Wed Nov 25 2026\0")
            return
        content = b""
        while size := struct.unpack("!L", exactly(line, 4))[0]:
            content += exactly(line, size)
            if len(content) > LIMIT:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0")


def read_to_nul(line: socket.socket) -> bytes:
    told = b""
    while (one := line.recv(1)) not in (b"", b"\0"):
        told += one
    return told


def exactly(line: socket.socket, size: int) -> bytes:
    told = b""
    while len(told) < size and (piece := line.recv(size - len(told))):
        told += piece
    return told


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    server = Clamd()
    server.start()
    settings.CLAMD = server.address
    yield server
    server.door.close()


def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER)


def kept(content: bytes = b"%PDF-1.7 x", by: User | None = None, **more: Any) -> Document:
    return services.store(
        file=io.BytesIO(content), filename="x.pdf", kind="paper", by=by or officer(), at=clock.now(), **more
    )


def state(document: Document) -> str:
    document.refresh_from_db()
    return document.state


def test_a_clean_file_is_released_by_the_scanners_word(clamd: Clamd) -> None:
    document = kept()
    assert document.state == "QUARANTINED"
    with pytest.raises(NotFound):
        services.open_file(document)
    work()
    assert (state(document), document.scan_told) == ("CLEAN", "OK")
    assert document.scanner == "ClamAV 1.4.2/27500/Wed Nov 25 2026"
    assert services.open_file(document).read_bytes() == b"%PDF-1.7 x"
    assert AuditEvent.objects.get(action="documents.scan").detail["told"] == "OK"


@pytest.mark.parametrize("place", [0, 1, 65_530, 65_536, 90_000])
@pytest.mark.parametrize("start", [b"", b"%PDF-1.7 ", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"<html>", b"\xff\xd8\xff"])
def test_a_virus_is_held_wherever_it_lies(clamd: Clamd, start: bytes, place: int) -> None:
    document = kept(start + b"\0" * place + EICAR)
    work()
    assert (state(document), document.scan_told) == ("REFUSED", "Win.Test.EICAR_HDB-1 FOUND")
    for look in (services.open_file, services.open_in_sandbox):
        with pytest.raises(NotFound):
            look(document)


def test_what_is_too_large_to_scan_is_refused(clamd: Clamd) -> None:
    document = kept(b"x" * (LIMIT * 20))
    work()
    assert state(document) == "REFUSED"


def test_nothing_leaves_while_the_scanner_is_down_and_all_is_decided_when_it_is_back(settings: Any) -> None:
    settings.CLAMD = "127.0.0.1:1"
    by = officer()
    policies.register_owner(everybody)
    documents = [kept(b"%PDF-1.7 " + bytes([n]), by=by) for n in range(5)]
    work()
    client = Client()
    client.force_login(by)
    assert {client.get(f"/documents/{one.pk}/").status_code for one in documents} == {404}
    assert {state(one) for one in documents} == {"QUARANTINED"}
    assert Job.objects.filter(name=services.SCAN, state="QUEUED").count() == 5  # each is asked for again
    server = Clamd()
    server.start()
    settings.CLAMD = server.address
    for one in documents:
        services.scan(one.pk, by=by, at=clock.now())
    assert {state(one) for one in documents} == {"CLEAN"}
    for one in documents:
        answer = client.get(f"/documents/{one.pk}/")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    policies._owners.remove(everybody)
    server.door.close()


def everybody(_user: User, _document: Document) -> bool:
    return True


@pytest.mark.parametrize("answer", ["stream: OK ", "stream: OK\0", "stream: OK\n"])
def test_only_the_word_ok_is_clean(answer: str) -> None:
    assert scanning.verdict_of(answer).clean


@pytest.mark.parametrize("answer", ["x FOUND", "stream: Eicar FOUND\0", "INSTREAM size limit exceeded. ERROR"])
def test_a_virus_and_what_cannot_be_scanned_refuse(answer: str) -> None:
    assert not scanning.verdict_of(answer).clean


@pytest.mark.parametrize(
    "answer", ["stream: ok", "stream: OKAY", "UNKNOWN COMMAND", "Can't allocate memory ERROR", "COMMAND READ TIMED OUT"]
)
def test_whatever_else_the_scanner_says_decides_nothing(answer: str) -> None:
    with pytest.raises(scanning.ScannerDownError):
        scanning.verdict_of(answer)


def test_a_scanner_that_dies_under_a_large_file_decides_nothing(settings: Any) -> None:
    door = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD = f"127.0.0.1:{door.getsockname()[1]}"

    def die() -> None:
        line, _where = door.accept()
        line.recv(1000)
        line.close()

    thread = threading.Thread(target=die)
    thread.start()
    document = kept(b"x" * 5_000_000)
    assert services.scan(document.pk, by=officer(), at=clock.now()) is None
    thread.join(5)
    door.close()
    assert state(document) == "QUARANTINED"


def test_what_is_larger_than_can_be_scanned_is_refused_unsent(clamd: Clamd, settings: Any) -> None:
    settings.CLAMD_MAX_BYTES = 1000
    document = kept(b"x" * 1001)
    work()
    assert (state(document), clamd.asked) == ("REFUSED", 0)


def test_no_answer_decides_nothing() -> None:
    with pytest.raises(scanning.ScannerDownError):
        scanning.verdict_of("")


def test_what_the_house_makes_itself_is_not_held(clamd: Clamd) -> None:
    assert kept(made_here=True).state == "CLEAN"
    assert clamd.asked == 0


def test_without_a_scanner_files_are_released_and_the_record_says_unscanned() -> None:
    document = kept()
    assert (document.state, document.scanned_at) == ("UNSCANNED", None)
    assert services.open_file(document).exists()


def test_files_of_before_the_scanner_wait_for_its_verdict_once_one_is_set(settings: Any) -> None:
    policies.register_owner(everybody)
    by = officer()
    good, bad = kept(by=by), kept(EICAR, by=by)
    settings.CLAMD = "127.0.0.1:1"
    client = Client()
    client.force_login(by)
    assert {client.get(f"/documents/{one.pk}/").status_code for one in (good, bad)} == {404}
    server = Clamd()
    server.start()
    settings.CLAMD = server.address
    assert services.scan_waiting(by=by, at=clock.now()) == 2
    work()
    assert (state(good), state(bad)) == ("CLEAN", "REFUSED")
    policies._owners.remove(everybody)
    server.door.close()


def test_without_a_scanner_nothing_is_queued_for_one() -> None:
    kept()
    assert services.scan_waiting(by=officer(), at=clock.now()) == 0


def test_what_waits_without_work_is_queued_once_a_day(clamd: Clamd) -> None:
    document = kept()
    Job.objects.update(state="FAILED")
    assert services.scan_waiting(by=officer(), at=clock.now()) == 1
    job = Job.objects.get(name=services.SCAN, state="QUEUED")
    services.scan(UUID(job.payload["document"]), by=officer(), at=clock.now())
    assert state(document) == "CLEAN"


def test_the_first_verdict_stands(clamd: Clamd) -> None:
    document = kept()
    services.decide(document, scanning.Verdict(False, "x FOUND"), by=officer(), at=clock.now())
    services.decide(document, scanning.Verdict(True, "OK"), by=officer(), at=clock.now())
    assert state(document) == "REFUSED"
