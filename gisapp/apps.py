"""Start-up checks of the project."""

from __future__ import annotations

from django.apps import AppConfig


class GisAppConfig(AppConfig):
    """Refuse to start on components with known holes."""

    name = "gisapp"

    def ready(self) -> None:
        """Compare Django and GDAL with their security floors (threats D13, A3)."""
        import django
        from django.contrib.gis.gdal.libgdal import GDAL_VERSION

        from gisapp.native import refuse_unsafe

        refuse_unsafe(django=django.VERSION[:3], gdal=tuple(GDAL_VERSION))
