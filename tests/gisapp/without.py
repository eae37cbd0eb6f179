"""A pytest plugin: the package named by AMLAK_WITHOUT cannot be imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class Missing(MetaPathFinder):
    """Finds one package missing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Refuse the package and all in it."""
        if name.partition(".")[0] == self.name:
            raise ImportError(f"{name} is taken away for this test")
        return None


sys.meta_path.insert(0, Missing(os.environ["AMLAK_WITHOUT"]))
