"""Pages of `encroachments`; a file itself is shown by `cases`."""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from cases import views as cases
from encroachments import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("encroachments/", require_safe(RedirectView.as_view(url="/cases/?kind=encroachment")), name="list"),
    path("encroachments/new/", cases.open_file, {"kind": "encroachment"}, name="new"),
    path("encroachments/measured/", views.measured, name="measured"),
]
