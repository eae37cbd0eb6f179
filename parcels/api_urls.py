"""API of `parcels`."""

from django.urls import URLPattern, URLResolver, path

from parcels.api import file, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("parcels/", views.ParcelList.as_view(), name="parcels"),
    path("parcels/merge/", views.ParcelMerge.as_view(), name="merge"),
    path("parcels/<uuid:parcel_id>/", views.ParcelOne.as_view(), name="parcel"),
    path("parcels/<uuid:parcel_id>/split/", views.ParcelSplit.as_view(), name="split"),
    path("parcels/<uuid:parcel_id>/history/", views.ParcelHistory.as_view(), name="history"),
    path("parcels/<uuid:parcel_id>/timeline/", views.ParcelTimeline.as_view(), name="timeline"),
    path("parcels/<uuid:parcel_id>/holdings/", file.HoldingList.as_view(), name="holdings"),
    path("parcels/<uuid:parcel_id>/restrictions/", file.RestrictionList.as_view(), name="restrictions"),
    path("parcels/<uuid:parcel_id>/screening/", file.Screening.as_view(), name="screening"),
    path("parcels/<uuid:parcel_id>/neighbours/", views.ParcelNeighbours.as_view(), name="neighbours"),
    path("assets/", views.AssetList.as_view(), name="assets"),
    path("assets/<uuid:asset_id>/", views.AssetOne.as_view(), name="asset"),
]
