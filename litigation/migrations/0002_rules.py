"""The rules a suit is counted and locked by, as rows that can be changed; no suit, judgment or step is deleted."""

import datetime as dt
from typing import Any

from django.db import migrations
from psycopg2.extras import DateRange, DateTimeTZRange

RULES = (
    (
        "litigation.appeal",
        {"appeal": 40, "cassation": 60, "urgent": 15, "state_council": 60},
        "قانون المرافعات المدنية والتجارية رقم ١٣ لسنة ١٩٦٨، المادتان ٢٢٧ و٢٥٢؛ قانون مجلس الدولة رقم ٤٧ لسنة ١٩٧٢، المادة ٤٤ (تُراجع)",
    ),
    (
        "litigation.locks",
        {
            "standing": {
                "OWNERSHIP": ["SALE", "LEASE", "ALLOCATION", "SPLIT", "MERGE", "CUSTODY"],
                "DELIVERY": ["SALE", "ALLOCATION"],
                "EVICTION": ["SALE", "ALLOCATION"],
            },
            "stayed": ["REMOVAL"],
        },
        "قاعدة عمل داخلية: القيود التي ترتبها الدعوى على القطعة، يعتمدها الشأن القانوني",
    ),
)
FROM = dt.date(1972, 10, 5)
TABLES = ("suit", "suitparty", "suitland", "suitcase", "hearing", "judgment", "executionstep")


def bring_rules(apps: Any, _editor: Any) -> None:
    """Put the rules in the book of rules, unless they stand there."""
    rule = apps.get_model("law", "LegalRule")
    for code, params, source in RULES:
        if not rule.objects.filter(code=code).exists():
            rule.objects.create(
                code=code, params=params, effective_range=DateRange(FROM, None, "[)"), source=source, state="IN_FORCE",
                recorded_range=DateTimeTZRange(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None, "[)"),
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("litigation", "0001_suits"), ("law", "0002_guard")]

    operations = [
        migrations.RunPython(bring_rules, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE FUNCTION litigation_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'nothing of the register of suits is deleted' USING ERRCODE = 'insufficient_privilege'; "
            "END $$",
            "DROP FUNCTION IF EXISTS litigation_is_kept() CASCADE",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER litigation_{name}_is_kept BEFORE DELETE ON litigation_{name} "
                "FOR EACH ROW EXECUTE FUNCTION litigation_is_kept()",
                f"DROP TRIGGER IF EXISTS litigation_{name}_is_kept ON litigation_{name}",
            )
            for name in TABLES
        ),
    ]
