"""Positions without style attributes, which the content security policy forbids: classes in half percents.

`step(0.185)` is 37: `.x-37` begins at 18.5 % from the start side, `.w-37` is 18.5 % wide.
`python -m ui.steps` writes `static/ui/steps.css`; a test compares.
"""

from __future__ import annotations

from pathlib import Path

STEPS = 200
SHEET = Path(__file__).resolve().parent / "static" / "ui" / "steps.css"
HEAD = "/* Shares of a whole in half percents, for want of style attributes (ui/steps.py wrote this). */\n"


def step(share: float) -> int:
    """Return the class number of a share of the whole (0 to 1, cut off outside)."""
    return round(min(max(share, 0.0), 1.0) * STEPS)


def sheet() -> str:
    """Return the style sheet."""
    rules = [f".x-{n}{{--x:{n / 2:g}%}}.w-{n}{{--w:{n / 2:g}%}}" for n in range(STEPS + 1)]
    return HEAD + "\n".join(rules) + "\n"


if __name__ == "__main__":
    SHEET.write_text(sheet(), "utf-8")
