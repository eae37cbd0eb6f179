"""The audit trail refuses UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

from authority.append_only import FUNCTION, append_only


class Migration(migrations.Migration):
    dependencies = [("authority", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS amlak_refuse_change()"),
        append_only("authority_auditevent"),
    ]
