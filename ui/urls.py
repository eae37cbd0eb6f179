"""Pages of `ui`."""

from django.urls import URLPattern, URLResolver, path

from ui import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", views.preferences, name="preferences"),
]
