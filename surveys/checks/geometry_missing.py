"""A row without geometry cannot become land."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="geometry_missing",
    group=GEOMETRY,
    title=_("Row without a boundary"),
    advice=_("Draw the parcel, or remove the row from the file."),
    sql="""
    SELECT id, row, NULL::int, NULL::uuid, 'block', '{}'::jsonb, NULL::geometry
      FROM surveys_stagedfeature
     WHERE submission_id = %(submission)s AND geom IS NULL
       AND (reading_faults = '[]' OR reading_faults @> '[{"code": "geometry_missing"}]')
    """,
)
