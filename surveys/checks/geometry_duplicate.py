"""Two rows with the same boundary."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="geometry_duplicate",
    group=GEOMETRY,
    title=_("The same boundary as row %(other_row)s"),
    advice=_("Keep one of the two rows."),
    sql="""
    SELECT id, row, first, NULL::uuid, 'block', jsonb_build_object('other_row', first), geom
      FROM (SELECT m.*, min(row) OVER (PARTITION BY shape) AS first FROM surveys_measured m WHERE valid) d
     WHERE row > first
    """,
)
