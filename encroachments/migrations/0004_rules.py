"""Within how many days a new encroachment on the same land counts as a repeat, as a row that can be changed."""

import datetime as dt
from typing import Any

from django.db import migrations
from psycopg2.extras import DateRange, DateTimeTZRange

RULES = (
    (
        "encroachments.repeat",
        {"days": 730},
        dt.date(1984, 3, 31),
        "قانون العقوبات رقم ٥٨ لسنة ١٩٣٧، المادة ٣٧٢ مكررًا (العود)؛ مدة السنتين قاعدة عمل داخلية (تُراجع)",
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
    dependencies = [("encroachments", "0003_lawful_orders"), ("law", "0002_guard")]

    operations = [migrations.RunPython(bring_rules, migrations.RunPython.noop)]
