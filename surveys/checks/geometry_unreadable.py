"""A boundary that is damaged in the file, or no polygon."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="geometry_unreadable",
    group=GEOMETRY,
    title=_("The boundary cannot be read: %(reason)s"),
    advice=_("Export the layer again as polygons."),
    sql="""
    SELECT s.id, s.row, NULL::int, NULL::uuid, 'block', jsonb_build_object('reason', f -> 'code'), NULL::geometry
      FROM surveys_stagedfeature s CROSS JOIN LATERAL jsonb_array_elements(s.reading_faults) f
     WHERE s.submission_id = %(submission)s AND f ->> 'code' = ANY (%(unreadable)s)
    """,
)
