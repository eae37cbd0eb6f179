"""How long a farm lease may be without the governor, and how long a notice runs, as rows that can be changed."""

import datetime as dt
from typing import Any

from django.db import migrations
from psycopg2.extras import DateRange, DateTimeTZRange

RULES = (
    (
        "leases.farm_term",
        {"years": 3},
        dt.date(1964, 3, 23),
        "القانون رقم ١٠٠ لسنة ١٩٦٤ بتنظيم تأجير العقارات المملوكة للدولة ملكية خاصة (تُراجع)",
    ),
    (
        "leases.notice",
        {"days": 15},
        dt.date(1964, 3, 23),
        "قاعدة عمل داخلية: مهلة الإنذار الرسمي قبل الفسخ، يعتمدها الشأن القانوني",
    ),
)


def bring_rules(apps: Any, _editor: Any) -> None:
    """Put the rules in the book of rules, unless they stand there."""
    rule = apps.get_model("law", "LegalRule")
    for code, params, starts, source in RULES:
        if not rule.objects.filter(code=code).exists():
            rule.objects.create(
                code=code, params=params, effective_range=DateRange(starts, None, "[)"), source=source,
                state="IN_FORCE", recorded_range=DateTimeTZRange(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None, "[)"),
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("leases", "0002_rent_record"), ("law", "0002_guard")]

    operations = [migrations.RunPython(bring_rules, migrations.RunPython.noop)]
