"""How long `script/demo` takes to start again where everything is in place."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from benches.databases import ROOT
from benches.figure import Figure, at_most
from benches.site import free_port

OURS = re.compile(r"AMLAK_|DATABASE_URL|PG_|DJANGO_|PYTHONPATH")
LAST = "Ctrl-C"


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the second start; its peer is the first one, which makes a cluster and fills it."""
    with TemporaryDirectory(prefix="amlak-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - the cluster may run as another account
        kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        told = {**kept, "AMLAK_STATE_DIR": folder}
        told |= {name: os.environ[name] for name in ("AMLAK_VENV",) if name in os.environ}
        parcels = "200" if quick else "5000"
        first = started(told, parcels)
        second = started(told, parcels)
    peer = f"the first start: own cluster, tables, {parcels} parcels; packages were there"
    yield at_most("script/demo, second start", second, 10, "s", peer=peer, peer_value=first)


def started(environment: dict[str, str], parcels: str) -> float:
    """Return the seconds until the demo says that it runs; stop it as Ctrl-C does."""
    command = ["script/demo", "--port", str(free_port()), "--parcels", parcels]
    began = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        if not any(LAST in line for line in running.stdout or ()):
            raise SystemExit("bench: script/demo did not start")
        return time.perf_counter() - began
    finally:
        os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=60)
