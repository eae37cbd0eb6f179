"""Outlines of places stand apart from their rows: whoever asks for places by path reads no outlines.

PostGIS keeps geometry in the row as long as it can and moves the texts out instead, so that each comparison of a path
had to fetch it from elsewhere: twenty times slower over all places.
"""

from django.db import migrations

APART = """
    ALTER TABLE authority_place ALTER COLUMN geom SET STORAGE EXTERNAL, ALTER COLUMN geom_3857 SET STORAGE EXTERNAL;
    UPDATE authority_place SET geom = geom WHERE geom IS NOT NULL;
"""
BACK = "ALTER TABLE authority_place ALTER COLUMN geom SET STORAGE MAIN, ALTER COLUMN geom_3857 SET STORAGE MAIN"


class Migration(migrations.Migration):
    dependencies = [("tiles", "0002_counts_and_orthophotos"), ("authority", "0002_append_only_audit")]
    operations = [migrations.RunSQL(APART, BACK)]
