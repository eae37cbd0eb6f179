"""Why an edit cannot be done, and what counts as too little land."""

from __future__ import annotations

from dataclasses import dataclass


class EditError(ValueError):
    """An edit that cannot be done; `code` says why, `data` with which figures."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(f"{code}: {data}")
        self.code, self.data = code, data


@dataclass(frozen=True)
class Limits:
    """What is too small to be a piece of land, and how near is the same place."""

    sliver_area_m2: float = 1.0
    sliver_width_m: float = 0.2  # mean width: twice the area by the outline
    snap_m: float = 0.5  # what a hand on the map may miss by
    same_m: float = 0.005  # two corners nearer than this are one (as parcels.corners has it)
    outside_m: float = 200.0  # how far beyond the governorate's drawn border land is still believed
    overlap_area_m2: float = 1.0
