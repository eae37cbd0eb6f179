"""What was backed up comes back on another machine; what was tampered with is named and not restored (threat D8)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.scenarios.backups import CONTENT, ROOT, Machine, programs

sys.path.insert(0, str(ROOT / "script"))
from backups import verify
from backups.cluster import Cluster
from backups.folder import Folder
from backups.follow import status
from backups.restore import Unsound, restore_cluster

pytestmark = [
    pytest.mark.timeout(200),
    pytest.mark.skipif(not os.environ.get("AMLAK_PRIVATE"), reason="needs PostgreSQL's own programs"),
]


@dataclass
class Past:
    """A machine that is no more, and what is left of it: its folder of backups."""

    folder: Path
    between: str = ""  # a moment: `before` was entered, `after` was not
    written: list[str] = field(default_factory=list)  # acknowledged while the follower ran
    died: datetime = datetime.min


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory(prefix="amlak-backup-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)  # the cluster may run as another account
        yield Path(folder)


def write_on(machine: Machine, past: Past, stop: threading.Event) -> None:
    """Enter people one after the other until the server dies; remember who was acknowledged."""
    connection = machine.connect()
    with connection.cursor() as cursor:
        while not stop.is_set():
            name = f"person-{len(past.written):05d}"
            try:
                machine.add_person(cursor, name)
            except Exception:
                return
            past.written.append(name)
            time.sleep(0.01)


def until_followed(past: Past, moment: datetime) -> None:
    """Wait until the follower says that it holds everything up to a moment."""
    for _ in range(600):
        state = past.folder / "state.json"
        told = json.loads(state.read_text()) if state.exists() else {}
        if told.get("reached") and datetime.fromisoformat(told["reached"]) >= moment:
            return
        time.sleep(0.1)
    raise AssertionError(f"the follower does not follow: {told}")


def switch_log(machine: Machine) -> None:
    machine.bash('psql_admin -d amlak -c "SELECT pg_switch_wal()"')


@pytest.fixture(scope="module")
def past(place: Path) -> Past:
    """A machine is followed, backed up in full, works on, and dies by SIGKILL in the middle of it."""
    machine, past = Machine(place / "one"), Past(place / "kept")
    machine.state.mkdir(mode=0o711)
    url = os.environ["AMLAK_OWNER_DATABASE_URL"].rsplit("/", 1)[0]
    machine.fill(f"{url}/{os.environ['AMLAK_DB_TEMPLATE']}")
    follower = subprocess.Popen(
        ["script/backup", past.folder, "--follow", "--every", "0.5"], cwd=ROOT, env=machine.environment
    )
    stop = threading.Event()
    try:
        until_followed(past, datetime.now(UTC) - timedelta(seconds=5))
        assert machine.told("script/backup", past.folder)["exact"] is True
        live_on(machine, past)
        writer = threading.Thread(target=write_on, args=(machine, past, stop))
        writer.start()
        time.sleep(1)
        past.died = datetime.now(UTC)
        machine.kill()
        writer.join(20)
    finally:
        stop.set()
        follower.terminate()
        follower.wait(30)
        machine.stop()
    shutil.rmtree(machine.state)
    return past


def live_on(machine: Machine, past: Past) -> None:
    """Enter somebody before and somebody after a moment; finish some segments of the log."""
    connection = machine.connect()  # each statement commits: `with` would make one transaction of them
    with connection.cursor() as cursor:
        machine.add_person(cursor, "before")
        switch_log(machine)
        time.sleep(0.2)
        past.between = datetime.now(UTC).isoformat()
        time.sleep(0.2)
        machine.add_person(cursor, "after")
        switch_log(machine)
        machine.add_person(cursor, "later")
        switch_log(machine)
    until_followed(past, datetime.now(UTC) + timedelta(seconds=1))


def restored(past: Past, place: Path, name: str, *arguments: str) -> Machine:
    machine = Machine(place / name)
    machine.state.mkdir(mode=0o711)
    ended = machine.run("script/restore", past.folder, *arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    machine.start()
    return machine


def test_a_drill_proves_the_backup_row_by_row_and_leaves_nothing(past: Past, place: Path) -> None:
    work = place / "drill"
    work.mkdir(mode=0o711)
    report = Machine(place / "nobody").told("script/drill", past.folder, "--work", work)
    assert (report["ok"], report["exact"]) == (True, True)
    assert set(report["checks"]) >= {"sound", "rows", "documents", "amcheck", "migrations", "balances", "site"}
    assert (report["site"]["healthz"], report["site"]["search"], report["site"]["tile"]) == (200, 200, None)
    assert list(work.iterdir()) == []


def test_after_a_crash_another_machine_has_everything_of_the_minute_before(past: Past, place: Path) -> None:
    other = restored(past, place, "two")
    try:
        there = other.people()
        lost = [name for name in past.written if name not in there]
        assert len(past.written) > 20
        last = max(there.values())
        assert past.died - last <= timedelta(seconds=60)
        assert len(lost) <= 5  # in flight when the plug was pulled
        assert {"before", "after", "later"} <= set(there)
        assert [path.read_bytes() for path in other.store.glob("??/??/*")] == [CONTENT]
        again = other.run("script/restore", past.folder)
        assert (again.returncode, "nothing is restored over it" in again.stderr) == (1, True)
    finally:
        other.stop()


def test_a_point_in_time_comes_back_as_it_was(past: Past, place: Path) -> None:
    other = restored(past, place, "three", "--to", past.between)
    try:
        there = other.people()
        assert "before" in there
        assert "after" not in there
    finally:
        other.stop()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("yesterday", "--to takes a moment like"),
        ("2026-11-25T14:30:00", "--to needs the zone"),
        ("2001-01-01T00:00:00+02:00", "there is no full backup in .* from before 2001"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_in_one_line(past: Past, place: Path, to: str, why: str) -> None:
    ended = Machine(place / "nobody").run("script/drill", past.folder, "--to", to)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert re.search(why, ended.stderr)


# ---- sabotage ----------------------------------------------------------------------------------------------------------


def rewrite(path: Path, change: Callable[[bytearray], bytes | bytearray]) -> None:
    """Change a file without touching the one it shares its bytes with."""
    content = change(bytearray(path.read_bytes()))
    path.unlink()
    path.write_bytes(content)


def flip(path: Path) -> None:
    def one_bit(content: bytearray) -> bytearray:
        content[len(content) // 2] ^= 1
        return content

    rewrite(path, one_bit)


def largest(folder: Path) -> Path:
    return max((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


def base(folder: Path) -> Path:
    return max((folder / "base").iterdir())


def document(folder: Path) -> Path:
    return next((folder / "files").glob("??/??/*"))


def segment(folder: Path, index: int) -> Path:
    return sorted(path for path in (folder / "wal").iterdir() if len(path.name) == 24)[index]


def older_manifest(folder: Path) -> None:
    """A manifest of another day, sealed as it should be."""
    path = base(folder) / "manifest.json"
    told = json.loads(path.read_text()) | {"name": "20260101T000000Z"}
    path.unlink()
    path.write_text(json.dumps(told))
    (base(folder) / "manifest.sha256").unlink()
    (base(folder) / "manifest.sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest())


def swapped_label(folder: Path) -> None:
    label = base(folder) / "data" / "backup_label"
    rewrite(label, lambda content: content.replace(base(folder).name.encode(), b"20260101T000000Z"))


SABOTAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit of a table": (lambda f: flip(largest(base(f) / "data" / "base")), r"base: .*checksum mismatch"),
    "a table cut short": (lambda f: rewrite(largest(base(f) / "data" / "base"), lambda c: c[:-8192]), r"base: .*size"),
    "a file of the cluster gone": (lambda f: largest(base(f) / "data" / "base").unlink(), r"base: .*not on disk"),
    "a file of the cluster too many": (lambda f: (base(f) / "data" / "base" / "x").write_text("x"), r"base: .*/x"),
    "a bit of the list of the cluster": (lambda f: flip(base(f) / "data" / "backup_manifest"), r"base: .*sealed"),
    "the label of another backup": (swapped_label, r"base: .*backup_label"),
    "a bit of the backup's own log": (lambda f: flip(largest(base(f) / "wal")), r"wal: base/.*sealed"),
    "the backup's own log gone": (lambda f: largest(base(f) / "wal").unlink(), r"wal: base/.*is missing"),
    "a bit of the continuous log": (lambda f: flip(segment(f, -1)), r"wal: wal/[0-9A-F]{24}: .*received"),
    "a hole in the continuous log": (lambda f: segment(f, -2).unlink(), r"wal: wal/[0-9A-F]{24}: is missing"),
    "the last finished log gone": (lambda f: segment(f, -1).unlink(), r"wal: wal/[0-9A-F]{24}: is missing"),
    "a bit of a document": (lambda f: flip(document(f)), r"documents: files/.*bytes of its name"),
    "a document cut short": (lambda f: rewrite(document(f), lambda c: c[:3]), r"documents: files/.*bytes of its name"),
    "a document gone": (lambda f: document(f).unlink(), r"documents: files/.*is missing"),
    "the list of documents gone": (lambda f: (base(f) / "documents.txt").unlink(), r"documents: .*is missing"),
    "the manifest gone": (lambda f: (base(f) / "manifest.json").unlink(), r"manifest: .*manifest.json is missing"),
    "the seal gone": (lambda f: (base(f) / "manifest.sha256").unlink(), r"manifest: .*manifest.sha256 is missing"),
    "a bit of the manifest": (lambda f: flip(base(f) / "manifest.json"), r"manifest: .*(cannot be read|was sealed)"),
    "a manifest that is none": (lambda f: rewrite(base(f) / "manifest.json", lambda c: b"[]"), r"manifest: .*read"),
    "the manifest of another day": (older_manifest, r"manifest: .*another backup"),
}


@pytest.mark.parametrize("how", SABOTAGE)
def test_a_sabotaged_backup_is_named_and_not_restored(past: Past, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "kept"
    subprocess.run(["cp", "-al", past.folder, folder], check=True)
    sabotage, why = SABOTAGE[how]
    sabotage(folder)
    found = [str(fault) for fault in verify.faults(Folder(folder), base(folder).name, programs())]
    assert any(re.search(why, fault) for fault in found), found
    cluster = Cluster(tmp_path / "data", tmp_path / "run", programs())
    with pytest.raises(Unsound):
        restore_cluster(Folder(folder), base(folder).name, "latest", cluster)
    assert not cluster.data.exists()


def test_a_sound_backup_has_no_faults(past: Past) -> None:
    assert verify.faults(Folder(past.folder), base(past.folder).name, programs()) == []


def test_a_late_follower_is_told(past: Past, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.prepare()
    assert status(folder)["late"] == ["continuous", "full"]
    shutil.copytree(past.folder / "base", tmp_path / "base", dirs_exist_ok=True, copy_function=os.link)
    told = datetime.now(UTC) - timedelta(seconds=61)
    folder.state.write_text(json.dumps({"reached": told.isoformat()}))
    assert status(folder)["late"] == ["continuous"]
    folder.state.write_text(json.dumps({"reached": datetime.now(UTC).isoformat()}))
    assert status(folder)["late"] == []


def test_no_secret_lies_in_a_backup(past: Past) -> None:
    manifest = json.loads((base(past.folder) / "manifest.json").read_text())
    assert "AMLAK_ID_KEY" in manifest["kept_apart"]
    assert not [path for path in past.folder.rglob("*") if path.name == "secrets"]


def test_without_a_server_a_backup_is_refused_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    told = Machine(tmp_path / "state").run("script/backup", tmp_path / "kept")
    assert (told.returncode, len(told.stderr.strip().splitlines())) == (1, 1)
    assert not (tmp_path / "kept").exists()
