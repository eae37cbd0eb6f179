"""What a layer is, and the list of layers: rooms declare theirs, and tiles, styles, legends and exports read them.

A room declares in its `declares.py`, called from `AppConfig.ready()`::

    register(Layer(
        name="parcels", title=_("Parcels"), geometry=Geometry.POLYGON, rows=layer_rows,
        attributes=(
            Attribute("id", _("Identifier"), expression="parcel_id"),
            Attribute("number", _("Parcel number"), expression="parcel_no_raw", min_zoom=15),
            Attribute("status", _("Status"), expression="parcel__status", essential=True, choices=Status.choices),
        ),
        themes=(Theme("status", _("Status"), attribute="status", categories=(
            Category(("LEASED",), _("leased"), "st-leased"),
            Category(("ENCROACHED",), _("encroached"), "st-encroach", Pattern.HATCH))),),
        summarise=counted,  # below `min_zoom` places are drawn with their counts
    ))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

if TYPE_CHECKING:
    from authority.models import User

Text = str | Promise
Choices = Sequence[tuple[str, Text]]
Filters = Mapping[str, Any]
Rows = Callable[["User", Filters], "QuerySet[Any]"]


class Geometry(StrEnum):
    """What a layer's features are made of."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    MIXED = "mixed"


class Pattern(StrEnum):
    """Drawn over a fill so that colour never speaks alone (design language §2)."""

    NONE = ""
    HATCH = "hatch"
    DOTS = "dots"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of a layer, in tiles and in exports alike."""

    name: str  # in the tile and in exports: a–z, 0–9, _
    title: Text  # for people: legends, and the alias of exported columns
    expression: str | Combinable = ""  # field path or expression over the rows; the name itself when empty
    min_zoom: int = 0  # left out of tiles below
    essential: bool = False  # stays when a crowded tile must shrink: what themes colour by
    in_tiles: bool = True
    in_exports: bool = True
    roles: frozenset[str] | None = None  # None: whoever sees the row; else only holders of one of these roles
    choices: Choices | Callable[[], Choices] = ()  # value → label, for legends and exports; a function where rooms add
    arabic: str = ""  # alias of the exported column, whatever language the caller reads

    @property
    def source(self) -> Combinable:
        """The expression to annotate with."""
        return F(self.expression or self.name) if isinstance(self.expression, str) else self.expression

    def labels(self) -> dict[str, str]:
        """Value → label in the reader's language."""
        choices = self.choices() if callable(self.choices) else self.choices
        return {value: str(label) for value, label in choices}


@dataclass(frozen=True, slots=True)
class Category:
    """One line of a legend: the values it stands for, its words, its colour token and its pattern."""

    values: tuple[str, ...]
    title: Text
    colour: str  # name of a design token without its dashes: st-leased
    pattern: Pattern = Pattern.NONE


@dataclass(frozen=True, slots=True)
class Theme:
    """A way to colour a layer by one attribute; a layer's first theme is by what its counts by place are split by."""

    name: str  # status, use, custodian
    title: Text
    attribute: str
    categories: tuple[Category, ...] | Callable[[], tuple[Category, ...]]  # a function where they stand in tables

    def lines(self) -> tuple[Category, ...]:
        """Return the legend's lines, eight at most; what is in none is «other»."""
        return (self.categories() if callable(self.categories) else self.categories)[:8]


@dataclass(frozen=True)
class Layer:
    """What can be drawn and carried away: rows a viewer may see, their geometry, their columns, their looks."""

    name: str
    title: Text
    geometry: Geometry
    rows: Rows  # (user, filters) → rows with visible_to applied; filters: what `filters` parsed, and in tiles "z"
    attributes: tuple[Attribute, ...]
    geometry_field: str = "geom_3857"  # EPSG:3857
    index_field: str = ""  # the indexed geometry to bound on, if another (its SRID is read from the model)
    id_attribute: str = "id"  # unique among the features of the layer
    place_field: str = "place"  # from the rows to their place and custodian: columns of certain roles need them
    custodian_field: str = "custodian"
    min_zoom: int = 0  # single features from here on; below, counts by place
    max_zoom: int = 18  # the viewer stretches tiles beyond
    summarise: Callable[[str], QuerySet[Any]] | None = None  # governorate → rows, see summaries.py
    versions: tuple[str, ...] = ()  # whose LayerVersions make up the ETag; the layer's own name when empty
    filters: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)  # query parameter → parser (ValueError)
    required_filters: frozenset[str] = frozenset()
    themes: tuple[Theme, ...] = ()
    allowed: Callable[[User], bool] | None = None  # who may know of the layer at all; None: any staff
    listed: bool = True  # stands in the map's layer list (a submission's layers do not)
    label: str = ""  # the attribute written on a feature from `label_zoom` on
    label_zoom: int = 16
    unlabelled: tuple[str, ...] = ()  # values of the label that say nothing: they are not written
    order: int = 50  # drawing order: low is below

    def __post_init__(self) -> None:
        """Refuse a layer that contradicts itself."""
        names = [a.name for a in self.attributes]
        if len(set(names)) != len(names) or self.id_attribute not in names:
            raise ValueError(f"layer {self.name}: attributes must be unique and hold {self.id_attribute}")
        for theme in self.themes:
            too_many = not callable(theme.categories) and len(theme.categories) > 8
            if theme.attribute not in names or too_many:
                raise ValueError(f"layer {self.name}: theme {theme.name} colours by an unknown attribute or too many")

    @property
    def labels(self) -> str:
        """The name under which points to write its label on stand in its tiles."""
        return f"{self.name}_labels"

    @cached_property
    def version_names(self) -> tuple[str, ...]:
        """The names under which changes of this layer are counted."""
        return self.versions or (self.name,)

    def tiled(self, z: int) -> tuple[Attribute, ...]:
        """Return the columns that a tile of this zoom may carry."""
        return tuple(a for a in self.attributes if a.in_tiles and a.min_zoom <= z)

    def exported(self) -> tuple[Attribute, ...]:
        """Return the columns that an export may carry."""
        return tuple(a for a in self.attributes if a.in_exports)

    def theme(self, name: str) -> Theme | None:
        """Return a theme by name, the first when the name is unknown."""
        return next((t for t in self.themes if t.name == name), self.themes[0] if self.themes else None)


_LAYERS: dict[str, Layer] = {}


def register(layer: Layer) -> None:
    """Add a layer; a name may be taken once."""
    if layer.name in _LAYERS:
        raise ValueError(f"layer {layer.name} is declared twice")
    _LAYERS[layer.name] = layer


def find(name: str) -> Layer | None:
    """Return the layer of that name."""
    return _LAYERS.get(name)


def layers() -> Iterator[Layer]:
    """Yield all layers, lowest first."""
    yield from sorted(_LAYERS.values(), key=lambda layer: (layer.order, layer.name))
