"""`python -m backups full|follow|status|verify|restore|drill`: behind the commands of these names."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2

from backups import drill, full, restore, verify
from backups.cluster import Cluster
from backups.folder import BackupError, Folder
from backups.follow import ROUND_SECONDS, Follower, status
from backups.roles import take_over
from backups.server import Server

Told = dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    made = argparse.ArgumentParser(prog="backups")
    made.add_argument("what", choices=sorted(VERBS))
    made.add_argument("folder", type=Path)
    made.add_argument("--programs", type=Path, required=True, help="folder of PostgreSQL's programs")
    made.add_argument("--account", default="", help="account that PostgreSQL runs as, where we are root")
    made.add_argument("--store", type=Path, help="folder of the documents")
    made.add_argument("--every", type=float, default=ROUND_SECONDS, help="seconds between the follower's rounds")
    made.add_argument("--keep", type=int, default=7, help="full backups that are kept")
    made.add_argument("--name", help="a full backup; default the newest that fits")
    made.add_argument("--to", default="", help="latest | own | a moment with its zone")
    made.add_argument("--into", type=Path, help="where the cluster is restored")
    made.add_argument("--work", type=Path, default=Path("/var/tmp"), help="where a drill takes place")  # noqa: S108
    made.add_argument("--private", help="hand the cluster over to the private one, under this database's name")
    return made


def source(asked: argparse.Namespace) -> Server:
    """Return the server that is backed up."""
    url = os.environ.get("AMLAK_BACKUP_DATABASE_URL")
    if not url:
        raise BackupError("AMLAK_BACKUP_DATABASE_URL is not set; see docs/howto/backup.md")
    return Server.of(url, asked.programs)


def take_full(asked: argparse.Namespace) -> tuple[int, Told]:
    """Take a full backup, verify nothing but its seal, drop old ones."""
    folder = Folder(asked.folder)
    made = full.take(folder, source(asked), asked.store)
    manifest = verify.manifest_of(folder, made.name)
    pruned = full.prune(folder, asked.keep)
    told = {key: manifest[key] for key in ("name", "seconds", "exact", "documents")}
    faults = [*manifest["documents"]["faults"], *(f"{sha} is missing" for sha in manifest["documents"]["missing"])]
    return int(bool(faults)), {**told, "rows": sum(t["rows"] for t in manifest["tables"].values()), "pruned": pruned}


def follow(asked: argparse.Namespace) -> tuple[int, Told]:
    """Follow until told to stop."""
    Follower(Folder(asked.folder), source(asked), asked.store, asked.every).run()
    return 0, {"followed": str(asked.folder)}


def tell_status(asked: argparse.Namespace) -> tuple[int, Told]:
    """Say how old everything is; 1 where something is late."""
    told = status(Folder(asked.folder))
    return int(bool(told["late"])), told


def verified(asked: argparse.Namespace) -> tuple[int, Told]:
    """Say what is wrong with a backup."""
    folder = Folder(asked.folder)
    name = restore.chosen(folder, restore.LATEST, asked.name)
    found = verify.faults(folder, name, asked.programs)
    return int(bool(found)), {"backup": name, "faults": [str(fault) for fault in found]}


def restored(asked: argparse.Namespace) -> tuple[int, Told]:
    """Restore a cluster and the documents."""
    folder, to = Folder(asked.folder), asked.to or restore.LATEST
    name = restore.chosen(folder, to, asked.name)
    conf = asked.into.with_name(f"{asked.into.name}.restoring")
    cluster = Cluster(asked.into, conf, asked.programs, asked.account)
    try:
        manifest = restore.restore_cluster(folder, name, to, cluster)
        if asked.private:
            take_over(cluster, manifest, asked.private)
    finally:
        cluster.stop()
    copied = restore.restore_documents(folder, asked.store)
    told = {"backup": name, "to": to, "cluster": str(asked.into), "documents": copied}
    return 0, {**told, "kept_apart": manifest["kept_apart"]}


def drilled(asked: argparse.Namespace) -> tuple[int, Told]:
    """Restore aside and prove; 1 where anything is not as it was."""
    made = drill.Drill(Folder(asked.folder), asked.programs, asked.account, name=asked.name, to=asked.to or restore.OWN)
    report = made.run(asked.work)
    return int(not report["ok"]), report


VERBS = {
    "full": take_full, "follow": follow, "status": tell_status, "verify": verified, "restore": restored,
    "drill": drilled,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; print one JSON object. 2 where something stood in the way."""
    asked = parser().parse_args(arguments)
    try:
        code, told = VERBS[asked.what](asked)
    except BackupError as error:
        sys.stderr.write(f"amlak: {error}\n")
        return 2
    except (psycopg2.Error, OSError) as error:
        sys.stderr.write(f"amlak: {str(error).strip().splitlines()[0]}\n")
        return 2
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
