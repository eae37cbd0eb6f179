"""A parcel without a number: it can be registered, and has to be numbered later.

A file without a column of numbers gets one note, not one a row.
"""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="number_missing",
    group=DATA,
    title=_("Without a parcel number: %(count)s"),
    advice=_("The parcel is registered without a number and is numbered later."),
    sql="""
    SELECT id, row, NULL::int, NULL::uuid, 'warn', jsonb_build_object('count', 1), geom
      FROM surveys_stagedfeature
     WHERE %(numbered)s AND submission_id = %(submission)s
       AND coalesce(mapped ->> 'parcel_no', '') = '' AND source_geom IS NOT NULL
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, 'note', jsonb_build_object('count', count(*)), NULL
      FROM surveys_stagedfeature
     WHERE NOT %(numbered)s AND submission_id = %(submission)s AND source_geom IS NOT NULL
    HAVING count(*) > 0
    """,
)
