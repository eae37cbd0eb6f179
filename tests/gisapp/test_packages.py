"""Each package the product is named for has a job: docs/reference/packages.md is true."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gisapp.test_dependencies import NAMED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/packages.md").read_text()
ROWS = {
    row[0]: row[1:]
    for row in re.findall(r"^\| ([a-z0-9-]+) \| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|$", PAGE, re.MULTILINE)
}
IMPORTED_AS = {"psycopg2-binary": "psycopg2", "djangorestframework-gis": "rest_framework_gis"}


@pytest.mark.parametrize("package", sorted(NAMED))
def test_the_package_has_a_row(package: str) -> None:
    assert package in ROWS


@pytest.mark.parametrize("package", sorted(ROWS))
def test_its_module_imports_it(package: str) -> None:
    tree = ast.parse((ROOT / ROWS[package][0]).read_text())
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert IMPORTED_AS.get(package, package) in {name.partition(".")[0] for name in found}


@pytest.mark.parametrize("package", sorted(ROWS))
def test_its_test_is_there(package: str) -> None:
    path, _, name = ROWS[package][2].partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("package", sorted(ROWS))
def test_its_test_fails_without_it(package: str) -> None:
    without = {**os.environ, "AMLAK_WITHOUT": IMPORTED_AS.get(package, package)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.gisapp.without",
        "-p",
        "no:cacheprovider",
        ROWS[package][2],
    ]
    told = subprocess.run(command, cwd=ROOT, env=without, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode != 0
    assert "is taken away for this test" in told.stdout + told.stderr
