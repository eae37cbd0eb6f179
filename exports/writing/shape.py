"""Shapefile: one per table in a zip, with .prj, .cpg and a sheet that says which short name is which column."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from exports.asking import Selection
from exports.reading import Chunk, Column
from exports.systems import wkt
from exports.writing import dbf
from exports.writing.parts import Chunks, Part, Written
from exports.writing.tables import append, parts_of
from exports.writing.unarmed import unarmed

SHEET = "fields.csv"
LABEL = "_ar"
SIDE_FILES = ("shp", "shx", "dbf", "prj", "cpg")


def write(
    folder: Path,
    chosen: Sequence[Selection],
    chunks: Chunks,
    srid: int,
    *,
    language: str = "ar",
    encoding: str = "utf-8",
) -> Written:
    """Write every table as a shapefile and pack them."""
    inside = folder / "shapefiles"
    inside.mkdir()
    written = Written(folder / "amlak-shapefile.zip")
    sheet: list[list[str]] = []
    for selection in chosen:
        parts, texts = _write(inside, selection, chunks, srid, encoding)
        written.parts += parts.values()
        written.notes += notes(selection.layer.name, texts)
        for part in parts.values():
            sheet += described(part)
            (inside / f"{part.name}.prj").write_text(wkt(srid), encoding="ascii")
            (inside / f"{part.name}.cpg").write_text("UTF-8" if encoding == "utf-8" else "1256", encoding="ascii")
    _pack(written, inside, sheet)
    return written


def _write(
    inside: Path, selection: Selection, chunks: Chunks, srid: int, encoding: str
) -> tuple[dict[str, Part], dbf.Texts]:
    parts: dict[str, Part] = {}
    texts = dbf.Texts(encoding)
    for part, chunk in parts_of(selection, chunks):
        parts[part.name] = part
        fitted, names = flat(chunk, texts)
        path = inside / f"{part.name}.shp"
        append(path, part, fitted, srid, driver="ESRI Shapefile", names=names, encoding=encoding)
    return parts, texts


def flat(chunk: Chunk, texts: dbf.Texts) -> tuple[Chunk, list[str]]:
    """Return the rows as a shapefile holds them: fitted texts, and beside each coded column its words."""
    columns: list[Column] = []
    values: list[list[Any]] = []
    names: list[str] = []
    for column, given in zip(chunk.columns, chunk.values, strict=True):
        texty = column.kind in ("text", "moment")
        fitted = [texts.fit(column.name, None if v is None else str(v)) for v in given] if texty else given
        columns.append(Column(column.attribute, "text" if texty else column.kind))
        names.append(column.name)
        values.append([int(v) if v is not None else None for v in fitted] if column.kind == "flag" else list(fitted))
        if column.kind == "flag":
            columns[-1] = Column(column.attribute, "whole")
        if column.attribute.choices:
            labels = column.attribute.labels()
            columns.append(Column(column.attribute, "text"))
            names.append(label_name(column.name))
            values.append([texts.fit(names[-1], labels.get(v, v)) for v in given])
    return Chunk(tuple(columns), values, chunk.shapes), dbf.short_names(names)


def label_name(name: str) -> str:
    """Return the name of the column with the words of a coded one."""
    return f"{name[: dbf.NAME_LENGTH - len(LABEL)]}{LABEL}"


def described(part: Part) -> list[list[str]]:
    """Return the lines of the sheet: file, short name, full name, titles, list of values."""
    full: list[tuple[str, Column, bool]] = []
    for column in part.columns:
        full.append((column.name, column, False))
        if column.attribute.choices:
            full.append((label_name(column.name), column, True))
    lines = []
    for short, (name, column, words) in zip(dbf.short_names([one[0] for one in full]), full, strict=True):
        values = "" if words else "; ".join(f"{code} = {label}" for code, label in column.attribute.labels().items())
        lines.append([part.name, short, name, column.title("ar"), str(column.attribute.title), values])
    return lines


def notes(layer: str, texts: dbf.Texts) -> list[dict[str, Any]]:
    """Return what was lost, by column."""
    lost = [("text_cut", texts.cut), ("letters_replaced", texts.replaced)]
    return [
        {"code": code, "layer": layer, "column": column, "rows": rows}
        for code, found in lost
        for column, rows in sorted(found.items())
    ]


def _pack(written: Written, inside: Path, sheet: list[list[str]]) -> None:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([_("File"), _("Field"), _("Full name"), _("Title in Arabic"), _("Title"), _("Values")])
    table.writerows([unarmed(cell) for cell in line] for line in sheet)
    with zipfile.ZipFile(written.path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in written.parts:
            for ending in SIDE_FILES:
                archive.write(inside / f"{part.name}.{ending}", f"{part.name}.{ending}")
        archive.writestr(SHEET, text.getvalue().encode("utf-8-sig"))
        if written.notes:
            lines = [f"{n['layer']}.{n['column']}: {n['code']} × {n['rows']}" for n in written.notes]
            archive.writestr("notes.txt", "\r\n".join(lines))
