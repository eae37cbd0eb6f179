"""Files from outside that no scanner has seen are no longer counted as checked."""

from typing import Any

from django.db import migrations

MADE_HERE = ("issued", "export", "orthophoto")


def name_unscanned(apps: Any, _editor: Any) -> None:
    """Give what came from outside and was never scanned its own state."""
    documents = apps.get_model("documents", "Document").objects
    documents.filter(state="CLEAN", scanned_at=None).exclude(kind__in=MADE_HERE).update(state="UNSCANNED")


def forget(apps: Any, _editor: Any) -> None:
    """Count them as checked again, as before."""
    apps.get_model("documents", "Document").objects.filter(state="UNSCANNED").update(state="CLEAN")


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_papers")]

    operations = [migrations.RunPython(name_unscanned, forget)]
