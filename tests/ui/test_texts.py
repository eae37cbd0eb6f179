"""Each text a room shows is in its Arabic catalogue; nothing is left to the English fallback."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from gisapp.urls import ROOMS

BASE = Path(settings.BASE_DIR)
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "translate"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:\s*,\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))*)"
)

Key = tuple[str, str]  # context, msgid


def key_of(function: str, words: list[str]) -> Key:
    return (words[0], words[1]) if function in WITH_CONTEXT else ("", words[0])


def constants(call: ast.Call) -> list[str]:
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def in_code(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if function in PLAIN | WITH_CONTEXT and (words := constants(node)):
            yield key_of(function, words)


def in_template(path: Path) -> Iterator[Key]:
    for function, literals in CALL.findall(templatize(path.read_text("utf-8"))):
        words = ast.literal_eval(f"[{literals}]")
        yield key_of(function, words)


def used(room: str) -> dict[Key, str]:
    """Return the texts a room uses and where."""
    found: dict[Key, str] = {}
    for path in (BASE / room).rglob("*.py"):
        if not {"migrations", "child", "settings.py"} & set(path.parts):
            found |= dict.fromkeys(in_code(path), path.name)
    for path in (BASE / room / "templates").rglob("*.html"):
        found |= dict.fromkeys(in_template(path), path.name)
    return found


def catalogue(room: str) -> set[Key]:
    path = BASE / room / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path))} if path.exists() else set()


@pytest.mark.parametrize("room", ["gisapp", *ROOMS])
def test_every_text_of_the_room_stands_in_its_arabic_catalogue(room: str) -> None:
    known = catalogue(room)
    missing = {key: place for key, place in used(room).items() if key not in known}
    assert {key: place for key, place in missing.items() if re.search("[A-Za-z]{2}", key[1])} == {}


def test_two_rooms_that_share_a_text_say_it_alike() -> None:
    """Catalogues are merged: where they differ, the reader sees one of them at random."""
    said: dict[Key, dict[str, str]] = {}
    for room in ["gisapp", *ROOMS]:
        path = BASE / room / "locale" / "ar" / "LC_MESSAGES" / "django.po"
        for entry in polib.pofile(str(path)) if path.exists() else []:
            said.setdefault((entry.msgctxt or "", entry.msgid), {})[room] = entry.msgstr
    assert {key: rooms for key, rooms in said.items() if len(set(rooms.values())) > 1} == {}
