"""Who has to know that a case has changed: the map's layer and the search index, in the same transaction."""

from __future__ import annotations

from cases.models import Case
from search.services import index
from tiles.services import bump

LAYER = "cases"


def tell(case: Case) -> None:
    """Count the change of the layer."""
    bump(LAYER, case.governorate)
    index("case", [case.pk])
