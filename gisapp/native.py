"""Where the C libraries of GeoDjango are: the libgdal inside the pyogrio wheel and the libgeos inside shapely's.

Debian 12's GDAL 3.6.2 still fetches a URL given as a coordinate system (CVE-2026-114582), so it is refused;
the wheels carry a newer one. Under conda the libraries are the environment's own.
"""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

GDAL_FLOOR = (3, 9)
DJANGO_FLOOR = (5, 2, 19)


class UnsafeComponentError(RuntimeError):
    """A component is older than the release that closed its known holes."""


def bundled(pattern: str) -> str | None:
    """Return the path of the one library in site-packages that matches, or None."""
    found = sorted(Path(sysconfig.get_paths()["purelib"]).glob(pattern))
    return str(found[0]) if found else None


def conda(name: str) -> str | None:
    """Return the path of a library of the active conda environment, or None."""
    path = Path(os.environ.get("CONDA_PREFIX", "/nonexistent")) / "lib" / name
    return str(path) if path.exists() else None


def library_paths() -> tuple[str | None, str | None]:
    """Return (libgdal, libgeos_c): from the environment, the wheels or conda, else None (found by name)."""
    gdal = os.environ.get("GDAL_LIBRARY_PATH") or bundled("pyogrio.libs/libgdal*") or conda("libgdal.so")
    geos = os.environ.get("GEOS_LIBRARY_PATH") or bundled("shapely.libs/libgeos_c*") or conda("libgeos_c.so")
    return gdal, geos


def refuse_unsafe(*, django: tuple[int, ...], gdal: tuple[int, ...]) -> None:
    """Raise UnsafeComponentError when Django or GDAL is below its floor."""
    if django[:3] < DJANGO_FLOOR:
        raise UnsafeComponentError(
            f"Django {'.'.join(map(str, django[:3]))} is too old: 5.2.19 or newer is needed (security fixes)."
        )
    if gdal[:2] < GDAL_FLOOR:
        raise UnsafeComponentError(
            f"GDAL {'.'.join(map(str, gdal[:3]))} is too old: 3.9 or newer is needed. "
            "Leave GDAL_LIBRARY_PATH unset to use the one inside the pyogrio wheel."
        )
