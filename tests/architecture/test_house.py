"""The habits that keep the house habitable, held by figures."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
FLOORS = [[room.strip() for room in floor.split("|")] for floor in CONTRACT["layers"]]
ROOMS = list(chain.from_iterable(FLOORS))
HEIGHT = {room: -level for level, floor in enumerate(FLOORS) for room in floor}


def modules(room: str) -> Iterator[Path]:
    """Every module of a room but its migrations."""
    return (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def may_know(room: str, other: str) -> bool:
    """A room knows itself and what lies below it."""
    return room == other or HEIGHT[other] < HEIGHT[room]


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_is_longer_than_sixty_lines(room: str) -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_longer_than_four_hundred_lines(room: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in modules(room) if path.read_text().count("\n") > 400] == []


@pytest.mark.parametrize("room", ROOMS)
def test_raw_sql_names_only_tables_of_its_own_or_lower_rooms(room: str) -> None:
    named = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON)\s+\"?(" + "|".join(ROOMS) + r")_[a-z]+", re.I)
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in modules(room)
        for found in named.finditer(path.read_text())
        if not may_know(room, found.group(1).lower())
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_template_extends_and_includes_only_its_own_rooms_or_uis(room: str) -> None:
    named = re.compile(r"{%\s*(?:extends|include)\s+\"([a-z]+)/")
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in (ROOT / room / "templates").rglob("*.html")
        for found in named.finditer(path.read_text())
        if found.group(1) not in {room, "ui"}
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_services_never_take_a_request(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules(room)
        if "services" in path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and "request" in {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert wrong == []


def test_every_folder_of_code_is_a_room_of_the_contract() -> None:
    found = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert found == set(ROOMS)


@pytest.mark.parametrize("name", ["core", "common", "utils", "helpers"])
def test_refused_names_of_rooms_and_modules_do_not_occur(name: str) -> None:
    assert [path for room in ROOMS for path in modules(room) if path.stem == name] == []
