"""`{% engine_settings %}` puts the addresses of the vendored map files into the page, `{% map_sheet %}` their sheet."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

MAPLIBRE = "ui/vendor/maplibre-gl-5.24.0/"
SHAPING = "ui/vendor/mapbox-gl-rtl-text-0.2.3/mapbox-gl-rtl-text.min.js"


def words() -> dict[str, str]:
    """Return what MapLibre itself says to people."""
    return {
        "Map.Title": _("Map"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": _("Move the map with two fingers"),
    }


def settings() -> dict[str, Any]:
    """Return the addresses of library, worker, shaping and style, all on this host."""
    return {
        "library": static(f"{MAPLIBRE}maplibre-gl-csp.js"),
        "worker": static(f"{MAPLIBRE}maplibre-gl-csp-worker.js"),
        "shaping": static(SHAPING),
        "style": reverse("tiles:style"),
        "words": words(),
    }


@register.simple_tag
def engine_settings() -> SafeString:
    """Return the settings as a JSON script."""
    return json_script(settings(), "tiles-engine")


@register.simple_tag
def map_sheet() -> SafeString:
    """Return the link to MapLibre's own style sheet."""
    return format_html('<link rel="stylesheet" href="{}">', static(f"{MAPLIBRE}maplibre-gl.css"))
