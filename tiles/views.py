"""Doors of the map: tiles, what they hold, and how they look."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from authority.keys import TILES, user_from_request
from authority.models import User
from authority.policies import scope_of
from authority.refusal import Invalid, NotFound
from documents import services as documents
from tiles import grid, orthophoto, pmtiles, selectors, style, tilejson
from tiles.palette import Mode

MVT = "application/vnd.mapbox-vector-tile"
SMALL = 400  # bytes under which compressing gains nothing


def viewer(request: HttpRequest) -> User:
    """Return who asks, by key or by session; raises NotSignedIn: a tile never leads to the sign-in page."""
    return user_from_request(request, scope=TILES)


@login_not_required
@require_safe
def tile(request: HttpRequest, name: str, z: str, x: str, y: str) -> HttpResponse:
    """Answer a tile: 200, 204 where there is nothing, 304 where the caller has it; rights are asked before each."""
    where = address(z, x, y)
    user = viewer(request)
    layer = selectors.layer_for(user, name)
    filters = selectors.filters_of(layer, plain(request))
    asked = selectors.Request(layer, user, scope_of(user), where, filters)
    tag = selectors.etag(asked)
    if tag in request.headers.get("If-None-Match", ""):
        return private(HttpResponse(status=304, headers={"ETag": tag}))
    answer = selectors.tile(asked)
    response = packed(request, answer.body) if answer.body else HttpResponse(status=204)
    if answer.lasting:
        response["ETag"] = tag
    return private(response)


def address(z: str, x: str, y: str) -> grid.Tile:
    """Return the tile of the address; raises Invalid before anything is asked of the database."""
    try:
        return grid.parse(z, x, y)
    except ValueError as error:
        raise Invalid("tile_impossible", _("There is no such tile.")) from error


def plain(request: HttpRequest) -> Mapping[str, str]:
    """Return the filters of the address."""
    return {name: text for name, text in request.GET.items() if text and isinstance(text, str)}


def packed(request: HttpRequest, body: bytes) -> HttpResponse:
    """Return the tile, compressed where the caller can read it so."""
    response = HttpResponse(content_type=MVT)
    if len(body) > SMALL and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, 5, mtime=0)
        response["Content-Encoding"] = "gzip"
    response.content = body
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Forbid shared caches, and make private ones ask each time: rights may have changed (threats B5)."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Authorization", "Accept-Encoding"))
    return response


@login_not_required
@require_safe
def description(request: HttpRequest, name: str) -> HttpResponse:
    """Answer the layer's TileJSON."""
    user = viewer(request)
    layer = selectors.layer_for(user, name)
    return private(JsonResponse(tilejson.describe(layer, scope_of(user), request.build_absolute_uri("/"))))


@login_not_required
@require_safe
def map_style(request: HttpRequest) -> HttpResponse:
    """Answer the MapLibre style of all layers the viewer may see: ?mode=light|dark&theme=status&base=map."""
    user = viewer(request)
    mode: Mode = "dark" if request.GET.get("mode") == "dark" else "light"
    looks = style.Looks(mode=mode, theme=request.GET.get("theme", ""), root=request.build_absolute_uri("/"))
    pictures = list(selectors.pictures_visible_to(user))
    return private(JsonResponse(style.build(list(selectors.visible_layers(user)), looks, pictures)))


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str, z: str, x: str, y: str) -> HttpResponse:
    """Answer an orthophoto's part of a tile as PNG; 204 where it does not reach."""
    where = address(z, x, y)
    image = selectors.picture_for(viewer(request), name)
    tag = f'"{image.document.sha256[:24]}-{where.z}-{where.x}-{where.y}"'
    if tag in request.headers.get("If-None-Match", ""):
        return private(HttpResponse(status=304, headers={"ETag": tag}))
    body = orthophoto.tile_png(documents.open_file(image.document), where)
    response = HttpResponse(body, content_type="image/png") if body else HttpResponse(status=204)
    response["ETag"] = tag
    return private(response)


@login_not_required
@require_safe
def pixel(request: HttpRequest, name: str) -> HttpResponse:
    """Answer the values of an orthophoto's pixel: ?lon=…&lat=… in degrees of WGS 84."""
    image = selectors.picture_for(viewer(request), name)
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError) as error:
        raise Invalid("point_unreadable", _("Give lon and lat in degrees.")) from error
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise Invalid("point_outside", _("The point lies outside the map."))
    found = orthophoto.value_at(documents.open_file(image.document), lon, lat)
    return private(JsonResponse({"name": image.name, "crs": image.crs, "values": found}))


@login_not_required
@require_safe
def ground(request: HttpRequest, z: str, x: str, y: str) -> HttpResponse:
    """Answer a tile of the background file that is set; 204 where it has none, 404 where no file is set."""
    where = address(z, x, y)
    viewer(request)
    if not settings.BASEMAP_PMTILES:
        raise NotFound
    archive = pmtiles.open_archive(Path(settings.BASEMAP_PMTILES))
    tag = f'"{"-".join(map(str, (*pmtiles.stamp(archive.path), where.z, where.x, where.y)))}"'
    if tag in request.headers.get("If-None-Match", ""):
        return private(HttpResponse(status=304, headers={"ETag": tag}))
    body = pmtiles.tile(archive, where)
    response = HttpResponse(body, content_type=archive.kind) if body else HttpResponse(status=204)
    response["ETag"] = tag
    return private(response)
