"""Addresses of the site: each room brings its pages (`urls`) and its part of the API (`api_urls`)."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from gisapp import health

ROOMS = (
    "workspace", "leases", "encroachments", "custody", "litigation", "correspondence", "surveys", "cases", "parcels",
    "exports", "importers", "tiles", "search", "documents", "law", "jobs", "parties", "authority", "ui",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    *(path("api/v1/", include((f"{room}.api_urls", f"{room}-api"))) for room in ROOMS),
    *(path("", include((f"{room}.urls", room))) for room in ROOMS),
]

handler400 = "authority.errors.bad_request"
handler403 = "authority.errors.forbidden"
handler404 = "authority.errors.not_found"
handler500 = "authority.errors.server_error"
