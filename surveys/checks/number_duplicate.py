"""Two parcels of one number in the same hod."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="number_duplicate",
    group=DATA,
    title=_("Number %(number)s also stands in row %(other_row)s of the same hod"),
    advice=_("Correct one of the two numbers."),
    sql="""
    WITH numbered AS (
        SELECT id, row, geom, mapped ->> 'parcel_no_norm' AS number, mapped ->> 'place_id' AS place
          FROM surveys_stagedfeature
         WHERE submission_id = %(submission)s AND coalesce(mapped ->> 'parcel_no_norm', '') NOT IN ('', 'بدون')
    ), compared AS (SELECT *, min(row) OVER (PARTITION BY place, number) AS first FROM numbered)
    SELECT id, row, first, NULL::uuid, 'block', jsonb_build_object('number', number, 'other_row', first), geom
      FROM compared WHERE row > first
    """,
)
