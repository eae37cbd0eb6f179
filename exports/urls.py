"""Pages of `exports`."""

from django.urls import URLPattern, URLResolver, path

from exports import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("exports/", views.exports, name="list"),
    path("exports/mine/", views.mine, name="mine"),
    path("exports/<uuid:export_id>/file/", views.download, name="file"),
]
