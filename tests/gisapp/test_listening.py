"""The sample, with its known passwords, is never served to other computers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from gisapp.listening import ListensTooWideError, refuse_wide


def listener(address: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.bind((address, 0))
    made.listen()
    return made


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_the_sample_does_not_start_on_all_addresses(address: str) -> None:
    with listener(address), pytest.raises(ListensTooWideError, match=r"127\.0\.0\.1"):
        refuse_wide(sample=True)


def test_the_sample_starts_on_loopback() -> None:
    with listener("127.0.0.1"):
        refuse_wide(sample=True)


def test_real_data_may_be_served_anywhere() -> None:
    with listener("0.0.0.0"):
        refuse_wide(sample=False)


def test_the_web_server_itself_does_not_come_up() -> None:
    command = [sys.executable, "-m", "gunicorn", "gisapp.wsgi", "--bind", "0.0.0.0:0", "--no-control-socket"]
    env = {**os.environ, "AMLAK_SAMPLE": "1"}
    told = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode != 0
    assert "the sample serves this computer only" in told.stderr
