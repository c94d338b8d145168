"""Crossings and places as GeoPackage, FlatGeobuf, KML, KMZ and GeoParquet."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import shapely
from shapely.geometry.base import BaseGeometry

from geo.files import scratch
from geo.i18n.language import current
from geo.output.shared.crossing_rows import AGREED, agreed_rows
from geo.output.shared.theme import crossing_styles, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geo.analysis.reconcile import Agreement


def crossings_gpkg(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """A layer `crossings`, a row for each site and ward, and for what lies in no ward; lists as text."""
    return _geopackage(_crossings(rows, agreements), "crossings")


def crossings_fgb(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """FlatGeobuf with the rows of `crossings_gpkg`."""
    return _flatgeobuf(_crossings(rows, agreements), "crossings")


def crossings_parquet(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """GeoParquet with the rows and columns of `geo.crossings`, and `AGREED` where wards are declared."""
    if any(agreement.declared for agreement in agreements):
        agreed = agreed_rows(rows, agreements)
        rows = rows.assign(**{name: [row[name] for row in agreed] for name in AGREED})
    return _geoparquet(rows)


def crossings_kml(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """A placemark for each site and ward, and for what lies in no ward, in the colours of the maps."""
    listed, lines = agreed_rows(rows, agreements), crossing_styles(rows)
    return _kml(_crossings(rows, agreements), list(map(_title, listed)), [line.colour for line in lines])


def places_gpkg(document: dict[str, Any]) -> bytes:
    """A layer `places`, a row for each candidate of an answer (`geo.analysis.place_wards`); lists as text."""
    return _geopackage(_places(document), "places")


def places_fgb(document: dict[str, Any]) -> bytes:
    """FlatGeobuf with the rows of `places_gpkg`."""
    return _flatgeobuf(_places(document), "places")


def places_parquet(document: dict[str, Any]) -> bytes:
    """GeoParquet with the rows of `places_gpkg`."""
    return _geoparquet(_places(document))


def places_kml(document: dict[str, Any]) -> bytes:
    """A placemark for each candidate."""
    frame, colours = _places(document), theme().stretches
    used = [colours[number % len(colours)].colour for number in range(len(frame))]
    return _kml(frame, [str(name) for name in frame["name"]], used)


def crossings_kmz(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """The document of `crossings_kml`, packed."""
    return _packed(crossings_kml(_, rows, agreements))


def places_kmz(document: dict[str, Any]) -> bytes:
    """The document of `places_kml`, packed."""
    return _packed(places_kml(document))


def _packed(document: bytes) -> bytes:
    """A KMZ; the same document gives the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml"), document, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _crossings(rows: GeoDataFrame, agreements: Sequence[Agreement]) -> GeoDataFrame:
    import geopandas

    table = [_flat(row) for row in agreed_rows(rows, agreements)]
    return geopandas.GeoDataFrame(table, geometry=list(rows.geometry), crs=rows.crs)


def _places(document: dict[str, Any]) -> GeoDataFrame:
    import geopandas

    table = [{name: _place_cell(value) for name, value in each["properties"].items()} for each in document["features"]]
    shapes = [shapely.from_geojson(json.dumps(each["geometry"])) for each in document["features"]]
    return geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


def _place_cell(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    wards = [
        f"{part['name']} ({part['code']}): {part['length_m']}" if isinstance(part, dict) else part for part in value
    ]
    return "; ".join(map(str, wards))


def _geopackage(frame: GeoDataFrame, name: str) -> bytes:
    with scratch() as folder:
        path = folder / f"{name}.gpkg"
        for number, (kind, part) in enumerate(_by_dimension(frame)):
            _written(part, path, name if number == 0 else f"{name}_{kind}", driver="GPKG", promote_to_multi=True)
        return path.read_bytes()


def _flatgeobuf(frame: GeoDataFrame, name: str) -> bytes:
    """One layer; its type is that of all geometries, or any where they differ."""
    kind = {"geometry_type": "Unknown"} if len(_by_dimension(frame)) > 1 else {"promote_to_multi": True}
    with scratch() as folder:
        path = folder / f"{name}.fgb"
        _written(frame, path, name, driver="FlatGeobuf", **kind)
        return path.read_bytes()


def _written(frame: GeoDataFrame, path: Path, layer: str, **options: Any) -> None:
    import pyogrio

    pyogrio.write_dataframe(frame, path, layer=layer, **options)


def _geoparquet(frame: GeoDataFrame) -> bytes:
    file = BytesIO()
    frame.to_parquet(file, index=False)
    return file.getvalue()


def _kml(frame: GeoDataFrame, titles: Sequence[str], colours: Sequence[str]) -> bytes:
    """A placemark for each row, in its colour (#rrggbb), with what its cells say."""
    rows = frame.drop(columns="geometry").astype(object).to_dict("records")
    marks, styles = [], []
    for number, (row, title, rgb, shape) in enumerate(zip(rows, titles, colours, frame.geometry, strict=True)):
        colour = "ff" + rgb[5:7] + rgb[3:5] + rgb[1:3]
        styles.append(
            f'<Style id="s{number}"><LineStyle><color>{colour}</color><width>5</width></LineStyle>'
            f"<PolyStyle><color>66{colour[2:]}</color></PolyStyle></Style>"
        )
        data = "".join(
            f"<Data name={quoteattr(str(name))}><value>{escape(str(value))}</value></Data>"
            for name, value in row.items()
            if value not in (None, "") and value == value
        )
        marks.append(
            f"<Placemark><name>{escape(title)}</name><styleUrl>#s{number}</styleUrl>"
            f"<ExtendedData>{data}</ExtendedData>{_kml_shape(shape)}</Placemark>"
        )
    body = "".join(styles) + "".join(marks)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>\n'
    ).encode()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row without lists."""
    intervals = "; ".join(f"{a:.3f}-{b:.3f}" for a, b in row["intervals_m"])
    wards = ("border_with", "declared_wards", "on_border", "absent")
    return {**row, **{name: ", ".join(row[name]) for name in wards}, "intervals_m": intervals}


def _title(row: dict[str, Any]) -> str:
    outside = theme().text("outside")
    name = row["ward_name"] or (outside.vi if current() == "vi" else outside.en)
    size = f"{row['length_m']:.1f} m" if row["length_m"] else f"{row['area_m2']:.1f} m²" if row["area_m2"] else ""
    return f"{row['site_id']}: {name}" + (f", {size}" if size else "")


def _by_dimension(frame: GeoDataFrame) -> list[tuple[str, GeoDataFrame]]:
    """Lines, areas and points apart: a layer of a GeoPackage has one kind."""
    dimension = shapely.get_dimensions(frame.geometry.to_numpy())
    kinds = (("lines", 1), ("areas", 2), ("points", 0))
    return [(kind, frame[dimension == number]) for kind, number in kinds if (dimension == number).any()]


def _kml_shape(shape: BaseGeometry) -> str:
    parts = [_kml_part(part) for part in shapely.get_parts(shape)]
    return parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _kml_part(part: BaseGeometry) -> str:
    if shapely.get_dimensions(part) == 2:
        outer, *inner = shapely.get_rings(part)
        holes = "".join(f"<innerBoundaryIs>{_kml_line(ring, 'LinearRing')}</innerBoundaryIs>" for ring in inner)
        return f"<Polygon><outerBoundaryIs>{_kml_line(outer, 'LinearRing')}</outerBoundaryIs>{holes}</Polygon>"
    return _kml_line(part, "Point" if shapely.get_dimensions(part) == 0 else "LineString")


def _kml_line(part: BaseGeometry, kind: str) -> str:
    pairs = shapely.get_coordinates(part).round(7).tolist()
    return f"<{kind}><coordinates>{' '.join(f'{x:.7f},{y:.7f}' for x, y in pairs)}</coordinates></{kind}>"
