"""Land that is in the governorate, but not in the place for which the survey was handed in."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="outside_place",
    group=GEOMETRY,
    title=_("Lies outside %(place)s, %(distance_m)s m from its boundary"),
    advice=_("Check that the survey was handed in for the right place."),
    sql="""
    WITH chosen AS MATERIALIZED (
        SELECT name_ar, ST_Transform(geom, %(srid)s) AS g FROM authority_place
         WHERE id = %(place)s AND code <> %(governorate)s AND geom IS NOT NULL AND ST_IsValid(geom)
    ), wider AS MATERIALIZED (SELECT name_ar, g, ST_Buffer(g, %(outside_m)s) AS b FROM chosen)
    SELECT m.id, m.row, NULL::int, NULL::uuid, 'warn',
           jsonb_build_object('place', w.name_ar, 'distance_m', round(ST_Distance(m.g, w.g)::numeric)), m.geom
      FROM surveys_measured m CROSS JOIN wider w
     WHERE m.valid AND NOT ST_Covers(w.b, m.g)
       AND NOT EXISTS (SELECT FROM authority_place p WHERE p.code = %(governorate)s AND p.geom IS NOT NULL
                          AND NOT ST_Intersects(p.geom, m.geom))
    """,
)
