"""One sprite of the icons that are used, served from our own origin.

`python -m ui.icons FOLDER [name …]` adds icons from an unpacked `@tabler/icons` package (outline set) to
`static/ui/icons.svg`; a test says which icons templates use that are not in it.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).resolve().parent / "static" / "ui" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>')
HEAD = "<!-- Tabler icons 3.51.0, MIT: vendor/tabler-icons-3.51.0/LICENSE -->"
BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


@cache
def names() -> frozenset[str]:
    """Return the names in the sprite."""
    return frozenset(read())


def read() -> dict[str, str]:
    """Return name → drawing of what is in the sprite."""
    return dict(SYMBOL.findall(SPRITE.read_text("utf-8"))) if SPRITE.exists() else {}


def drawing(path: Path) -> str:
    """Return the paths of one icon's file."""
    found = BODY.search(path.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{path.name} is not an icon")
    inner = EMPTY_BOX.sub("", found.group(1))
    return re.sub(r"\s*\n\s*", "", inner).strip()


def add(folder: Path, wanted: list[str]) -> None:
    """Add icons to the sprite, in order of name."""
    drawn = read() | {name: drawing(folder / "icons" / "outline" / f"{name}.svg") for name in wanted}
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{drawn[name]}</symbol>' for name in sorted(drawn)]
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">' + HEAD + "\n" + "\n".join(symbols) + "\n</svg>\n", "utf-8"
    )


if __name__ == "__main__":
    add(Path(sys.argv[1]), sys.argv[2:])
