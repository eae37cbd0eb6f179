"""A boundary that crosses itself, or is otherwise no area; found in the sandbox, never let into overlays."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="geometry_invalid",
    group=GEOMETRY,
    title=_("The boundary is not valid: %(reason)s"),
    advice=_("Correct the boundary at the marked place; the received coordinates are kept as they are."),
    sql="""
    SELECT s.id, s.row, NULL::int, NULL::uuid, 'block', jsonb_build_object('reason', f -> 'code'),
           CASE WHEN jsonb_array_length(coalesce(f -> 'point', '[]'::jsonb)) = 2
                THEN ST_SetSRID(ST_MakePoint((f -> 'point' ->> 0)::float8, (f -> 'point' ->> 1)::float8), 4326) END
      FROM surveys_stagedfeature s CROSS JOIN LATERAL jsonb_array_elements(s.reading_faults) f
     WHERE s.submission_id = %(submission)s AND f ->> 'code' = ANY (%(invalid)s)
    UNION ALL
    SELECT m.id, m.row, NULL, NULL, 'block', jsonb_build_object('reason', 'invalid_geometry'),
           ST_PointOnSurface(ST_Envelope(m.geom))
      FROM surveys_measured m WHERE NOT m.valid
    """,
)
