"""docs/reference/refusals.md tells every refusal of the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/refusals.md"


def test_the_page_is_what_the_program_says() -> None:
    assert subprocess.run([sys.executable, "script/refusals.py", "--check"], cwd=ROOT, check=False).returncode == 0


def test_codes_statuses_and_meanings_are_whole() -> None:
    rows = re.findall(r"^\| `([^`]*)` \| (\d+) \| (.*) \| ([a-z, ]+) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 150
    assert all(
        re.fullmatch(r"[a-z][a-z0-9_]+", code) and 400 <= int(status) <= 503 and text for code, status, text, _ in rows
    )
    assert {"not_found", "stale", "zip_bomb", "rate_limit", "valid_tenure", "submitter_may_not_decide"} <= {
        r[0] for r in rows
    }
