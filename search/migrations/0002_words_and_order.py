"""The index gets what lists are ordered and narrowed by; its vector is made of the words by the database itself.

The table holds nothing that cannot be made again: `manage.py reindex` fills it from the registers.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import search.models


class Migration(migrations.Migration):
    dependencies = [
        ("authority", "0002_append_only_audit"),
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="searchentry", name="search_vector"),
        migrations.RemoveField(model_name="searchentry", name="vector"),
        migrations.RunSQL(migrations.RunSQL.noop, reverse_sql="DELETE FROM search_searchentry"),
        migrations.AddField(
            model_name="searchentry",
            name="area_m2",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="owner",
            field=models.CharField(blank=True, max_length=40, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="sort",
            field=models.CharField(blank=True, max_length=80, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="status",
            field=models.CharField(blank=True, max_length=20, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="use",
            field=models.CharField(blank=True, max_length=24, default="", db_default=""),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="custodian",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="authority.custodian",
            ),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="place",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="authority.place",
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=search.models.WordsAsVector("words"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="searchentry",
                index=django.contrib.postgres.indexes.GinIndex(
                    fields=["vector"], name=f"search_words_{kind}", condition=models.Q(kind=kind)
                ),
            )
            for kind in ("parcel", "asset", "place", "party", "case")
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "place", "sort"], name="search_place"),
        ),
    ]
