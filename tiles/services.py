"""Writes of `tiles`: a layer's version rises in the transaction that changes what the layer shows."""

from __future__ import annotations

from django.db import connection


def bump(layer: str, governorate: str = "") -> None:
    """Count a change of the layer in a governorate ("" = everywhere); call it last in the change's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tiles_layerversion (layer, governorate, version) VALUES (%s, %s, 1)
            ON CONFLICT (layer, governorate) DO UPDATE SET version = tiles_layerversion.version + 1
            """,
            [layer, governorate],
        )
