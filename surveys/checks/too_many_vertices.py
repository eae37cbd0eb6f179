"""A boundary of more points than a feature may have (domain.md §0b.22)."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="too_many_vertices",
    group=GEOMETRY,
    title=_("%(vertices)s points; at most %(most)s are permitted"),
    advice=_("Simplify the boundary, or divide the feature."),
    sql="""
    SELECT id, row, NULL::int, NULL::uuid, 'block',
           jsonb_build_object('vertices', ST_NPoints(geom), 'most', %(vertices)s), ST_Envelope(geom)
      FROM surveys_measured WHERE ST_NPoints(geom) > %(vertices)s
    UNION ALL
    SELECT s.id, s.row, NULL, NULL, 'block',
           jsonb_build_object('vertices', f -> 'params' -> 'vertices', 'most', %(vertices)s), NULL
      FROM surveys_stagedfeature s CROSS JOIN LATERAL jsonb_array_elements(s.reading_faults) f
     WHERE s.submission_id = %(submission)s AND f ->> 'code' = 'too_many_vertices'
    """,
)
