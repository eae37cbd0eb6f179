"""Pages of `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents import verifying, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/", verifying.verify, name="verify"),
    path("documents/<uuid:document_id>/", views.download, name="document"),
]
