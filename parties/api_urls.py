"""API of `parties`."""

from django.urls import URLPattern, URLResolver, path

from parties import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("parties/", api.PartyList.as_view(), name="parties"),
    path("parties/lookup/", api.PartyLookup.as_view(), name="lookup"),
    path("parties/<uuid:party_id>/", api.PartyDetail.as_view(), name="party"),
    path("parties/<uuid:party_id>/reveal/", api.PartyReveal.as_view(), name="reveal"),
]
