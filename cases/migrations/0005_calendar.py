"""Holidays move to the room of law with their rows; open deadlines learn from which day how many days they count."""

from django.db import migrations, models

HOLIDAYS = """
INSERT INTO law_holiday (day, name_ar, name_en, source, cancels, recorded_range, state, reason)
SELECT day, name_ar, name_en, 'أُدخلت قبل قيد العطلات بالقرارات', false, tstzrange(now(), NULL), 'IN_FORCE', ''
FROM cases_holiday ON CONFLICT DO NOTHING
"""
BACK = """
INSERT INTO cases_holiday (day, name_ar, name_en)
SELECT day, name_ar, name_en FROM law_holiday WHERE state = 'IN_FORCE' AND in_book AND NOT cancels
"""
# A period that stood still once is counted from its first day all the same: the count of days is what was given to it.
COUNTED = """
UPDATE cases_deadline d SET counts_from = d.starts_on, allotted = CASE WHEN NOT d.working THEN d.due_on - d.starts_on
    ELSE (SELECT count(*) FROM generate_series(d.starts_on + 1, d.due_on, interval '1 day') g(day)
          WHERE extract(isodow FROM g.day) NOT IN (5, 6)
            AND NOT EXISTS (SELECT FROM cases_holiday h WHERE h.day = g.day::date)) END
WHERE d.met_on IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_withdrawn_papers"), ("law", "0004_calendar")]

    operations = [
        migrations.AddField("deadline", "allotted", models.IntegerField(blank=True, null=True)),
        migrations.AddField("deadline", "counts_from", models.DateField(blank=True, null=True)),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(HOLIDAYS, BACK),
        migrations.DeleteModel(name="Holiday"),
    ]
