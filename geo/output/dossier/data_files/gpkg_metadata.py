"""What a GeoPackage says of itself: title, sources, licence, day; what each layer and column is."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from xml.sax.saxutils import escape

from geo.output.dossier.documents.sources import source_lines
from geo.output.dossier.view import SiteView

_TABLES = """
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL, md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name));
"""
_EXTENSIONS = {
    "gpkg_metadata": ("gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata"),
    "gpkg_metadata_reference": ("gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata"),
    "gpkg_data_columns": ("gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema"),
}
_LAYERS = ("sites", "stretches", "wards")


def add_metadata(path: Path, site: SiteView) -> None:
    """Add the metadata of a site to a GeoPackage with its layers; nothing depends on the clock."""
    moment = f"{site.view.situation.day.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_TABLES)
        base.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT "
            "NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (table_name, column_name, extension_name))"
        )
        for table, (name, definition) in _EXTENSIONS.items():
            base.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')", (table, name, definition))
        base.execute(
            "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://purl.org/dc/elements/1.1/', 'text/xml', ?)",
            (_dublin_core(site),),
        )
        base.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (moment,)
        )
        for layer in _LAYERS:
            _describe(base, site, layer)


def _dublin_core(site: SiteView) -> str:
    w, situation = site.view.words, site.view.situation
    entries = (
        ("title", w.text("subject_dossier", number=site.number, name=site.name)),
        ("description", w.text(f"notice_{site.view.edition.audience}")),
        ("date", situation.day.isoformat()),
        ("identifier", f"{site.id} {situation.data_version}"),
        ("language", w.lang),
        *(("source", line) for line in source_lines(site)),
        ("rights", w.text("rights")),
    )
    lines = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in entries)
    return f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{lines}</metadata>'


def _describe(base: sqlite3.Connection, site: SiteView, layer: str) -> None:
    w = site.view.words
    base.execute(
        "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
        (w.text(f"layer_{layer}"), w.text(f"layer_{layer}_about"), layer),
    )
    for column, description in _columns(site).items():
        if base.execute(f"SELECT 1 FROM pragma_table_info('{layer}') WHERE name = ?", (column,)).fetchone():
            row = (layer, column, description)
            base.execute("INSERT INTO gpkg_data_columns (table_name, column_name, description) VALUES (?, ?, ?)", row)


def _columns(site: SiteView) -> Mapping[str, str]:
    """What columns hold that do not say so by their name."""
    w = site.view.words
    names = ("from_m", "to_m", "length_m", "ward_share", "ward_border_m", "verdict", "accuracy_m", "ward_code", "phase")
    return {name: w.text(f"column_{name}") for name in names}
