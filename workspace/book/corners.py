"""The form of a parcel's corners: a row for each corner of the boundary of record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.corners import Point
from parcels.models import Monument, SurveyMethod
from parcels.services import Mark
from ui.forms import DecimalField
from workspace.book.forms import optional

COLUMNS = ("number", "monument", "method", "sigma_m", "note")


class CornersForm(forms.Form):
    """For each corner: its number, what marks it, how and how well it was measured."""

    def __init__(self, *args: Any, points: Sequence[Point] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.points = list(points)
        for row, point in enumerate(self.points):
            for name, field in fields_of(point):
                self.fields[f"{name}_{row}"] = field

    def rows(self) -> Iterator[tuple[Point, list[Any]]]:
        """Yield each corner with its boxes."""
        for row, point in enumerate(self.points):
            yield point, [self[f"{name}_{row}"] for name in COLUMNS]

    def marks(self) -> list[Mark]:
        """Return the corners of which something is said."""
        return [mark for row, point in enumerate(self.points) if (mark := self._mark(row, point))]

    def _mark(self, row: int, point: Point) -> Mark | None:
        said = {name: self.cleaned_data.get(f"{name}_{row}") for name in COLUMNS}
        plain = said["monument"] == Monument.NONE and not said["note"] and said["number"] == str(row + 1)
        if plain and not point.marked:
            return None
        sigma = said["sigma_m"]
        return Mark(
            number=said["number"] or str(row + 1),
            east=point.east,
            north=point.north,
            monument=said["monument"] or Monument.NONE,
            method=said["method"] or "",
            sigma_m=float(sigma) if sigma is not None else None,
            note=said["note"] or "",
        )


def fields_of(point: Point) -> Iterator[tuple[str, forms.Field]]:
    """Yield the boxes of one corner."""
    yield "number", forms.CharField(label=_("Number"), max_length=12, initial=point.number)
    yield "monument", forms.ChoiceField(label=_("Mark"), choices=Monument.choices, initial=point.monument)
    yield (
        "method",
        forms.ChoiceField(
            label=_("Survey method"), choices=optional(SurveyMethod.choices), initial=point.method, required=False
        ),
    )
    yield (
        "sigma_m",
        DecimalField(
            label=_("σ, m"), max_digits=7, decimal_places=4, initial=point.sigma_m, required=False, min_value=0
        ),
    )
    yield "note", forms.CharField(label=_("Note"), max_length=120, initial=point.note, required=False)
