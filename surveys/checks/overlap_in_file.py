"""Two features of the file over the same land."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="overlap_in_file",
    group=GEOMETRY,
    title=_("Overlaps row %(other_row)s of the file by %(area_m2)s m²"),
    advice=_("Return to the surveyor with the sketch and the points of the overlap."),
    sql="""
    WITH pairs AS MATERIALIZED (
        SELECT b.id, b.row, a.row AS other, ST_CollectionExtract(ST_Intersection(a.g, b.g), 3) AS x
          FROM surveys_measured a
          JOIN surveys_measured b ON a.g && b.g AND a.row < b.row AND a.shape <> b.shape
         WHERE a.valid AND b.valid AND ST_Intersects(a.g, b.g) AND NOT ST_Touches(a.g, b.g)
    ), measured AS MATERIALIZED (
        SELECT *, ST_Area(x) AS area, 2 * ST_Area(x) / nullif(ST_Perimeter(x), 0) AS width FROM pairs
    )
    SELECT id, row, other, NULL::uuid, 'block',
           jsonb_build_object('other_row', other, 'area_m2', round(area::numeric, 2),
                              'width_m', round(width::numeric, 2)),
           ST_Transform(x, 4326)
      FROM measured WHERE area > %(overlap_area_m2)s AND width > %(overlap_width_m)s
    """,
)
