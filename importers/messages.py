"""What a person is told about a file: one text per code, in both languages. The codes are a closed list."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, Refusal, TooLarge

# Why a whole file is refused.
REFUSALS: dict[str, Promise | str] = {
    "empty_file": _("The file is empty."),
    "file_too_large": _("The file is larger than %(limit_mb)s MB."),
    "format_unknown": _("This is not a survey file: send a zipped shapefile."),
    "format_not_supported": _("Files of the kind “%(format)s” are not read yet: send a zipped shapefile."),
    "part_alone": _("This is only one part of a shapefile (.%(part)s): zip all its parts and send the archive."),
    "not_a_shapefile": _("The .shp file is not a shapefile: its contents are something else."),
    "no_layer": _("There is no shapefile in the archive."),
    "no_geometry": _("There is a table but no boundaries: the .shp file is missing from the archive."),
    "no_rows": _("The file holds no features."),
    "layer_unknown": _("There is no layer of that name in the file."),
    "too_many_layers": _("The archive holds more than %(limit)s layers."),
    "too_many_columns": _("The table has more than %(limit)s columns."),
    "too_many_vertices": _("The boundaries have more than %(limit)s corners altogether."),
    "dbf_damaged": _("The table (.dbf) is damaged."),
    "file_damaged": _("The file is damaged and cannot be read to its end."),
    "too_deep": _("The file is nested deeper than any survey."),
    "zip_damaged": _("The archive is damaged: pack it again."),
    "zip_method": _("The archive is packed in a way that is not supported: pack it as an ordinary zip."),
    "zip_encrypted": _("The archive is locked with a password: send it without one."),
    "zip_nested": _("The archive holds another archive: send the shapefile's parts in one zip."),
    "zip_too_many": _("The archive holds more than %(limit)s files."),
    "zip_too_large": _("The archive unfolds to more than %(limit_mb)s MB."),
    "zip_bomb": _("The archive unfolds to far more than a survey can be."),
    "zip_overlap": _("The archive is built in a way no packing program does: files in it overlap."),
    "zip_contradiction": _("The archive contradicts itself: pack it again with an ordinary program."),
    "zip_unsafe_name": _("A file in the archive has a name that is not allowed: rename it and pack again."),
    "zip_special_file": _("The archive holds a link or a device instead of a file."),
    "zip_twins": _("Two files in the archive have the same name."),
    "crs_not_allowed": _("This coordinate system is not one that can be chosen here."),
    "crs_unknown": _("The coordinates fit no known system in Egypt: ask the surveyor which one was used."),
    "crs_no_transformation": _("The file's coordinate system cannot be placed exactly on the ground."),
    "crs_egypt_1930": _("The file is in Egypt 1930, for which no exact way to WGS 84 is published."),
    "encoding_unknown": _("This character encoding is not one that can be chosen here."),
    "working_system_unknown": _("The governorate's working coordinate system is not one of the metric systems."),
    "reading_failed": _("The file could not be read: its contents broke the reader."),
}
TOO_LARGE = {"file_too_large", "zip_too_large", "zip_bomb", "zip_too_many", "too_many_vertices"}

# What is wrong with one row. The row stays, with its attributes; it has no derived boundary.
ROW_FAULTS: dict[str, Promise | str] = {
    "geometry_missing": _("The row has no boundary."),
    "record_damaged": _("The row's boundary is damaged in the file."),
    "multipatch": _("The row is a three-dimensional body, not a boundary."),
    "too_many_vertices": _("The boundary has more than 100,000 corners."),
    "coordinates_not_finite": _("A coordinate of the boundary is not a number."),
    "coordinates_outside_crs": _("The coordinates do not belong to the file's coordinate system."),
    "self_intersection": _("The boundary crosses itself."),
    "ring_self_intersection": _("The boundary touches itself at a point."),
    "hole_outside_shell": _("A hole lies outside the boundary."),
    "nested_holes": _("A hole lies inside another hole."),
    "nested_shells": _("A part lies inside another part of the same feature."),
    "disconnected_interior": _("Holes cut the feature into pieces."),
    "duplicate_rings": _("Two rings of the boundary are the same."),
    "too_few_points": _("The boundary has fewer than three corners."),
    "unclosed_ring": _("The boundary is not closed."),
    "invalid_geometry": _("The boundary is not a valid surface."),
    "text_undecodable": _("Letters in the column %(column)s cannot be read in the chosen encoding."),
}

# What is worth knowing of a layer, though nothing is wrong with its rows.
NOTES: dict[str, Promise | str] = {
    "dbf_missing": _("The table (.dbf) is missing: there are no attributes."),
    "dbf_damaged": _("The table (.dbf) is damaged: there are no attributes."),
    "shx_missing": _("The index (.shx) is missing; it was rebuilt."),
    "shx_rebuilt": _("The index (.shx) did not fit the file; it was rebuilt."),
    "dbf_rows_missing": _("The table has fewer rows than there are boundaries."),
    "shp_rows_missing": _("The table has more rows than there are boundaries."),
    "deleted_rows": _("Rows marked as deleted were left out."),
    "too_many_columns": _("The table has too many columns: there are no attributes."),
    "crs_link_dropped": _("A link to a coordinate system in the file was not followed."),
}

# How a person sees the reason of a question.
REASONS: dict[str, Promise | str] = {
    "not_declared": _("The file does not say which encoding its text has."),
    "cpg_lies": _("The text contradicts the encoding that the file names."),
    "contradicted": _("The text contradicts the encoding that was named."),
    "repaired": _("The text seems to have been read wrongly once before it was stored."),
    "missing": _("The file does not say which coordinate system it has (no .prj)."),
    "unreadable": _("The file's .prj cannot be understood."),
    "lost_datum": _("The .prj has the belt's numbers but not its datum."),
    "belt_on_wgs84": _("The .prj has the belt's numbers on the datum WGS 84: is the survey really in it?"),
    "belt_on_other": _("The .prj has the belt's numbers on another datum."),
    "both_orders": _("The land lies in the governorate in either order of the coordinates."),
    "elsewhere": _("By its .prj the land lies outside the governorate; another system puts it inside."),
    "out_of_range": _("The numbers do not belong to the coordinate system the file names."),
}


def refusal(code: str, params: dict[str, Any]) -> Refusal:
    """Return the refusal for a code of the closed list; anything else is `reading_failed`."""
    if code not in REFUSALS:
        return Invalid("reading_failed", REFUSALS["reading_failed"])
    kind = TooLarge if code in TOO_LARGE else Invalid
    return kind(code, REFUSALS[code], **{name: value for name, value in params.items() if plain(value)})


def plain(value: Any) -> bool:
    """Say whether a parameter from the child may be shown: a number, or a short word."""
    return isinstance(value, int) or (isinstance(value, str) and value.isalnum() and len(value) <= 20)
