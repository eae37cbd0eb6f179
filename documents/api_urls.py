"""API of `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/<uuid:document_id>/", api.DocumentView.as_view(), name="document"),
    path("documents/<uuid:document_id>/versions/", api.VersionsView.as_view(), name="versions"),
]
