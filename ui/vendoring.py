"""The manifest of what is vendored (`ui/vendor.toml`): names, licences, files and their hashes.

`python -m ui.vendoring` writes the hashes anew after a package was replaced; the test compares them.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOM = Path(__file__).resolve().parent
FOLDER = ROOM / "static" / "ui" / "vendor"
MANIFEST = ROOM / "vendor.toml"
HEAD = "# What is vendored, whole and unchanged, from npm packages. Hashes: python -m ui.vendoring\n"


@dataclass(frozen=True)
class Package:
    """One vendored package: its folder is `<name>-<version>` with the last part of the npm name."""

    name: str
    npm: str
    version: str
    licence: str
    licence_file: str
    files: dict[str, str]

    @property
    def folder(self) -> Path:
        """Where its files stand."""
        return FOLDER / f"{self.name}-{self.version}"


def digest(path: Path) -> str:
    """Return the sha256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packages() -> Iterator[Package]:
    """Yield the packages of the manifest."""
    for row in tomllib.loads(MANIFEST.read_text("utf-8"))["package"]:
        yield Package(**row)


def found_files(folder: Path) -> dict[str, str]:
    """Return each file of a folder with its hash."""
    return {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file()}


def as_toml(package: Package, files: dict[str, str]) -> str:
    """Write one package's table."""
    lines = ["[[package]]"]
    for key in ("name", "npm", "version", "licence", "licence_file"):
        lines.append(f'{key} = "{getattr(package, key)}"')
    lines.append("[package.files]")
    lines += [f'"{name}" = "{value}"' for name, value in files.items()]
    return "\n".join(lines) + "\n"


def rewrite() -> None:
    """Write the hashes of the files that stand there now."""
    tables = [as_toml(package, found_files(package.folder)) for package in packages()]
    MANIFEST.write_text(HEAD + "\n" + "\n".join(tables), "utf-8")


if __name__ == "__main__":
    rewrite()
