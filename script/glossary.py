"""Write docs/glossary.md from the Arabic terms that stand beside the models' names. usage: glossary.py [--check]"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "glossary.md"
HEAD = """# Glossary

The one dictionary of the product: each identifier with its Arabic term, taken from the models
(`# ar:` comments) by `script/glossary.py`.

| Arabic | identifier | where |
|---|---|---|
"""
LINE = re.compile(r"^( *)(\w+) *(?:=|:).*# ar: (.+)$")
CLASS = re.compile(r"^( *)class (\w+)")
DOCSTRING = re.compile(r'"""(?:.*\()?ar: ([^).]+)')


def terms() -> Iterator[tuple[str, str, str]]:
    """Yield (Arabic term, identifier, room) for every annotated name."""
    for path in sorted([*ROOT.glob("*/models.py"), *ROOT.glob("*/models/*.py")]):
        room = path.relative_to(ROOT).parts[0]
        owners: dict[int, str] = {}
        last = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := CLASS.match(line):
                last = owners[len(found[1])] = found[2]
            elif found := LINE.match(line):
                yield found[3].strip(), f"{owners.get(len(found[1]) - 4, room)}.{found[2]}", room
            elif last and (found := DOCSTRING.search(line)):
                yield found[1].strip(), last, room


def text() -> str:
    """Return the glossary's text."""
    return HEAD + "".join(f"| {arabic} | `{name}` | {room} |\n" for arabic, name, room in sorted(set(terms())))


def main() -> int:
    """Write the file, or with --check say whether it is current."""
    if "--check" in sys.argv:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text() else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
