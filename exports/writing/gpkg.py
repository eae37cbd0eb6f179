"""GeoPackage: every layer as a table, Arabic column titles, and the map's styles inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from exports.asking import Selection
from exports.styles.qml import qml
from exports.writing.parts import Chunks, Part, Written
from exports.writing.tables import append, parts_of

DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name)
);
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""
# As QGIS makes it, so that it finds the default style of each table by itself.
STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0);
"""


def write(folder: Path, chosen: Sequence[Selection], chunks: Chunks, srid: int, *, language: str = "ar") -> Written:
    """Write all selections into one GeoPackage."""
    written = Written(folder / "amlak.gpkg")
    for selection in chosen:
        parts: dict[str, Part] = {}
        for part, chunk in parts_of(selection, chunks):
            parts[part.name] = part
            names = [column.name for column in chunk.columns]
            append(
                written.path,
                part,
                chunk,
                srid,
                driver="GPKG",
                names=names,
                layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
                dataset_options={"VERSION": "1.2"},  # which QGIS 3.22 and older programs read without a warning
            )
        written.parts += parts.values()
    with closing(sqlite3.connect(written.path)) as database, database:
        describe(database, written.parts, language)
        add_styles(database, written.parts, language)
    return written


def describe(database: sqlite3.Connection, parts: Sequence[Part], language: str) -> None:
    """Write titles of tables and columns."""
    database.executescript("CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));")  # fmt: skip # noqa: E501
    database.executescript(DATA_COLUMNS)
    for part in parts:
        database.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
            (part.name, str(part.layer.title), part.name),
        )
        used: set[str] = set()
        for column in part.columns:
            title = column.title(language)
            title = title if title not in used else f"{title} ({column.name})"
            used.add(title)
            database.execute(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
                (part.name, column.name, title, title),
            )


def add_styles(database: sqlite3.Connection, parts: Sequence[Part], language: str) -> None:
    """Write the style of each theme; the first is what QGIS opens the table with."""
    database.executescript(STYLES)
    for part in parts:
        for number, theme in enumerate(part.layer.themes or (None,)):
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, '')",
                (
                    part.name,
                    theme.name if theme else "default",
                    qml(part, theme, language),
                    int(number == 0),
                    str(theme.title) if theme else "",
                ),
            )
