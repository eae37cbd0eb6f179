"""API of `authority`."""

from django.urls import URLPattern, URLResolver, path

from authority.rest import audit, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("audit/", audit.AuditList.as_view(), name="audit"),
    path("me/", views.Me.as_view(), name="me"),
    path("places/", views.PlaceList.as_view(), name="places"),
    path("places/<slug:code>/", views.PlaceDetail.as_view(), name="place"),
]
