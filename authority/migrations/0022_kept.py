"""Links, checks, heads and redactions are only ever added; a recorded redaction may take an event's detail."""

import importlib

from django.db import migrations

from authority.append_only import append_only

chain = importlib.import_module("authority.migrations.0021_chain")


class Migration(migrations.Migration):
    dependencies = [("authority", "0021_chain")]

    operations = [
        migrations.RunSQL(chain.KEPT, chain.UNKEPT),
        append_only("authority_auditcheck"),
        append_only("authority_auditredaction"),
        append_only("authority_signedhead"),
    ]
