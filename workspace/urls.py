"""Pages of `workspace`."""

from django.urls import URLPattern, URLResolver, path

from workspace.lists import inbox, register
from workspace.parcel import views as parcel

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox.my_work, name="inbox"),
    path("parcels/", register.parcels, name="parcels"),
    path("parcels/<uuid:parcel_id>/", parcel.parcel, name="parcel"),
]
