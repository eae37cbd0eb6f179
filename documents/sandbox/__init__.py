"""Run code over a file from outside where it can reach nothing: no network, no database, no file of the house.

A child process reads the file; the parent only takes back named files of bounded size and a JSON reply. There is no
way past a missing sandbox: where none works, nothing is read (`sandbox_unavailable`). See docs/explanation/sandbox.md.
"""

from __future__ import annotations

from documents.sandbox.limits import LEGACY, UPLOAD, Limits
from documents.sandbox.runner import SandboxResult, available, run

__all__ = ["LEGACY", "UPLOAD", "Limits", "SandboxResult", "available", "run"]
