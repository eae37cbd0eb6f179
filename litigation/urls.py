"""Pages of `litigation`."""

from django.urls import URLPattern, URLResolver, path

from litigation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("suits/", views.listed, name="list"),
    path("suits/new/", views.new, name="new"),
    path("suits/report.xlsx", views.report_file, name="report"),
    path("suits/calendar/", views.calendar, name="calendar"),
    path("suits/<uuid:suit_id>/", views.suit, name="suit"),
    path("suits/<uuid:suit_id>/acts/<slug:name>/", views.act, name="act"),
]
