"""From the sandbox's files into the staging table: COPY into temporary tables, one INSERT, in one transaction."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from psycopg2.extras import execute_values

from importers.batch import StagedBatch
from surveys.models import StagedFeature, Submission
from surveys.services.placing import placed

TABLES = """
    DROP TABLE IF EXISTS pg_temp.surveys_incoming, pg_temp.surveys_incoming_fault, pg_temp.surveys_incoming_place;
    CREATE TEMPORARY TABLE surveys_incoming (
        row int, source_geom bytea, geom geometry, attributes jsonb, mapped jsonb,
        transform_op text, transform_accuracy_m float8, geom_area_m2 numeric
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE surveys_incoming_fault (row int, code text, params jsonb, geom geometry) ON COMMIT DROP;
    CREATE TEMPORARY TABLE surveys_incoming_place (
        hod_no text, hod_name text, number text, place bigint, norm text
    ) ON COMMIT DROP;
"""
KEYS = """
    SELECT DISTINCT coalesce(mapped ->> 'hod_no', ''), coalesce(mapped ->> 'hod_name', ''),
           coalesce(mapped ->> 'parcel_no', '')
      FROM surveys_incoming
"""
STAGE = """
    INSERT INTO surveys_stagedfeature (submission_id, row, source_geom, geom, attributes, mapped, transform_op,
                                       transform_accuracy_m, geom_area_m2, reading_faults, decision)
    SELECT %(submission)s, i.row, i.source_geom, i.geom, i.attributes,
           i.mapped || jsonb_strip_nulls(jsonb_build_object('place_id', p.place, 'parcel_no_norm', p.norm)),
           coalesce(i.transform_op, ''), i.transform_accuracy_m, i.geom_area_m2, coalesce(f.faults, '[]'::jsonb), 'OPEN'
      FROM surveys_incoming i
      JOIN surveys_incoming_place p
        ON p.hod_no = coalesce(i.mapped ->> 'hod_no', '') AND p.hod_name = coalesce(i.mapped ->> 'hod_name', '')
       AND p.number = coalesce(i.mapped ->> 'parcel_no', '')
      LEFT JOIN (
        SELECT row, jsonb_agg(jsonb_build_object(
                   'code', code, 'params', params,
                   'point', CASE WHEN ST_GeometryType(geom) = 'ST_Point' THEN jsonb_build_array(ST_X(geom), ST_Y(geom))
                                 ELSE '[]'::jsonb END)) AS faults
          FROM surveys_incoming_fault GROUP BY row
      ) f ON f.row = i.row
"""


def load(submission: Submission, batch: StagedBatch) -> int:
    """Replace the survey's staged features by those of the batch; return how many."""
    StagedFeature.objects.filter(submission=submission).delete()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    copy("surveys_incoming", batch.row_columns, batch.rows_file)
    copy("surveys_incoming_fault", batch.fault_columns, batch.faults_file)
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        rows = placed(cursor.fetchall(), submission.place)
        if rows:
            execute_values(cursor.cursor, "INSERT INTO surveys_incoming_place VALUES %s", rows, page_size=5000)
        cursor.execute("ANALYZE surveys_incoming; ANALYZE surveys_incoming_place")
        cursor.execute(STAGE, {"submission": submission.pk})
        return int(cursor.rowcount)


def copy(table: str, columns: tuple[str, ...], file: Path) -> None:
    """Write a checked file of rows into a table of this session."""
    quote = connection.ops.quote_name
    with file.open("rb") as rows, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN", rows)
