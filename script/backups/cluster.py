"""A PostgreSQL cluster of our own, made from a backup: its files, its start, its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from backups.folder import BackupError
from backups.server import Server

CONF = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
hot_standby = off
max_connections = 200
max_wal_senders = 0
max_prepared_transactions = 0
shared_buffers = 256MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
jit = off
archive_mode = off
fsync = {fsync}
hba_file = '{hba}'
ident_file = '{ident}'
restore_command = 'false'
recovery_target_action = 'promote'
{target}
"""


@dataclass
class Cluster:
    """Files of a cluster, reachable only by the account it runs as (and root) through a socket in a closed folder."""

    data: Path
    conf: Path
    programs: Path
    account: str = ""  # the account to run as where we are root
    fsync: bool = True
    running: bool = field(default=False, init=False)

    def as_account(self, *command: str) -> list[str]:
        """Return a command as the account of the cluster."""
        return ["setpriv", f"--reuid={self.account}", "--init-groups", "--", *command] if self.account else [*command]

    def own(self, *paths: Path) -> None:
        """Give files to the account of the cluster."""
        if self.account:
            group = subprocess.run(  # noqa: S603
                ["id", "-gn", self.account],  # noqa: S607 - the system's own
                capture_output=True, text=True, check=True,
            ).stdout.strip()  # fmt: skip
            subprocess.run(["chown", "-R", f"{self.account}:{group}", *map(str, paths)], check=True)  # noqa: S603, S607

    def configure(self, target: str) -> None:
        """Write the settings with which it recovers: up to a target, then open for writing."""
        self.conf.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.conf / "pg_hba.conf").write_text("local all all trust\n")
        (self.conf / "pg_ident.conf").write_text("")
        told = {"hba": self.conf / "pg_hba.conf", "ident": self.conf / "pg_ident.conf", "sockets": self.conf}
        text = CONF.format(**told, fsync="on" if self.fsync else "off", target=target)
        (self.conf / "postgresql.conf").write_text(text)
        # what the old server set by ALTER SYSTEM is not for this one
        (self.data / "postgresql.auto.conf").unlink(missing_ok=True)
        (self.data / "postgresql.auto.conf").touch(mode=0o600)
        (self.data / "recovery.signal").touch()
        self.own(self.conf, self.data)

    def start(self, seconds: int = 900) -> None:
        """Start and recover; raises BackupError with what PostgreSQL said."""
        log = self.conf / "server.log"
        asked = ["-D", str(self.data), "-w", "-t", str(seconds), "-l", str(log)]
        asked += ["-o", f"-c config_file={self.conf / 'postgresql.conf'}", "start"]
        told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            self.as_account(str(self.programs / "pg_ctl"), *asked), cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        self.running = True
        if told.returncode or not self._opened(seconds):
            lines = log.read_text(errors="replace").splitlines() if log.exists() else []
            fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
            self.stop()
            raise BackupError(f"PostgreSQL did not recover: {(fatal or lines or ['no word'])[-1]}")

    def _opened(self, seconds: int) -> bool:
        """Wait until recovery has ended and people may come in; say whether they may."""
        end = time.monotonic() + seconds
        ready = [str(self.programs / "pg_isready"), "-q", "-h", str(self.conf)]
        alive = self.as_account(str(self.programs / "pg_ctl"), "-D", str(self.data), "status")
        while time.monotonic() < end:
            if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603 - PostgreSQL's own program
                return True
            if subprocess.run(alive, cwd="/", capture_output=True, check=False).returncode:  # noqa: S603 - the same
                return False
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.running:
            asked = ["-D", str(self.data), "-w", "-m", "fast", "stop"]
            subprocess.run(  # noqa: S603 - PostgreSQL's own program
                self.as_account(str(self.programs / "pg_ctl"), *asked), cwd="/", capture_output=True, check=False
            )
            self.running = False

    def server(self, user: str, database: str) -> Server:
        """Return how to reach it."""
        return Server(str(self.conf), "5432", user, "", database, self.programs)

    def url(self, user: str, database: str) -> str:
        """Return how the site reaches it."""
        return f"postgis://{user}@{str(self.conf).replace('/', '%2F')}/{database}"

    def remove(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.conf, ignore_errors=True)
