"""The sandbox, through every wall that works on this machine."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from authority.refusal import Refusal
from documents.sandbox import Limits, available, run, runner
from documents.sandbox.walls import walls
from documents.shut_in import probe

DEEDS = "tests.documents.hostile.deeds"
QUICK = Limits(cpu_s=2, wall_s=4, output_bytes=1 << 20)


@pytest.fixture(params=[name for name, _wall in walls()], autouse=True)
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test inside each wall that holds here; none at all fails the first test below."""
    chosen = dict(walls())[request.param]
    if not runner._holds(request.param, chosen):
        pytest.skip(f"{request.param} does not work on this machine")
    monkeypatch.setattr(runner._Chosen, "wall", staticmethod(chosen))
    return str(request.param)


def do(deed: str, *, inputs: dict[str, Path] | None = None, limits: Limits = QUICK, **request: Any) -> dict[str, Any]:
    result = run(entry=DEEDS, inputs=inputs or {}, request={"deed": deed, **request}, limits=limits)
    result.remove()
    return result.reply


def code_of(deed: str, **request: Any) -> str:
    with pytest.raises(Refusal) as caught:
        do(deed, **request)
    return caught.value.code


@pytest.fixture
def canary() -> Iterator[tuple[int, list[Any]]]:
    """A listener on the loopback interface and the list of who called."""
    calls: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                connection.close()
                calls.append(caller)

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)


def test_a_job_reads_its_input_under_a_label_and_hands_back_files(tmp_path: Path) -> None:
    survey = tmp_path / "‮../../مسح.zip"[-7:]
    survey.write_bytes(b"123")
    survey.chmod(0o600)
    result = run(entry=DEEDS, inputs={"survey": survey}, request={"deed": "greet", "name": "أملاك"}, limits=QUICK)
    assert result.reply["hello"] == "أملاك"
    assert result.reply["label"] == "file0"
    assert (result.outdir / "rows.copy").read_bytes() == b"123"
    result.remove()
    assert not result.outdir.exists()


def test_the_child_knows_no_setting_of_the_house(tmp_path: Path) -> None:
    assert "DATABASE_URL" in os.environ
    survey = tmp_path / "a"
    survey.write_bytes(b"")
    env = do("greet", name="x", inputs={"survey": survey})["env"]
    assert not [name for name in env if name.startswith(("AMLAK", "DATABASE", "PG", "DJANGO"))]


def test_the_child_of_root_is_an_ordinary_account(wall: str, tmp_path: Path) -> None:
    survey = tmp_path / "a"
    survey.write_bytes(b"")
    uid = do("greet", name="x", inputs={"survey": survey})["uid"]
    assert (uid > 60000) == wall.endswith("_root")


def test_the_child_reaches_no_network(canary: tuple[int, list[Any]]) -> None:
    port, calls = canary
    socket.create_connection(("127.0.0.1", port)).close()
    assert do("call_home", port=port)["reached"] is False
    assert len(calls) == 1  # our own


def test_the_child_sees_no_file_of_the_house(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as other:
        paths = [str(secret), other.name, "/etc/passwd", "/etc/shadow", str(Path(settings.BASE_DIR) / "gisapp")]
        paths += [str(settings.STATE_DIR), "/var", "/root/.bashrc", "/run", "/code/documents"]
        if not sys.prefix.startswith("/home"):  # the way to Python's own files is there
            paths.append("/home")
        assert do("look_around", paths=paths)["seen"] == []


def test_the_child_writes_nothing_outside_its_own_folder(tmp_path: Path) -> None:
    survey = tmp_path / "a"
    survey.write_text("before")
    assert do("write_about", inputs={"survey": survey})["written"] == []
    assert survey.read_text() == "before"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("burn", "sandbox_timeout"),
        ("sleep", "sandbox_timeout"),
        ("crash", "sandbox_failed"),
        ("bad_name", "sandbox_failed"),
    ],
)
def test_a_deed_is_refused_with_its_code(deed: str, code: str) -> None:
    assert code_of(deed) == code


def test_a_child_cannot_hoard_memory() -> None:
    assert code_of("hoard", limits=Limits(memory_bytes=300 << 20)) == "sandbox_memory"


def test_a_child_cannot_breed_without_end(wall: str) -> None:
    if os.geteuid() == 0 and not wall.endswith("_root"):
        pytest.skip("the kernel does not count root's processes; this wall is root's second choice")
    assert do("breed", limits=Limits(processes=12, wall_s=20))["born"] < 12


def test_too_much_output_is_refused() -> None:
    assert code_of("flood", size=2 << 20) == "sandbox_output"


def test_a_file_beyond_the_scratch_space_is_refused() -> None:
    limits = Limits(scratch_bytes=8 << 20, wall_s=20)
    assert code_of("flood", size=16 << 20, limits=limits) == "sandbox_failed"


def test_loud_complaints_neither_stop_nor_fill_the_parent() -> None:
    assert do("shout", size=4 << 20)["done"] is True


def test_a_link_is_not_followed_on_the_way_out() -> None:
    result = run(entry=DEEDS, inputs={}, request={"deed": "link_out"}, limits=QUICK)
    assert [path.name for path in result.outdir.iterdir()] == ["reply.json"]
    result.remove()


@pytest.mark.slow
def test_nothing_is_left_of_a_job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code_of("burn")
    code_of("flood", size=2 << 20)
    do("nest")
    assert list(tmp_path.iterdir()) == []


def test_without_a_sandbox_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner._Chosen, "wall", None)
    monkeypatch.setattr(runner._Chosen, "tried_at", float("-inf"))
    monkeypatch.setattr(runner, "walls", list)
    assert available() == "sandbox_unavailable"
    with pytest.raises(Refusal) as caught:
        run(entry=DEEDS, inputs={}, request={"deed": "nest"})
    assert (caught.value.code, caught.value.status) == ("sandbox_unavailable", 503)


def test_a_process_that_is_not_shut_in_says_so() -> None:
    assert probe.main(request={}, inputs={}, out=Path("/")) == {"shut_in": False}
