"""Pages of `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/<uuid:document_id>/", views.download, name="document"),
]
