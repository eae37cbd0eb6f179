"""Addresses of the map: tiles, their descriptions, the style."""

from django.urls import URLPattern, URLResolver, path

from tiles import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("tiles/style.json", views.map_style, name="style"),
    path("tiles/<slug:name>.json", views.description, name="description"),
    path("tiles/<slug:name>/<str:z>/<str:x>/<str:y>.mvt", views.tile, name="tile"),
]
