"""A parcel without a number: it can be registered, and has to be numbered later."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="number_missing",
    group=DATA,
    title=_("Without a parcel number"),
    advice=_("The parcel is registered without a number and is numbered later."),
    sql="""
    SELECT id, row, NULL::int, NULL::uuid,
           CASE WHEN %(numbered)s THEN 'warn' ELSE 'note' END, '{}'::jsonb, geom
      FROM surveys_stagedfeature
     WHERE submission_id = %(submission)s AND coalesce(mapped ->> 'parcel_no', '') = '' AND source_geom IS NOT NULL
    """,
)
