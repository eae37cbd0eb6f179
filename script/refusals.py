"""Write docs/reference/refusals.md from the refusals that stand in the program. usage: refusals.py [--check]"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference" / "refusals.md"
LEFT_OUT = {"tests", "script", "docs", "migrations", "locale"}
HEAD = """# Refusals

Every answer that is not a success is a problem document (RFC 9457, `application/problem+json`): `type`, `title`,
`status`, `detail` in the reader's language, `code`, often `advice`, and the values named below in braces as members of
their own. Programs read `code`; it does not change. Faults of single rows of a survey are no refusals:
[checks.md](checks.md). This table is written by `script/refusals.py`.

| code | status | meaning | room |
|---|---|---|---|
"""
Key = tuple[str, int, str]  # code, status, meaning


@dataclass
class Kind:
    """A class of refusals as it stands in the source."""

    name: str
    base: str
    room: str
    said: dict[str, object] = field(default_factory=dict)


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Yield (room, syntax tree) of every module of the product."""
    for path in sorted(ROOT.glob("*/**/*.py")):
        parts = path.relative_to(ROOT).parts
        if not LEFT_OUT & set(parts) and not parts[0].startswith("."):
            yield parts[0], ast.parse(path.read_text(encoding="utf-8"))


def text_of(node: ast.expr | None) -> str:
    """Return a text, translated or not; "" for anything else."""
    if isinstance(node, ast.Call) and node.args:
        return text_of(node.args[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield (name, value) of a class's own names, also of `code, status = …`."""
    for line in body:
        targets = (
            line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
        )
        for target in targets:
            value = line.value  # type: ignore[attr-defined]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                yield from ((n.id, v) for n, v in zip(target.elts, value.elts, strict=True) if isinstance(n, ast.Name))
            elif isinstance(target, ast.Name) and value is not None:
                yield target.id, value


def kinds(found: list[tuple[str, ast.Module]]) -> dict[str, Kind]:
    """Return every class of refusals by name."""
    classes = [
        Kind(
            node.name,
            base.id,
            room,
            {n: v.value if isinstance(v, ast.Constant) else text_of(v) for n, v in assigned(node.body)},
        )
        for room, tree in found
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    known = {
        "Refusal": Kind(
            "Refusal", "", "authority", {"code": "refused", "status": 400, "message": "The request was refused."}
        )
    }
    while grown := [one for one in classes if one.base in known and one.name not in known]:
        known |= {one.name: one for one in grown}
    return known


def inherited(kind: Kind, name: str, known: dict[str, Kind]) -> object:
    """Return what a class or the nearest one above it says."""
    while name not in kind.said:
        kind = known[kind.base]
    return kind.said[name]


def told(found: list[tuple[str, ast.Module]]) -> Iterator[tuple[Key, str]]:
    """Yield ((code, status, meaning), room) of each refusal."""
    known = kinds(found)
    for kind in known.values():
        yield (
            (str(inherited(kind, "code", known)), status_of(kind, known), str(inherited(kind, "message", known))),
            kind.room,
        )
    for room, tree in found:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known and node.args:
                code, kind = text_of(node.args[0]), known[node.func.id]
                given = {word.arg: word.value for word in node.keywords}
                message = text_of(node.args[1] if len(node.args) > 1 else given.get("message"))
                if code:
                    yield (
                        (
                            code,
                            status_of(kind, known, given.get("status")),
                            message or str(inherited(kind, "message", known)),
                        ),
                        room,
                    )
    yield from of_files(found, known)


def status_of(kind: Kind, known: dict[str, Kind], given: ast.expr | None = None) -> int:
    """Return the HTTP status."""
    own = given.value if isinstance(given, ast.Constant) else inherited(kind, "status", known)
    return int(str(own))


def of_files(found: list[tuple[str, ast.Module]], known: dict[str, Kind]) -> Iterator[tuple[Key, str]]:
    """Yield why a whole file is refused: the closed list of `importers.messages`."""
    for room, tree in found:
        for node in tree.body if room == "importers" else ():
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and target.id == "REFUSALS" and isinstance(node, ast.AnnAssign):
                assert isinstance(node.value, ast.Dict)  # noqa: S101 - the list is one literal
                for code, text in zip(node.value.keys, node.value.values, strict=True):
                    name = text_of(code)
                    large = name in {"file_too_large", "zip_too_large", "zip_bomb", "zip_too_many", "too_many_vertices"}
                    yield (name, status_of(known["TooLarge" if large else "Invalid"], known), text_of(text)), room


def text() -> str:
    """Return the page."""
    rooms: dict[Key, set[str]] = {}
    for key, room in told(list(trees())):
        rooms.setdefault(key, set()).add(room)
    return HEAD + "".join(
        f"| `{code}` | {status} | {shown(meaning)} | {', '.join(sorted(where))} |\n"
        for (code, status, meaning), where in sorted(rooms.items())
    )


def shown(meaning: str) -> str:
    """Return a text for the page: parameters in braces."""
    return re.sub(r"%\((\w+)\)[sd]", r"{\1}", meaning).replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    if "--check" in sys.argv:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text() else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
