"""API of `exports`."""

from django.urls import URLPattern, URLResolver, path

from exports import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("exports/", api.Exports.as_view(), name="exports"),
    path("exports/<uuid:export_id>/", api.OneExport.as_view(), name="export"),
    path("exports/<uuid:export_id>/file/", api.ExportFile.as_view(), name="file"),
]
