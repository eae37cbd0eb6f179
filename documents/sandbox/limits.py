"""What a sandboxed child may use up (domain.md §0b.22: two profiles; threats.md §2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Ceilings of one run."""

    cpu_s: int = 60
    wall_s: int = 120
    memory_bytes: int = 2048 * MB  # address space of each process
    scratch_bytes: int = 1280 * MB  # files the child writes for itself
    output_bytes: int = 512 * MB  # all files handed back together
    processes: int = 24
    open_files: int = 256

    def as_request(self) -> dict[str, int]:
        """Return the ceilings as the child reads them."""
        return asdict(self)


UPLOAD = Limits()
# An operator loads a whole governorate once, by hand.
LEGACY = Limits(cpu_s=1800, wall_s=3600, memory_bytes=8192 * MB, scratch_bytes=6144 * MB, output_bytes=6144 * MB)
