"""Pages of `workspace`."""

from django.urls import URLPattern, URLResolver, path

from workspace.lists import register
from workspace.parcel import views as parcel

urlpatterns: list[URLPattern | URLResolver] = [
    path("parcels/", register.parcels, name="parcels"),
    path("parcels/<uuid:parcel_id>/", parcel.parcel, name="parcel"),
]
