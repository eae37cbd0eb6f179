"""The calendar's first rules, and the guard that keeps a decided holiday as it was decided."""

import datetime as dt
from typing import Any

from django.db import migrations
from psycopg2.extras import DateRange, DateTimeTZRange

RULES = (
    ("calendar.week", {"days_off": ["FRIDAY", "SATURDAY"]}, "العطلة الأسبوعية للوزارات ووحدات الإدارة المحلية [K-M]"),
    (
        "calendar.fiscal_year",
        {"month": 7, "day": 1},
        "دستور ٢٠١٤، المادة ١٢٤؛ قانون المالية العامة الموحد ٦ لسنة ٢٠٢٢ [K-M]",
    ),
    ("calendar.agricultural_year", {"month": 11, "day": 1}, "عرف الدورة الزراعية: أول نوفمبر [K-M]"),
)
LONG_AGO = dt.date(1950, 1, 1)

GUARD = """
CREATE FUNCTION law_holiday_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'no holiday is deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    kept := NEW;
    IF OLD.state = 'PROPOSED' THEN
        kept.state := OLD.state; kept.decided_by_id := OLD.decided_by_id; kept.decided_at := OLD.decided_at;
        kept.reason := OLD.reason; kept.in_book := OLD.in_book;
        IF kept *<> OLD THEN
            RAISE EXCEPTION 'a proposal is decided as it was made' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state = 'IN_FORCE' AND NEW.decided_by_id IS NULL THEN
            RAISE EXCEPTION 'a second person puts a holiday in force' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    kept.recorded_range := OLD.recorded_range;
    kept.in_book := OLD.in_book;
    IF kept *<> OLD OR NOT upper_inf(OLD.recorded_range) OR upper_inf(NEW.recorded_range) OR isempty(NEW.recorded_range)
        OR lower(NEW.recorded_range) IS DISTINCT FROM lower(OLD.recorded_range) THEN
        RAISE EXCEPTION 'a decided holiday is only closed, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$
"""


def bring_rules(apps: Any, _editor: Any) -> None:
    """Put the calendar's rules in the book, unless they stand there."""
    rule = apps.get_model("law", "LegalRule")
    for code, params, source in RULES:
        if not rule.objects.filter(code=code).exists():
            rule.objects.create(
                code=code,
                params=params,
                effective_range=DateRange(LONG_AGO, None, "[)"),
                recorded_range=DateTimeTZRange(dt.datetime(2021, 1, 1, tzinfo=dt.UTC), None, "[)"),
                source=source,
                state="IN_FORCE",
            )


class Migration(migrations.Migration):
    dependencies = [("law", "0003_holiday")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION IF EXISTS law_holiday_is_kept()"),
        migrations.RunSQL(
            "CREATE TRIGGER law_holiday_is_kept BEFORE UPDATE OR DELETE ON law_holiday "
            "FOR EACH ROW EXECUTE FUNCTION law_holiday_is_kept()",
            "DROP TRIGGER IF EXISTS law_holiday_is_kept ON law_holiday",
        ),
        migrations.RunPython(bring_rules, migrations.RunPython.noop),
    ]
