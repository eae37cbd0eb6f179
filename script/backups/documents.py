"""Copying documents by their hash: each is copied once, and read again while it is copied."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from backups.folder import CHUNK, HASH, BackupError


def copied(source: Path, target: Path) -> bool:
    """Copy a file that is named by its hash, unless it is there; say whether it was copied. Wrong bytes are refused."""
    try:
        if target.stat().st_size == source.stat().st_size:
            return False
    except FileNotFoundError:
        pass
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    digest = hashlib.sha256()
    with source.open("rb") as read, beside.open("wb") as written:
        while piece := read.read(CHUNK):
            digest.update(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != source.name:
        beside.unlink()
        raise BackupError(f"document {source} does not hold the bytes of its name")
    beside.chmod(0o440)
    beside.replace(target)
    return True


def stored(store: Path) -> Iterable[Path]:
    """Yield the files of a store."""
    return (path for path in store.glob("??/??/*") if HASH.match(path.name))


def copy_all(store: Path, files: Path) -> tuple[int, list[str]]:
    """Copy what is new in a store; return how many files and what is wrong with the others."""
    count, faults = 0, []
    for path in stored(store):
        try:
            count += copied(path, files / path.name[:2] / path.name[2:4] / path.name)
        except FileNotFoundError:
            continue  # swept away meanwhile
        except (BackupError, OSError) as error:
            faults.append(str(error))
    return count, faults
