"""A cell whose bytes are no letters in the chosen encoding."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="text_undecodable",
    group=DATA,
    title=_("Letters in the column %(column)s cannot be read in the chosen encoding"),
    advice=_("Hand the survey in again with another encoding, or correct the cell."),
    sql="""
    SELECT s.id, s.row, NULL::int, NULL::uuid, 'warn',
           jsonb_build_object('column', '') || coalesce(f -> 'params', '{}'::jsonb), s.geom
      FROM surveys_stagedfeature s CROSS JOIN LATERAL jsonb_array_elements(s.reading_faults) f
     WHERE s.submission_id = %(submission)s AND f ->> 'code' = 'text_undecodable'
    """,
)
