"""Papers have an index of words of their own."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built while the site writes
    dependencies = [
        ("search", "0005_letters"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("kind", "document")), fields=["vector"], name="search_words_document"
            ),
        ),
    ]
