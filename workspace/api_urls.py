"""API of `workspace`."""

from django.urls import URLPattern, URLResolver, path

from workspace import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("parcels/<uuid:parcel_id>/sheet/", api.Sheet.as_view(), name="sheet"),
]
