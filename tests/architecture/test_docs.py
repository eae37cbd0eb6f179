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


def test_the_settings_described_are_exactly_those_that_are_read() -> None:
    named = re.compile(r"\b(AMLAK_[A-Z_]*[A-Z]|DATABASE_URL|G[A-Z]+_LIBRARY_PATH)\b(?!=)")
    sources = [*ROOT.glob("*/**/*.py"), *ROOT.glob("script/*"), ROOT / "manage.py"]
    read = {
        name.removesuffix("_FILE")
        for path in sources
        if path.is_file() and path != Path(__file__) and ".venv" not in path.parts
        for name in named.findall(path.read_text())
    }
    described = set(
        re.findall(
            r"`((?:AMLAK_|DATABASE_|G[A-Z]+_LIBRARY_)[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text()
        )
    )
    assert read == described


@pytest.mark.parametrize("command", ["script/demo", "script/test"])
def test_both_readmes_name_the_two_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text()
    assert command in (ROOT / "README.ar.md").read_text()
