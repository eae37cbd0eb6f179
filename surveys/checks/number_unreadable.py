"""A parcel number that is none (domain.md §2.1)."""

from django.utils.translation import gettext_lazy as _

from surveys.checks.rule import DATA, Check

CHECK = Check(
    code="number_unreadable",
    group=DATA,
    title=_("“%(number)s” is not a parcel number"),
    advice=_("Write it as on the deed: 12, 12/3, part of 45, 45 bis."),
    sql="""
    SELECT id, row, NULL::int, NULL::uuid, 'block', jsonb_build_object('number', mapped ->> 'parcel_no'), geom
      FROM surveys_stagedfeature
     WHERE submission_id = %(submission)s
       AND coalesce(mapped ->> 'parcel_no', '') <> '' AND mapped ->> 'parcel_no_norm' IS NULL
    """,
)
