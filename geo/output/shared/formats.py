"""The formats of every output: what each kind is written as, by what, and as what media type it is served.

The ending of a file chooses the format (`format_of`); an ending that an output is not written as is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name (what `--format` takes), the ending of its files, its media type.

    `writer` is what makes its bytes, as 'module:function'; '' where the command or the importer does it itself.
    """

    name: str
    ending: str
    media_type: str
    writer: str = ""

    def made(self, *arguments: Any, **options: Any) -> Any:
        """The output of these arguments in this format; arguments and errors are those of the writer."""
        module, _, path = self.writer.partition(":")
        return reduce(getattr, path.split("."), import_module(module))(*arguments, **options)  # type: ignore[operator]


def _format(ending: str, media_type: str, name: str = "") -> Format:
    return Format(name or ending, ending, media_type)


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_ALL = {
    entry.name: entry
    for entry in (
        _format("txt", "text/plain; charset=utf-8", "table"),
        _format("json", "application/json"),
        _format("geojson", "application/geo+json"),
        _format("csv", "text/csv; charset=utf-8"),
        _format("html", "text/html; charset=utf-8"),
        _format("png", "image/png"),
        _format("svg", "image/svg+xml"),
        _format("pdf", "application/pdf"),
        _format("docx", f"{_OPEN_XML}.wordprocessingml.document"),
        _format("odt", "application/vnd.oasis.opendocument.text"),
        _format("xlsx", f"{_OPEN_XML}.spreadsheetml.sheet"),
        _format("gpkg", "application/geopackage+sqlite3"),
        _format("kml", "application/vnd.google-earth.kml+xml"),
        _format("kmz", "application/vnd.google-earth.kmz"),
        _format("fgb", "application/flatgeobuf"),
        _format("parquet", "application/vnd.apache.parquet"),
        _format("ics", "text/calendar; charset=utf-8"),
        _format("zip", "application/zip"),
        _format("mbtiles", "application/vnd.sqlite3"),
        _format("pmtiles", "application/vnd.pmtiles"),
    )
}


def _by(module: str, **functions: str) -> tuple[Format, ...]:
    """Formats by name, each with the function of a module that writes it."""
    written = ((name, f"geo.output.{module}:{function}" if function else "") for name, function in functions.items())
    return tuple(replace(_ALL[name], writer=writer) for name, writer in written)


MEDIA_TYPES: Mapping[str, str] = {entry.name: entry.media_type for entry in _ALL.values()}
"""The media type of each format by its name."""
_DOSSIER = ("pdf", "docx", "odt", "png", "html", "gpkg", "kml", "xlsx")
KINDS: Mapping[str, tuple[Format, ...]] = {
    "map": _by("maps.files", html="page", png="png", svg="svg", pdf="pdf"),
    "dossier": _by("dossier.formats", **{name: f"SiteFiles.{name}" for name in _DOSSIER}),
    "atlas": _by("dossier.formats", pdf="atlas", docx="atlas_docx", odt="atlas_odt"),
    "minutes": _by("dossier.formats", docx="minutes", odt="minutes_odt", pdf="minutes_pdf"),
    "package": _by("", zip=""),
    "crossings": _by(
        "shared.row_files",
        table="",
        json="crossings_json",
        csv="crossings_csv",
        geojson="crossings_geojson",
        xlsx="crossings_xlsx",
    )
    + _by(
        "shared.vector_files",
        gpkg="crossings_gpkg",
        kml="crossings_kml",
        kmz="crossings_kmz",
        fgb="crossings_fgb",
        parquet="crossings_parquet",
    ),
    "wards": _by("", table="", json="", csv=""),
    "plan": _by("", table="", json=""),
    "place": _by("", geojson="", json="", table="")
    + _by(
        "shared.vector_files",
        gpkg="places_gpkg",
        kml="places_kml",
        kmz="places_kmz",
        fgb="places_fgb",
        parquet="places_parquet",
    ),
    "history": _by("", table="", json="", csv=""),
    "flags": _by(
        "shared.row_files", table="", json="flags_json", geojson="flags_geojson", csv="flags_csv", xlsx="flags_xlsx"
    ),
    "backtest": _by("", table="", json=""),
    "clusters": _by("", table="", json=""),
    "findings": _by("", table="", json=""),
    "wards-file": _by("", geojson="", json=""),
    "attainment": _by("reports.files", table="", json="attainment_json", csv="attainment_csv", xlsx="attainment_xlsx"),
    "programme-report": _by("reports.written", docx="report_docx", odt="report_odt", pdf="report_pdf")
    + _by("reports.workbook", xlsx="report_xlsx"),
    "programme-template": _by("reports.template", xlsx="template_xlsx"),
    "calendar": _by("reports.calendar", ics="deadlines_ics"),
    "report-template": _by("", xlsx="", csv=""),
    "tiles": _by("", mbtiles="", pmtiles=""),
}
"""What each output is written as; the first is taken where nothing else is asked for."""


_OF_MAPS = frozenset((".shp", ".dbf", ".kmz", ".tab", ".mif", ".dxf", ".gml"))
"""Endings of what programs for maps write; they all read what is written here."""


def names(kind: str) -> tuple[str, ...]:
    """The names of the formats of an output."""
    return tuple(entry.name for entry in KINDS[kind])


def named(kind: str, name: str) -> Format:
    """The format of this name.

    Raises
    ------
    InputError
        The output is not written as that.
    """
    for entry in KINDS[kind]:
        if entry.name == name:
            return entry
    raise InputError(Problem("formats.unknown", "--format", name=name, names=names(kind)))


def format_of(kind: str, file: Path | None = None, name: str | None = None) -> Format:
    """The format that a name or the ending of a file chooses; the first one where there is neither.

    Raises
    ------
    InputError
        The output is not written as that, or name and ending do not agree.
    """
    asked = None if name is None else named(kind, name)
    if file is None:
        return asked or KINDS[kind][0]
    ending = file.suffix.lower().removeprefix(".")
    found = next((entry for entry in KINDS[kind] if entry.ending == ending), None)
    if asked is not None and (found is asked or not ending):
        return asked
    endings = [f".{entry.ending}" for entry in KINDS[kind]]
    if found is None:
        of_maps = "gpkg" in names(kind) and _OF_MAPS.intersection(suffix.lower() for suffix in file.suffixes)
        code = "formats.other-map-format" if of_maps else "formats.wrong-ending"
        raise InputError(Problem(code, str(file), ending=ending, endings=endings))
    if asked is not None:
        raise InputError(Problem("formats.two-formats", str(file), name=asked.name, ending=asked.ending))
    return found
