"""The bench speaks in lines that programs can read, and the documentation names only figures that it measures."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHES = ROOT / "script" / "benches"
KEYS = {"name": str, "value": (int, float), "unit": str, "peer": str, "target": str, "ok": bool}
FIGURE = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AMLAK_VENV": sys.prefix}
    return subprocess.run(
        ["script/bench", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.timeout(900)  # where others share the machine
def test_the_foundations_bench_prints_one_json_line_a_figure() -> None:
    told = run_bench("foundation", "--quick", "--parcels", "300")
    assert told.returncode == 0, told.stderr
    figures = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(figures) >= 10
    assert len({figure["name"] for figure in figures}) == len(figures)
    for figure in figures:
        assert {key: figure[key] for key in KEYS if isinstance(figure[key], KEYS[key])}.keys() == KEYS.keys()
        assert figure["name"], figure
        assert figure["peer"], figure
        assert figure["target"].startswith("≤ "), figure


@pytest.mark.parametrize("wrong", [[], ["nonsense"], ["figure"], ["../demo"], ["foundation", "--parcels", "0"]])
def test_wrong_arguments_are_refused_in_one_line(wrong: list[str]) -> None:
    told = run_bench(*wrong)
    assert told.returncode == 1
    assert len(told.stderr.strip().splitlines()) == 1


def test_each_figure_of_the_documentation_is_measured_by_a_bench() -> None:
    told = FIGURE.findall((ROOT / "docs" / "explanation" / "performance.md").read_text())
    sources = "".join(path.read_text() for path in BENCHES.glob("*.py"))
    measured = re.sub(r"\{[^}]*\}", "", sources)
    assert len(told) >= 10
    assert [name for name in told if re.sub(r"\d[\d,]* ", " ", name) not in measured and name not in measured] == []


def test_a_missed_target_is_a_failure_only_of_the_whole_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "script"))
    from benches.figure import at_most

    assert at_most("wait", 99.96, 100, "ms", peer="none").ok
    assert not at_most("wait", 100.01, 100, "ms", peer="none").ok
