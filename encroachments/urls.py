"""Pages of `encroachments`; a file itself is shown by `cases`."""

from django.urls import URLPattern, URLResolver, path

from cases import views as cases
from encroachments import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("encroachments/new/", cases.open_file, {"kind": "encroachment"}, name="new"),
    path("encroachments/measured/", views.measured, name="measured"),
]
