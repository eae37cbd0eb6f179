"""API of `litigation`."""

from django.urls import URLPattern, URLResolver, path

from litigation import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("suits/", api.SuitList.as_view(), name="suits"),
    path("suits/<uuid:suit_id>/", api.SuitOne.as_view(), name="suit"),
    path("suits/<uuid:suit_id>/hearings/", api.Hearings.as_view(), name="hearings"),
    path("suits/<uuid:suit_id>/hearings/<int:hearing_id>/", api.HearingOne.as_view(), name="hearing"),
    path("suits/<uuid:suit_id>/judgments/", api.Judgments.as_view(), name="judgments"),
    path("suits/<uuid:suit_id>/judgments/<int:judgment_id>/confirm/", api.Confirmation.as_view(), name="confirm"),
]
