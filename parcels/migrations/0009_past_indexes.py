"""Indexes over what was superseded: the past is asked for by place, number and outline as today is."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while the site writes
    dependencies = [("parcels", "0008_edit_proposals")]

    operations = [
        AddIndexConcurrently(
            model_name="parcelversion",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("in_book", False)), fields=["geom_3857"], name="superseded_geom_3857"
            ),
        ),
        AddIndexConcurrently(
            model_name="parcelversion",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("in_book", False)), fields=["geom"], name="superseded_geom"
            ),
        ),
        AddIndexConcurrently(
            model_name="parcelversion",
            index=models.Index(
                condition=models.Q(("in_book", False)), fields=["place", "parcel_no_norm"], name="superseded_number"
            ),
        ),
        AddIndexConcurrently(
            model_name="parcelversion",
            index=models.Index(
                condition=models.Q(("in_book", False)), fields=["parcel_no_norm"], name="superseded_norm"
            ),
        ),
    ]
