"""Pages of `leases`; a file itself is shown by `cases`."""

from django.urls import URLPattern, URLResolver, path

from cases import views as cases

urlpatterns: list[URLPattern | URLResolver] = [
    path("leases/new/", cases.open_file, {"kind": "lease"}, name="new"),
]
