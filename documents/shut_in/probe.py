"""The smallest entry: does a child start here, and is it shut in?"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any


def interfaces() -> set[str]:
    """Return the network interfaces in sight."""
    return {name for _index, name in socket.if_nameindex()}


def powers() -> int:
    """Return the effective capabilities as bits."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))


def secrets_in_sight() -> bool:
    """Say whether an environment variable of the house or a home folder came along."""
    ours = [name for name in os.environ if name.startswith(("AMLAK", "DATABASE", "PG", "DJANGO"))]
    return bool(ours) or Path("/etc/passwd").exists()


def main(*, request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    """Answer whether there is no network, no power and no secret here; that the packages load is part of the answer."""
    import pyproj
    import shapely

    loaded = bool(shapely.geos_version) and bool(pyproj.proj_version_str)
    return {"shut_in": loaded and interfaces() <= {"lo"} and powers() == 0 and not secrets_in_sight()}
