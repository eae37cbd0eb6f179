"""What happens to a boundary when it is edited: pure geometry in the governorate's metric working system.

Every shape is a shapely polygon in metres, every area m², every tolerance metres or m² (domain.md §0b.2); no database,
no clock, no Django. What cannot be done raises `EditError` with a code; whoever calls says it in words.
"""

from parcels.editing.cutting import Side, cut_areas, split_by_line
from parcels.editing.faults import EditError, Limits
from parcels.editing.joining import change_boundary, merge, nearest_corner, share_vertices
from parcels.editing.moving import FARTHEST_M, from_bearing, move_corner
from parcels.editing.relations import new_overlaps, require_inside, touched
from parcels.editing.rings import refuse_slivers, require_sound
from parcels.editing.snapping import snap, snap_line, trace

__all__ = [
    "FARTHEST_M",
    "EditError",
    "Limits",
    "Side",
    "change_boundary",
    "cut_areas",
    "from_bearing",
    "merge",
    "move_corner",
    "nearest_corner",
    "new_overlaps",
    "refuse_slivers",
    "require_inside",
    "require_sound",
    "share_vertices",
    "snap",
    "snap_line",
    "split_by_line",
    "touched",
    "trace",
]
