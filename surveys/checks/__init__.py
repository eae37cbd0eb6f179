"""Checks of a survey: one rule a file, set-based SQL over the staged features and the register."""

from surveys.checks.run import ALL, BY_CODE, run_checks

__all__ = ["ALL", "BY_CODE", "run_checks"]
