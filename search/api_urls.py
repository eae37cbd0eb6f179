"""API of `search`."""

from django.urls import URLPattern, URLResolver, path

from search.api import SearchView
from search.saved_api import SavedFilterOne, SavedFilters

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", SearchView.as_view(), name="search"),
    path("saved-filters/", SavedFilters.as_view(), name="saved_filters"),
    path("saved-filters/<uuid:saved_id>/", SavedFilterOne.as_view(), name="saved_filter"),
]
