"""Addresses of the map: tiles, their descriptions, the style."""

from django.urls import URLPattern, URLResolver, path

from tiles import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("tiles/style.json", views.map_style, name="style"),
    path("tiles/ortho/<slug:name>/<str:z>/<str:x>/<str:y>.png", views.picture, name="picture"),
    path("tiles/ortho/<slug:name>/value", views.pixel, name="pixel"),
    path("tiles/base/<str:z>/<str:x>/<str:y>", views.ground, name="ground"),
    path("tiles/<slug:name>.json", views.description, name="description"),
    path("tiles/<slug:name>/<str:z>/<str:x>/<str:y>.mvt", views.tile, name="tile"),
]
