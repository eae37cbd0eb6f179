"""Land that is not in the governorate of the survey."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import GEOMETRY, Check

CHECK = Check(
    code="outside_governorate",
    group=GEOMETRY,
    title=_("Lies outside the governorate, %(distance_m)s m from its boundary"),
    advice=_("Check the coordinate system and the order of its axes."),
    sql="""
    WITH governorate AS MATERIALIZED (
        SELECT ST_Transform(geom, %(srid)s) AS g FROM authority_place
         WHERE code = %(governorate)s AND geom IS NOT NULL AND ST_IsValid(geom)
    ), wider AS MATERIALIZED (SELECT g, ST_Buffer(g, %(outside_m)s) AS b FROM governorate)
    SELECT m.id, m.row, NULL::int, NULL::uuid, 'block',
           jsonb_build_object('distance_m', round(ST_Distance(m.g, w.g)::numeric)), m.geom
      FROM surveys_measured m CROSS JOIN wider w
     WHERE m.valid AND NOT ST_Covers(w.b, m.g)
    """,
)
