"""The walls: command lines that start a program with no network and almost no files.

Each wall is a function from a plan to an argv. Bubblewrap is used where it is; else `unshare`, `mount` and
`pivot_root` of util-linux, which every Debian has, build the same small root. Root hands the program to an account
that exists nowhere else, so that not even the number of its processes touches another program's.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

# Accounts nobody has (the range systemd keeps for accounts made for one run).
FIRST_UID, LAST_UID = 61184, 65519
ROOT_SCRIPT = Path(__file__).with_name("small_root.sh")
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
ALSO = ("/etc/ld.so.cache", "/etc/alternatives")


@dataclass(frozen=True)
class Plan:
    """What the program sees: places to read, where they stand inside, and how much it may write."""

    command: tuple[str, ...]
    binds: tuple[tuple[Path, str], ...]  # (outside, inside), read-only
    scratch_bytes: int
    workdir: Path  # empty folder of this run, outside


Wall = Callable[[Plan], list[str]]


def python_places() -> list[str]:
    """Return the folders this interpreter and its packages live in, beside the system's."""
    paths = sysconfig.get_paths()
    wanted = [sys.base_prefix, sys.prefix, paths["stdlib"], paths["purelib"], paths["platlib"]]
    places: list[str] = []
    for place in dict.fromkeys(wanted):
        covered = any(Path(place).is_relative_to(seen) for seen in ("/usr", *places))
        if not covered and place != "/":
            places.append(place)
    return places


def system_links() -> list[tuple[str, str]]:
    """Return (target, path) of system folders that are links into /usr."""
    return [(os.readlink(path), path) for path in SYSTEM if os.path.islink(path)]


def system_binds() -> list[str]:
    """Return the paths every program needs to start, all read-only."""
    folders = [path for path in SYSTEM if os.path.isdir(path) and not os.path.islink(path)]
    return folders + [path for path in ALSO if os.path.exists(path)] + python_places()


def parents(paths: Iterable[str]) -> list[str]:
    """Return the folders above the paths, upper ones first."""
    above = {str(folder) for path in paths for folder in Path(path).parents}
    return sorted(above - {"/"}, key=len)


def other_account() -> list[str]:
    """Return the command that makes root's program an ordinary one of an account used for this run only."""
    uid = str(FIRST_UID + secrets.randbelow(LAST_UID - FIRST_UID))
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *NO_POWERS]


NO_POWERS = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


def bubblewrap(plan: Plan, *, options: list[str], before: list[str]) -> list[str]:
    """Return the argv of bubblewrap around the plan."""
    argv = ["bwrap", *options, "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    binds = [(path, path) for path in system_binds()] + [(str(outside), inside) for outside, inside in plan.binds]
    for folder in parents(inside for _outside, inside in binds):
        argv += ["--dir", folder]  # else bubblewrap makes them for root's eyes only
    argv += ["--proc", "/proc", "--dev", "/dev"]
    argv += ["--perms", "1777", "--size", str(plan.scratch_bytes), "--tmpfs", "/tmp"]  # noqa: S108 - inside
    for outside, inside in binds:
        argv += ["--ro-bind", outside, inside]
    for target, path in system_links():
        argv += ["--symlink", target, path]
    for name, value in environment().items():
        argv += ["--setenv", name, value]
    return [*argv, "--chdir", "/tmp", "--remount-ro", "/", "--", *before, *plan.command]  # noqa: S108 - inside


def bubblewrap_as_root(plan: Plan) -> list[str]:
    """Root starts bubblewrap without a user namespace and gives its powers away."""
    spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    before = other_account()
    argv = bubblewrap(plan, options=spaces, before=before)
    at = argv.index("ALL") + 1
    kept = [word for cap in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP") for word in ("--cap-add", cap)]
    return argv[:at] + kept + argv[at:]


def bubblewrap_as_user(plan: Plan) -> list[str]:
    """An ordinary account starts bubblewrap in its own user namespace."""
    return bubblewrap(plan, options=["--unshare-all"], before=[])


def small_root(plan: Plan, *, spaces: list[str], before: list[str]) -> list[str]:
    """Return the argv that builds a small root with util-linux alone."""
    script = ["/bin/sh", "-eu", str(ROOT_SCRIPT), str(plan.workdir), str(plan.scratch_bytes)]
    for path in system_binds():
        script += ["bind", path, path]
    for target, path in system_links():
        script += ["link", target, path]
    for outside, inside in plan.binds:
        script += ["bind", str(outside), inside]
    set_env = [f"{name}={value}" for name, value in environment().items()]
    die = ["setpriv", "--pdeathsig", "KILL"]
    inner = ["env", "-i", *set_env, *before, *plan.command]
    return [*die, "unshare", *spaces, "--fork", "--kill-child", *script, "run", *inner]


SPACES = ["--mount", "--net", "--pid", "--ipc", "--uts"]


def unshare_as_root(plan: Plan) -> list[str]:
    """Root without bubblewrap."""
    return small_root(plan, spaces=SPACES, before=other_account())


def unshare_as_user(plan: Plan) -> list[str]:
    """An ordinary account without bubblewrap, where user namespaces are allowed."""
    return small_root(plan, spaces=["--map-root-user", *SPACES], before=["setpriv", *NO_POWERS])


def environment() -> dict[str, str]:
    """Return the whole environment of the program: nothing of ours."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/tmp",  # noqa: S108 - inside
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


def walls() -> list[tuple[str, Wall]]:
    """Return the walls that could work here, the best first."""
    root = os.geteuid() == 0
    found: list[tuple[str, Wall]] = []
    if shutil.which("bwrap"):
        found += [("bubblewrap_root", bubblewrap_as_root)] if root else []
        found += [("bubblewrap", bubblewrap_as_user)]
    if shutil.which("unshare") and shutil.which("setpriv"):
        found += [("unshare_root", unshare_as_root)] if root else []
        found += [("unshare", unshare_as_user)]
    return found
