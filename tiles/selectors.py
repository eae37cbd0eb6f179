"""What a viewer may see of a layer as a tile, and under which ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority import clock, patience
from authority.models import User
from authority.policies import STAFF_READ, Scope, scope_of
from authority.refusal import Invalid, NotFound, Unavailable
from tiles import mvt, registry, summaries
from tiles.grid import Tile
from tiles.models import OrthoImage
from tiles.registry import Filters, Layer

FORMAT = "2"  # of tiles; raise it when the same rows come to be drawn otherwise
TIMEOUT = "2s"


@dataclass(frozen=True, slots=True)
class Request:
    """One question for a tile: what, by whom, where."""

    layer: Layer
    user: User
    scope: Scope
    tile: Tile
    filters: Filters

    @property
    def by_place(self) -> bool:
        """Whether this zoom shows counts by place and no single features."""
        return self.tile.z < self.layer.min_zoom


@dataclass(frozen=True, slots=True)
class Answer:
    """A tile: its bytes (none where there is nothing) and whether it may be kept and asked for again by its ETag."""

    body: bytes
    lasting: bool = True


def layer_for(user: User, name: str) -> Layer:
    """Return a layer the person may know of; raises NotFound for others, which answer like unknown ones."""
    layer = registry.find(name)
    if layer is None or not may_see(user, layer):
        raise NotFound("layer_unknown", _("There is no layer of this name, or it is outside your permissions."))
    return layer


def may_see(user: User, layer: Layer) -> bool:
    """Say whether the person may know of the layer."""
    return layer.allowed(user) if layer.allowed else scope_of(user).holds(STAFF_READ)


def visible_layers(user: User) -> Iterator[Layer]:
    """Yield the layers of the map's list that the person may see, lowest first."""
    yield from (layer for layer in registry.layers() if layer.listed and may_see(user, layer))


def filters_of(layer: Layer, given: Mapping[str, str]) -> dict[str, Any]:
    """Read the filters a layer knows; raises Invalid for unknown, unreadable or missing ones."""
    unknown = sorted(set(given) - set(layer.filters))
    missing = sorted(layer.required_filters - set(given))
    if unknown or missing:
        raise Invalid("filter_unknown", _("Filters unknown or missing: %(names)s."), names=", ".join(unknown + missing))
    try:
        return {name: layer.filters[name](text) for name, text in given.items()}
    except (ValueError, TypeError) as error:
        raise Invalid("filter_invalid", _("A filter cannot be read: %(reason)s."), reason=str(error)[:200]) from error


def etag(request: Request) -> str:
    """Return the tile's ETag: format, content, rights, filters and day; no tile need be drawn for it."""
    content = "|".join(f"{k}:{v}" for k, v in sorted(summaries.versions(request.layer.version_names).items()))
    parts = (FORMAT, request.layer.name, content, request.scope.key(), repr(sorted(request.filters.items())))
    told = "\n".join((*parts, str(clock.today())))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def bounded() -> AbstractContextManager[None]:
    """Give the statements of a tile two seconds; raises Unavailable beyond."""
    too_slow = Unavailable("tile_too_slow", _("This tile took too long; zoom in or narrow the filter."))
    return patience.bounded(TIMEOUT, too_slow)


def tile(request: Request) -> Answer:
    """Return the tile: single features where they fit, else counts by place."""
    if request.by_place:
        return counts(request)
    try:
        with bounded():
            body = mvt.features(request.layer, request.user, request.scope, request.tile, request.filters)
    except Unavailable:
        body = None
        if request.layer.summarise is None:
            raise
    return counts(request) if body is None else Answer(body)


def counts(request: Request) -> Answer:
    """Return the tile of counts; nothing where the layer is not counted or a filter asks for something else."""
    if request.layer.summarise is None or request.filters:
        return Answer(b"")
    freshness = summaries.ensure(request.layer, clock.now())
    with bounded():
        return Answer(summaries.draw(request.layer, request.scope, request.tile), lasting=freshness)


def home_of(user: User, name: str) -> str:
    """Return where a map begins: the box "west,south,east,north" (degrees) of what one sees of a layer."""
    layer = registry.find(name)
    box = summaries.extent(layer, scope_of(user), clock.now()) if layer else None
    return ",".join(f"{edge:.7f}" for edge in box) if box else ""


def pictures_visible_to(user: User) -> QuerySet[OrthoImage]:
    """Return the orthophotos a person may look at: the staff's, as places are."""
    found = OrthoImage.objects.select_related("document")
    return found if scope_of(user).holds(STAFF_READ) else found.none()


def picture_for(user: User, name: str) -> OrthoImage:
    """Return an orthophoto by name; raises NotFound."""
    found = pictures_visible_to(user).filter(name=name).first()
    if found is None:
        raise NotFound("picture_unknown", _("There is no picture of this name."))
    return found
