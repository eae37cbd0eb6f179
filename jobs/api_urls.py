"""API of `jobs`."""

from django.urls import URLPattern, URLResolver, path

from jobs import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("operations/", api.Operations.as_view(), name="operations"),
]
