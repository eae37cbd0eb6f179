"""Why an edit cannot be done, in words: each code of `parcels.editing` as a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, Refusal
from parcels.editing import EditError

Say = Callable[[Mapping[str, Any]], Refusal]

WORDS: Mapping[str, Say] = {
    "area_not_positive": lambda d: Invalid("edit_area_not_positive", _("Say areas greater than nothing.")),
    "area_too_large": lambda d: Invalid(
        "edit_area_too_large", _("%(asked)s m² cannot be cut off: only %(there)s m² are there."), **d
    ),
    "bearing_unreadable": lambda d: Invalid("edit_bearing_unreadable", _("The bearing or distance cannot be read.")),
    "boundary_of_more_pieces": lambda d: Invalid(
        "edit_boundary_of_more_pieces",
        _("The new line leaves %(pieces)s pieces; between two neighbours it leaves two."), **d
    ),
    "corner_stays": lambda d: Invalid("edit_corner_stays", _("The corner lies there already.")),
    "corner_taken": lambda d: Invalid("edit_corner_taken", _("The parcel has another corner there.")),
    "corner_too_far": lambda d: Invalid(
        "edit_corner_too_far", _("A corner moves at most %(metres)s m at once: check the numbers and the belt."), **d
    ),
    "corner_unknown": lambda d: Invalid(
        "edit_corner_unknown", _("The parcel has no corner within %(reach)s m of that point."), **d
    ),
    "cut_falls_apart": lambda d: Invalid(
        "edit_cut_falls_apart",
        _("A straight cut from this side leaves %(pieces)s pieces: choose another side, or draw the line."), **d
    ),
    "cut_misses": lambda d: Invalid("edit_cut_misses", _("No cut from this side gives %(asked)s m²."), **d),
    "edge_unknown": lambda d: Invalid("edit_edge_unknown", _("The outline has no such edge."), **d),
    "line_crosses_itself": lambda d: Invalid("edit_line_crosses_itself", _("The line crosses itself.")),
    "line_does_not_cross": lambda d: Invalid("edit_line_does_not_cross", _("The line does not cross the parcel.")),
    "line_ends_inside": lambda d: Invalid(
        "edit_line_ends_inside", _("The line ends inside the parcel: lead it to the outline or beyond."), **d
    ),
    "line_too_short": lambda d: Invalid("edit_line_too_short", _("The line is too short.")),
    "makes_hole": lambda d: Invalid(
        "edit_makes_hole", _("The merge encloses %(area)s m² that belong to none of them: say that it is meant."), **d
    ),
    "not_adjacent": lambda d: Invalid("edit_not_adjacent", _("The parcels do not share an edge.")),
    "outline_crosses_itself": lambda d: Invalid("edit_outline_crosses_itself", _("The outline crosses itself.")),
    "outline_empty": lambda d: Invalid("edit_outline_empty", _("The outline holds no land.")),
    "outside_governorate": lambda d: Invalid(
        "edit_outside_governorate", _("It reaches %(metres)s m beyond the governorate."), **d
    ),
    "overlap": lambda d: Invalid(
        "edit_overlap", _("The parcels overlap by %(area)s m²: settle the line between them first."), **d
    ),
    "several_parts": lambda d: Invalid(
        "edit_several_parts",
        _("The parcel lies in %(parts)s parts; only a parcel of one part is edited on the map."), **d
    ),
    "side_unknown": lambda d: Invalid("edit_side_unknown", _("Choose the side from which land is cut."), field="side"),
    "sliver": lambda d: Invalid(
        "edit_sliver", _("A sliver of %(area)s m², %(width)s m wide, would be left: that is no land."), **d
    ),
    "too_few": lambda d: Invalid("edit_too_few", _("A merge needs at least two parcels.")),
    "trace_is_a_point": lambda d: Invalid("edit_trace_is_a_point", _("The trace begins and ends at one point.")),
    "trace_off_the_outline": lambda d: Invalid(
        "edit_trace_off_the_outline", _("Both points must lie within %(reach)s m of the neighbour's outline."), **d
    ),
    "trace_on_two_outlines": lambda d: Invalid(
        "edit_trace_on_two_outlines", _("Both points must lie on the same outline of the neighbour.")
    ),
}  # fmt: skip


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the geometry refuses into the refusal that every door knows how to say."""
    try:
        yield
    except EditError as error:
        raise WORDS[error.code](error.data) from error
