"""The drill: a backup is restored aside and has to prove that it is one. Nothing but the report is left."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backups import server
from backups.cluster import Cluster
from backups.folder import BackupError, Folder, now
from backups.restore import OWN, Unsound, chosen, restore_cluster

ROOT = Path(__file__).resolve().parents[2]
TOLD_BY_THE_COPY = frozenset({"worker", "sandbox"})  # parts of /readyz that a drill does not have


class Drill:
    """One drill and its report: each check with its faults; a check without faults has passed."""

    def __init__(self, folder: Folder, programs: Path, account: str, *, name: str | None, to: str) -> None:
        self.folder, self.programs, self.account, self.to = folder, programs, account, to
        self.name = chosen(folder, to, name)
        self.checks: dict[str, list[str]] = {}
        self.report: dict[str, Any] = {"backup": self.name, "to": to, "at": now().isoformat(timespec="seconds")}

    def run(self, work: Path) -> dict[str, Any]:
        """Restore below `work` and check; return the report."""
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="amlak-drill-", dir=work) as place:
            Path(place).chmod(0o711)
            cluster = Cluster(Path(place) / "data", Path(place) / "run", self.programs, self.account, fsync=False)
            try:
                self._restored(cluster, Path(place))
            finally:
                cluster.remove()
        self.report |= {"checks": self.checks, "ok": bool(self.checks) and not any(self.checks.values())}
        self.report["seconds"] = round(time.monotonic() - began, 1)
        return self.report

    def _restored(self, cluster: Cluster, place: Path) -> None:
        began = time.monotonic()
        try:
            manifest = restore_cluster(self.folder, self.name, self.to, cluster)
        except Unsound as error:
            self.checks["sound"] = [str(fault) for fault in error.faults]
            return
        except BackupError as error:
            self.checks |= {"sound": [], "recovered": [str(error)]}
            return
        self.checks |= {"sound": [], "recovered": []}
        self.report["restored_seconds"] = round(time.monotonic() - began, 1)
        self._proven(cluster, manifest)
        self._works(cluster, manifest, place)

    def _proven(self, cluster: Cluster, manifest: dict[str, Any]) -> None:
        exact = self.to == OWN and manifest["exact"]
        connection = cluster.server(manifest["server"]["superuser"], manifest["database"]).connect()
        try:
            found = server.tables(connection)
            self.checks["rows"] = compared(manifest["tables"], found, exact=exact)
            self.report["rows"] = sum(table["rows"] for table in found.values())
            self.report["exact"] = exact
            self.checks["balances"] = _balances(manifest["balances"], server.balances(connection)) if exact else []
            self.checks["migrations"] = sorted(set(manifest["migrations"]) - set(server.migrations(connection)))
            missing = [sha for sha in server.documents(connection) if not self.folder.file(sha).is_file()]
            self.checks["documents"] = [f"{sha} is missing" for sha in missing]
        finally:
            connection.close()
        self.checks["amcheck"] = self._amcheck(cluster, manifest)

    def _amcheck(self, cluster: Cluster, manifest: dict[str, Any]) -> list[str]:
        where = cluster.server(manifest["server"]["superuser"], manifest["database"])
        told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            where.command("pg_amcheck", "-d", manifest["database"], "--install-missing", "--jobs=2"),
            env=where.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        return (told.stdout + told.stderr).strip().splitlines()[:50] if told.returncode else []

    def _works(self, cluster: Cluster, manifest: dict[str, Any], place: Path) -> None:
        """Start the site on the copy and ask it."""
        environment = site_environment(cluster, manifest, self.folder, place)
        with served(environment) as port:
            told = _run(environment, "-m", "backups.probe", str(port))
        self.checks["site"] = site_faults(told)
        self.report["site"] = json.loads(told.stdout.splitlines()[-1]) if told.returncode == 0 else None
        for command in ("audit_verify", "reconcile_documents"):
            if _knows(command):
                ended = _run(environment, "manage.py", command)
                self.checks[command] = [] if ended.returncode == 0 else _last(ended)


def compared(noted: dict[str, Any], found: dict[str, Any], *, exact: bool) -> list[str]:
    """Return each table that does not hold what it held; later than the manifest it may only hold more."""
    wrong = []
    for name, then in noted.items():
        now_there = found.get(name)
        if now_there is None:
            wrong.append(f"{name}: is missing")
        elif exact and now_there["rows"] != then["rows"]:
            wrong.append(f"{name}: {now_there['rows']} rows instead of {then['rows']}")
        elif exact and now_there.get("digest") != then.get("digest"):
            wrong.append(f"{name}: the same number of rows, but not the same rows")
        elif not exact and name not in server.TRANSIENT and now_there["rows"] < then["rows"]:
            wrong.append(f"{name}: {now_there['rows']} rows, fewer than {then['rows']}")
    return wrong


def _balances(noted: dict[str, str], found: dict[str, str]) -> list[str]:
    return [f"{name}: {found.get(name)} instead of {was}" for name, was in noted.items() if found.get(name) != was]


def _last(ended: subprocess.CompletedProcess[str]) -> list[str]:
    return (ended.stdout + ended.stderr).strip().splitlines()[-5:] or [f"ended with {ended.returncode}"]


def _knows(command: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{command}.py"))


def _run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=1800
    )


def site_faults(told: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what the site on the copy did not answer as it should."""
    if told.returncode:
        return _last(told)
    found = json.loads(told.stdout.splitlines()[-1])
    wrong = [f"/readyz: {part}: {why}" for part, why in found["parts"].items() if why and part not in TOLD_BY_THE_COPY]
    wrong += [f"{page} answered {found[page]}" for page in ("healthz", "search") if found[page] != 200]
    return wrong + ([f"a tile answered {found['tile']}"] if found["land"] and found["tile"] != 200 else [])


def site_environment(cluster: Cluster, manifest: dict[str, Any], folder: Folder, place: Path) -> dict[str, str]:
    """Return the settings of a site on the copy; the keys are the real ones where the environment has them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMLAK_", "DATABASE_", "PG"))}
    keys = {name: os.environ.get(name) or secrets.token_hex(32) for name in ("AMLAK_ID_KEY", "AMLAK_SECRET_KEY")}
    url = cluster.url(manifest["server"]["superuser"], manifest["database"])
    return {
        **kept,
        **keys,
        "DATABASE_URL": url,
        "AMLAK_ALLOWED_HOSTS": "127.0.0.1",
        "AMLAK_PUBLIC_URL": "http://127.0.0.1",
        "AMLAK_STATE_DIR": str(place / "state"),
        "AMLAK_DOCUMENT_STORE": str(folder.files),
        "DJANGO_SETTINGS_MODULE": "gisapp.settings",
        "PYTHONPATH": f"{ROOT / 'script'}:{ROOT}",
    }


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """Serve the site on the copy to this machine; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    Path(environment["AMLAK_STATE_DIR"], "static").mkdir(parents=True, exist_ok=True)
    asked = ["gisapp.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--timeout", "120", "--no-control-socket"]
    web = subprocess.Popen(  # noqa: S603 - our own site
        [sys.executable, "-m", "gunicorn", *asked, "--log-level", "error"], cwd=ROOT, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port, web)
        yield port
    finally:
        web.terminate()
        web.wait(30)


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if web.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise BackupError("the site did not start on the restored copy")
