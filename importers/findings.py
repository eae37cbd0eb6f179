"""What was found in a file: plain dataclasses that go through JSON and back. No Django here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Ring = list[list[float]]  # [[lon, lat], …] WGS 84


@dataclass
class EncodingChoice:
    """One way to read the text."""

    code: str  # utf-8, cp1256, iso-8859-6, latin-1, …; `a>b>c` repairs text that was decoded wrongly before
    confidence: float  # 0…1
    suggested: bool
    bad_cells: int  # cells that cannot be read this way
    known_words: int  # words of the trade and of Egypt's places
    arabic: float  # share of the letters beyond ASCII that are Arabic
    preview: list[str]  # one line a row, the same rows for every choice


@dataclass
class EncodingFinding:
    """How the text is to be read: certain, or a question with its choices."""

    certain: bool
    chosen: str  # the certain one, or the suggested one
    reason: str  # ascii | utf8 | cpg | declared | not_declared | cpg_lies | repaired | contradicted
    declared: str  # what the .cpg says, as written
    preview_rows: list[int]  # 1-based rows of the file
    choices: list[EncodingChoice]


@dataclass
class Placement:
    """One way to place the land."""

    code: str  # EPSG:22992, EPSG:4326, MTM:31.5, BELT-ON-WGS84:22992, FILE (as the file's own .prj says)
    axis_swapped: bool
    name: str
    suggested: bool
    inside: float | None  # share of the sample inside the governorate; None when none was given
    in_egypt: float  # share of the sample inside Egypt's frame
    accuracy_m: float | None  # of the way to WGS 84; None when unknown
    operation: str  # EPSG:7697
    bounds: list[float]  # west, south, east, north (WGS 84)
    outlines: list[Ring]
    offset_m: float = 0.0  # from the suggested placement
    direction: str = ""  # N NE E SE S SW W NW, from the suggested placement


@dataclass
class CrsFinding:
    """Where the land lies: certain, a question with placements, or a refusal."""

    certain: bool
    code: str
    axis_swapped: bool
    reason: str
    declared: str  # name in the .prj
    choices: list[Placement]
    refusal: str = ""  # code, when nothing can be offered


@dataclass
class Column:
    """One column of the file."""

    name: str
    kind: str  # text | number | date | logical
    width: int
    filled: int
    samples: list[str]


@dataclass
class Suggestion:
    """What the columns seem to be."""

    fields: dict[str, str] = field(default_factory=dict)  # column of the file → field of the register
    values: dict[str, dict[str, str]] = field(default_factory=dict)  # field → value in the file → value of the register
    certain: bool = True


@dataclass
class Layer:
    """One layer of the file."""

    name: str
    feature_count: int
    geometry: str  # polygon | line | point | multipoint | multipatch | mixed | none
    has_z: bool
    has_m: bool
    bounds: list[float]  # in the file's own coordinates
    columns: list[Column]
    encoding: EncodingFinding
    crs: CrsFinding
    mapping: Suggestion
    notes: dict[str, int] = field(default_factory=dict)  # code → count: dbf_missing, shx_missing, deleted_rows, …
    row_faults: dict[str, int] = field(default_factory=dict)

    @property
    def questions(self) -> list[str]:
        """What only a person can say."""
        return [kind for kind, finding in (("encoding", self.encoding), ("crs", self.crs)) if not finding.certain]


@dataclass
class Inspection:
    """What a file holds."""

    format: str  # shapefile | geopackage | geojson
    layers: list[Layer]
    notes: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Inspection:
        """Return what `to_json` wrote; raise TypeError or KeyError on anything else."""
        return build(cls, data)

    def layer(self, name: str = "") -> Layer:
        """Return the layer of that name, or the one with most polygons; raise KeyError."""
        if name:
            return next((layer for layer in self.layers if layer.name == name), None) or missing(name)
        return max(self.layers, key=lambda layer: (layer.geometry == "polygon", layer.feature_count))


def missing(name: str) -> Layer:
    """Raise for a layer that is not in the file."""
    raise KeyError(name)


def build(kind: type[T], data: Any) -> T:
    """Return a dataclass from its dictionary, strictly: an unknown or missing key raises TypeError."""
    if not isinstance(data, dict):
        raise TypeError(kind.__name__)
    hints = get_type_hints(kind)
    unknown = set(data) - {item.name for item in fields(kind)}  # type: ignore[arg-type]  # only dataclasses come here
    if unknown:
        raise TypeError(f"{kind.__name__}: {sorted(unknown)}")
    return kind(**{name: value_of(hints[name], value) for name, value in data.items()})


def value_of(hint: Any, value: Any) -> Any:
    """Return a value as its annotation says; nested dataclasses are built, plain types are checked."""
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value)
    origin, args = get_origin(hint), get_args(hint)
    if origin is list:
        if not isinstance(value, list):
            raise TypeError(str(hint))
        return [value_of(args[0], item) for item in value]
    if origin is dict:
        if not isinstance(value, dict):
            raise TypeError(str(hint))
        return {str(key): value_of(args[1], item) for key, item in value.items()}
    if args and type(None) in args:
        return None if value is None else value_of(next(arg for arg in args if arg is not type(None)), value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is not Any and not isinstance(value, hint):
        raise TypeError(str(hint))
    return value
