"""Corners are closed once like the rest of the book; the rule of the Nile's banks comes with the program."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations
from psycopg2.extras import DateRange, DateTimeTZRange

# Law 147/2021 (water resources and irrigation), Art. 1: prohibited area, restricted area, limit of the sanctuary.
NILE = {
    "bands": {
        "AREA": [[30, "PROHIBITED"], [80, "RESTRICTED"]],
        "TRAINING_LINE": [[30, "PROHIBITED"], [80, "RESTRICTED"]],
        "ISLAND": [[30, "PROHIBITED"], [80, "RESTRICTED"]],
        "BARRAGE": [[100, "PROHIBITED"], [150, "RESTRICTED"]],
        "NASSER": [[2000, "PROHIBITED"], [3000, "RESTRICTED"]],
        "TOSHKA": [[100, "PROHIBITED"], [200, "RESTRICTED"]],
        "SPILLWAY": [[100, "PROHIBITED"], [200, "RESTRICTED"]],
        "ASWAN_REACH": [[100, "PROHIBITED"], [200, "RESTRICTED"]],
    },
    "beyond": "CORNICHE",
}
IN_FORCE_FROM = dt.date(2021, 10, 17)
SOURCE = "قانون الموارد المائية والري رقم ١٤٧ لسنة ٢٠٢١، المادة ١"


def bring_rule(apps: Any, _editor: Any) -> None:
    """Put the rule in the book of rules, unless it stands there."""
    rule = apps.get_model("law", "LegalRule")
    if not rule.objects.filter(code="protection.nile").exists():
        rule.objects.create(
            code="protection.nile",
            params=NILE,
            effective_range=DateRange(IN_FORCE_FROM, None, "[)"),
            recorded_range=DateTimeTZRange(dt.datetime(2021, 10, 17, tzinfo=dt.UTC), None, "[)"),
            source=SOURCE,
            state="IN_FORCE",
        )


class Migration(migrations.Migration):
    dependencies = [("parcels", "0004_dictionary"), ("law", "0002_guard")]

    operations = [
        ValidateConstraint("parcelversion", "sheet_scale_is_a_scale"),
        migrations.RunSQL(
            "CREATE TRIGGER parcels_corner_is_only_closed_once BEFORE UPDATE OR DELETE ON parcels_corner "
            "FOR EACH ROW EXECUTE FUNCTION parcels_only_closed_once()",
            "DROP TRIGGER IF EXISTS parcels_corner_is_only_closed_once ON parcels_corner",
        ),
        migrations.RunSQL(
            "ALTER TABLE parcels_corner ADD CONSTRAINT corner_range_is_real "
            "CHECK (NOT isempty(recorded_range) AND NOT lower_inf(recorded_range))",
            "ALTER TABLE parcels_corner DROP CONSTRAINT corner_range_is_real",
        ),
        migrations.RunPython(bring_rule, migrations.RunPython.noop),
    ]
