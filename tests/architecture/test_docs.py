"""The documents say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_glossary_is_what_the_models_say() -> None:
    assert subprocess.run([sys.executable, "script/glossary.py", "--check"], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    "page", ["README.md", "README.ar.md", *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md"))]
)
def test_every_link_between_the_documents_leads_somewhere(page: str) -> None:
    path = ROOT / page
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_setting_that_is_read_is_described() -> None:
    read = set(
        re.findall(
            r"\"((?:AMLAK_|DATABASE_)[A-Z_]+)\"",
            "".join((ROOT / "gisapp" / name).read_text() for name in ("settings.py", "entrance.py")),
        )
    )
    described = set(re.findall(r"`((?:AMLAK_|DATABASE_)[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text()))
    assert read - described - {"AMLAK_DB_ROLE", "AMLAK_TEST", "AMLAK_TEST_DATABASE", "AMLAK_DB_TEMPLATE"} == set()


@pytest.mark.parametrize("command", ["script/demo", "script/test"])
def test_both_readmes_name_the_two_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text()
    assert command in (ROOT / "README.ar.md").read_text()
