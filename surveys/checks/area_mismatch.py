"""The area that is written against the area that was drawn (domain.md §2.3)."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="area_mismatch",
    group=DATA,
    title=_("Written area %(stated_m2)s m², drawn area %(area_m2)s m² (%(percent)s%%)"),
    advice=_("Compare with the deed, then correct the column or the boundary."),
    sql="""
    SELECT m.id, m.row, NULL::int, NULL::uuid,
           CASE WHEN gap > %(area_block_share)s * stated THEN 'block' ELSE 'warn' END,
           jsonb_build_object('stated_m2', round(stated, 2), 'area_m2', round(m.area::numeric, 2),
                              'percent', round(100 * (m.area::numeric - stated) / stated, 2)),
           m.geom
      FROM surveys_measured m
      JOIN surveys_stagedfeature s ON s.id = m.id
      CROSS JOIN LATERAL (SELECT nullif(s.mapped ->> 'area_m2', '')::numeric AS stated) w
      CROSS JOIN LATERAL (SELECT abs(m.area::numeric - stated) AS gap) d
     WHERE m.valid AND stated > 0 AND gap > greatest(%(area_warn_m2)s, %(area_warn_share)s * stated)
    """,
)
