"""Pages of `custody`; a file itself is shown by `cases`."""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from cases import views as cases

urlpatterns: list[URLPattern | URLResolver] = [
    path("custody/", require_safe(RedirectView.as_view(url="/cases/?kind=custody")), name="list"),
    path("custody/new/", cases.open_file, {"kind": "custody"}, name="new"),
]
