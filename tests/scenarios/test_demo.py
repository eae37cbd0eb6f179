"""The first of the two commands, as a newcomer runs it: own cluster, own port, everything stopped at the end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def newcomer() -> Iterator[dict[str, str]]:
    """The environment of somebody who has set nothing, with a state folder of his own."""
    ours = re.compile(r"AMLAK_|DATABASE_URL|PG_|DJANGO_|PYTEST")
    with TemporaryDirectory(prefix="amlak-demo-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)  # the cluster may run as another account
        yield {
            **{name: value for name, value in os.environ.items() if not ours.match(name)},
            "AMLAK_STATE_DIR": folder,
            "AMLAK_VENV": sys.prefix,
        }


def run_demo(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["script/demo", *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def read_until(running: subprocess.Popen[str], last: str) -> str:
    """Return what was printed up to the line that holds `last`."""
    printed = ""
    assert running.stdout is not None
    for line in running.stdout:
        printed += line
        if last in line:
            return printed
    raise AssertionError(f"ended early:\n{printed}")


def interrupt(running: subprocess.Popen[str]) -> None:
    """Press Ctrl-C as a terminal does: the whole foreground group gets it."""
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=60)


def test_the_demo_fills_the_site_prints_the_accounts_and_stops_everything_it_started(newcomer: dict[str, str]) -> None:
    port = free_port()
    running = run_demo(newcomer, "--port", str(port), "--parcels", "200")
    try:
        printed = read_until(running, "Ctrl-C")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/") as answer:
            assert 'lang="ar"' in answer.read().decode()
    finally:
        interrupt(running)
    assert f"http://127.0.0.1:{port}" in printed
    assert "property_officer" in printed
    assert printed.count("\n") <= 40
    left = subprocess.run(["pgrep", "-f", newcomer["AMLAK_STATE_DIR"]], capture_output=True, text=True, check=False)
    assert left.stdout == ""


def test_a_busy_port_is_named_in_one_line(newcomer: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = subprocess.run(
            ["script/demo", "--port", str(port)], cwd=ROOT, env=newcomer, capture_output=True, text=True, check=False
        )
    assert told.returncode == 1
    assert told.stderr.strip() == f"amlak: port {port} is in use: choose another with --port"


@pytest.mark.parametrize("wrong", [["--nonsense"], ["/no/such/file.zip"]])
def test_wrong_arguments_are_refused_in_one_line(newcomer: dict[str, str], wrong: list[str]) -> None:
    told = subprocess.run(["script/demo", *wrong], cwd=ROOT, env=newcomer, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert len(told.stderr.strip().splitlines()) == 1
