"""`python -m benches NAME [--quick]`: print a bench's figures; 1 where a promise is not kept. See script/bench."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

import django

from benches.databases import take_copy


def run(name: str, *, quick: bool) -> bool:
    """Print the figures as they come; say whether all were kept."""
    kept = True
    for figure in importlib.import_module(f"benches.{name}").figures(quick):
        sys.stdout.write(f"{figure.line()}\n")
        sys.stdout.flush()
        kept = kept and figure.ok
    return kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one bench; a quick run only shows, it never fails for a figure."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("name")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    take_copy()
    django.setup()
    kept = run(asked.name, quick=asked.quick)
    return 0 if kept or asked.quick else 1


if __name__ == "__main__":
    sys.exit(main())
