"""A feature over a parcel whose new boundary, in this same survey, is held back by a blocking fault.

While that row is not accepted the parcel keeps its old boundary, so this one cannot be accepted without it. Asked again
until nothing more is found, because what is found holds back further rows.
"""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="overlap_held",
    group=GEOMETRY,
    title=_("Overlaps parcel %(parcel)s, whose new boundary in row %(other_row)s is held back, by %(area_m2)s m²"),
    advice=_("Deal with the faults of that row; the two boundaries are accepted together."),
    sql="""
    WITH held AS MATERIALIZED (
        SELECT r.parcel_id, r.row FROM surveys_replaced r
         WHERE EXISTS (SELECT FROM surveys_fault f WHERE f.submission_id = %(submission)s AND f.severity = 'block'
                          AND r.row IN (f.row, f.other_row))
    ), standing AS MATERIALIZED (
        SELECT m.id, m.row, m.g, h.row AS other, v.parcel_id, v.parcel_no_raw, ST_Transform(v.geom, %(srid)s) AS p
          FROM held h
          JOIN parcels_parcelversion v
            ON v.parcel_id = h.parcel_id AND v.in_book AND v.legal_range @> %(today)s::date
          JOIN surveys_measured m ON m.valid AND m.geom && v.geom AND m.row <> h.row
         WHERE NOT EXISTS (SELECT FROM surveys_fault f WHERE f.submission_id = %(submission)s AND f.row = m.row
                              AND f.code = 'overlap_held' AND f.other_row = h.row)
    ), pairs AS MATERIALIZED (
        SELECT *, ST_CollectionExtract(ST_Intersection(g, p), 3) AS x
          FROM standing WHERE ST_IsValid(p) AND ST_Intersects(g, p) AND NOT ST_Touches(g, p)
    ), measured AS MATERIALIZED (
        SELECT *, ST_Area(x) AS area, 2 * ST_Area(x) / nullif(ST_Perimeter(x), 0) AS width FROM pairs
    )
    SELECT id, row, other, parcel_id, 'block',
           jsonb_build_object('parcel', parcel_no_raw, 'other_row', other, 'area_m2', round(area::numeric, 2)),
           ST_Transform(x, 4326)
      FROM measured WHERE area > %(overlap_area_m2)s AND width > %(overlap_width_m)s
    """,
)
