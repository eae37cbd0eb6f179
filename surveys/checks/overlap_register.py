"""A feature over land that stands in the register as another parcel.

A parcel whose boundary this same survey replaces is not asked: two neighbours may correct their common boundary
at once.
"""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="overlap_register",
    group=GEOMETRY,
    title=_("Overlaps the registered parcel %(parcel)s by %(area_m2)s m²"),
    advice=_("Survey the common boundary again, or open a boundary dispute; the registered parcel stays as it is."),
    sql="""
    WITH standing AS MATERIALIZED (
        SELECT m.id, m.row, m.g, v.parcel_id, v.parcel_no_raw, v.geom_area_m2, ST_Transform(v.geom, %(srid)s) AS p
          FROM surveys_measured m
          JOIN parcels_parcelversion v ON v.geom && m.geom AND v.in_book AND v.legal_range @> %(today)s::date
         WHERE m.valid AND NOT EXISTS (SELECT FROM surveys_replaced r WHERE r.parcel_id = v.parcel_id)
    ), pairs AS MATERIALIZED (
        SELECT *, ST_CollectionExtract(ST_Intersection(g, p), 3) AS x
          FROM standing WHERE ST_IsValid(p) AND ST_Intersects(g, p) AND NOT ST_Touches(g, p)
    ), measured AS MATERIALIZED (
        SELECT *, ST_Area(x) AS area, 2 * ST_Area(x) / nullif(ST_Perimeter(x), 0) AS width, ST_Area(p) AS whole
          FROM pairs
    )
    SELECT id, row, NULL::int, parcel_id, 'block',
           jsonb_build_object('parcel', parcel_no_raw, 'area_m2', round(area::numeric, 2),
                              'width_m', round(width::numeric, 2), 'percent', round((100 * area / whole)::numeric, 1)),
           ST_Transform(x, 4326)
      FROM measured WHERE area > %(overlap_area_m2)s AND width > %(overlap_width_m)s
    """,
)
