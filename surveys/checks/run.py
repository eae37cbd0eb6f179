"""Runs all checks of a survey in the caller's transaction: measures once, then one statement a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from authority.models import Place
from surveys.checks import (
    area_mismatch,
    geometry_duplicate,
    geometry_invalid,
    geometry_missing,
    geometry_unreadable,
    number_duplicate,
    number_missing,
    number_unreadable,
    outside_governorate,
    outside_place,
    overlap_held,
    overlap_in_file,
    overlap_register,
    text_undecodable,
    too_many_vertices,
)
from surveys.checks.rule import Check
from surveys.models import Fault, Submission

ALL: tuple[Check, ...] = tuple(
    module.CHECK
    for module in (
        geometry_missing,
        geometry_unreadable,
        geometry_invalid,
        too_many_vertices,
        geometry_duplicate,
        overlap_register,
        overlap_in_file,
        outside_governorate,
        outside_place,
        number_duplicate,
        number_unreadable,
        number_missing,
        area_mismatch,
        text_undecodable,
        overlap_held,  # last: it asks what the others found
    )
)
BY_CODE = {check.code: check for check in ALL}
# What the sandbox says of a boundary (importers.validity): not valid, or not readable at all.
INVALID = [
    "self_intersection", "ring_self_intersection", "hole_outside_shell", "nested_holes", "nested_shells",
    "disconnected_interior", "duplicate_rings", "too_few_points", "unclosed_ring", "invalid_geometry",
]  # fmt: skip
UNREADABLE = ["record_damaged", "multipatch", "coordinates_not_finite", "coordinates_outside_crs"]
DEFAULT_SRID = 32636  # UTM 36N, where a governorate has no working system yet

MEASURE = """
    CREATE TEMPORARY TABLE surveys_measured ON COMMIT DROP AS
    WITH placed AS MATERIALIZED (
        SELECT id, row, geom, ST_Transform(geom, %(srid)s) AS g
          FROM surveys_stagedfeature
         WHERE submission_id = %(submission)s AND geom IS NOT NULL AND ST_Dimension(geom) = 2
    ), judged AS MATERIALIZED (SELECT *, ST_IsValid(g) AS valid FROM placed)
    SELECT *, CASE WHEN valid THEN ST_Area(g) END AS area,
           md5(ST_AsBinary(ST_SnapToGrid(CASE WHEN valid THEN ST_Normalize(g) ELSE g END, 0.001))) AS shape
      FROM judged
"""
REPLACED = """
    CREATE TEMPORARY TABLE surveys_replaced ON COMMIT DROP AS
    SELECT s.matches_id AS parcel_id, s.row FROM surveys_stagedfeature s JOIN surveys_measured m ON m.id = s.id
     WHERE m.valid AND s.matches_id IS NOT NULL
"""
KEEP_AREAS = """
    UPDATE surveys_stagedfeature s SET geom_area_m2 = round(m.area::numeric, 4) FROM surveys_measured m
     WHERE s.id = m.id AND m.valid AND s.geom_area_m2 IS DISTINCT FROM round(m.area::numeric, 4)
"""
RECORD = """
    INSERT INTO surveys_fault (submission_id, code, feature_id, row, other_row, other_parcel_id, severity, params, geom)
    SELECT %(submission)s, %(code)s, found.* FROM ({sql}) AS found
"""


def run_checks(submission: Submission, *, today: date) -> dict[str, int]:
    """Replace the survey's faults by what the checks find now; return how many of each severity."""
    given = parameters(submission, today)
    Fault.objects.filter(submission=submission).delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.surveys_measured, pg_temp.surveys_replaced")
        cursor.execute(MEASURE, given)
        cursor.execute("CREATE INDEX ON surveys_measured USING gist (g)")
        cursor.execute(REPLACED, given)
        cursor.execute("ANALYZE surveys_measured; ANALYZE surveys_replaced")
        cursor.execute(KEEP_AREAS, given)
        for check in ALL:
            while _record(cursor, check, given) and check is overlap_held.CHECK:
                pass
    return counts(submission)


def _record(cursor: Any, check: Check, given: dict[str, Any]) -> int:
    """Keep what one check finds; return how many."""
    cursor.execute(RECORD.format(sql=check.sql), {**given, "code": check.code})
    return int(cursor.rowcount)


def parameters(submission: Submission, today: date) -> dict[str, Any]:
    """Return what the statements are given; lengths in metres, areas in m²."""
    return {
        "submission": submission.pk,
        "governorate": submission.governorate,
        "place": submission.place_id,
        "srid": working_srid(submission.governorate),
        "today": today,
        "numbered": "parcel_no" in submission.mapping.values(),
        "invalid": INVALID,
        "unreadable": UNREADABLE,
        **settings.SURVEY_TOLERANCES,
    }


def working_srid(governorate: str) -> int:
    """Return the metric system in which this governorate's land is measured."""
    found = Place.objects.filter(code=governorate).values_list("working_srid", flat=True).first()
    return found or DEFAULT_SRID


def counts(submission: Submission) -> dict[str, int]:
    """Return how many faults of each severity the survey has."""
    found = dict.fromkeys(Fault.Severity.values, 0)
    for severity in Fault.objects.filter(submission=submission).values_list("severity", flat=True):
        found[severity] += 1
    return found
