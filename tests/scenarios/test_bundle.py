"""A folder gathered with a network installs on a machine without one, and the site answers there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = "bookworm"
pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not os.environ.get("AMLAK_SOAK"), reason="takes minutes: AMLAK_SOAK=1 runs it"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a machine beside this one"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="debootstrap is not installed"),
]

# A machine of its own: namespaces for mounts, processes and the network, of which it has none but the loopback.
BESIDE = """
mount --rbind "$0" "$0"; cd "$0"; mount --rbind /dev dev; mount --rbind /sys sys; mount -t proc proc proc
mkdir -p .old; pivot_root . .old; umount -l /.old; exec sh -e /try.sh
"""
TRY = """
! command -v python3
sh /bundle/install.sh
python3 - <<'UP'
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
try:
    socket.create_connection(("1.1.1.1", 53), 2)
    raise SystemExit("there is a network")
except OSError:
    pass
UP
/opt/amlak/script/demo --parcels 60 --port 8123 >/demo.log 2>&1 &
python3 - <<'ASK'
import time, urllib.request
for _ in range(300):
    try:
        print("answered", urllib.request.urlopen("http://127.0.0.1:8123/login/").status)
        break
    except OSError:
        time.sleep(1)
ASK
cat /demo.log
"""


def mirror() -> str:
    """Return where this machine takes its packages from."""
    for path in (*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")):
        found = re.search(r"^(?:URIs: *|deb (?:\[[^]]*\] *)?)(\S+)", path.read_text() if path.exists() else "", re.M)
        if found:
            return found[1]
    return "http://deb.debian.org/debian"


@pytest.fixture
def machine() -> Iterator[Path]:
    """The smallest Debian, without Python."""
    with TemporaryDirectory(prefix="amlak-bundle-", dir="/var/tmp") as folder:
        base = Path(folder) / "base"
        made = ["debootstrap", "--variant=minbase", SUITE, str(base), mirror()]
        subprocess.run(made, check=True, capture_output=True)
        yield base


def test_a_bundle_installs_and_serves_where_there_is_no_network(machine: Path) -> None:
    environment = {**os.environ, "AMLAK_VENV": sys.prefix}
    subprocess.run(["script/bundle", str(machine / "bundle")], cwd=ROOT, env=environment, check=True)
    (machine / "try.sh").write_text(TRY)
    told = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "slave",
         "sh", "-ec", BESIDE, str(machine)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert "answered 200" in told.stdout
    assert "WARNING" not in told.stdout + told.stderr
