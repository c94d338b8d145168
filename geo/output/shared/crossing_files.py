"""Crossings as GeoPackage, KML and GeoParquet: the rows of `agreed_rows`, with their stretches."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import shapely
from shapely.geometry.base import BaseGeometry

from geo.files import scratch
from geo.i18n.language import current
from geo.output.shared.crossing_rows import AGREED, agreed_rows
from geo.output.shared.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geo.analysis.reconcile import Agreement


def crossings_gpkg(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """A layer `crossings`, a row for each site and ward, and for what lies in no ward; lists as text."""
    import geopandas
    import pyogrio

    table = [_flat(row) for row in agreed_rows(rows, agreements)]
    frame = geopandas.GeoDataFrame(table, geometry=list(rows.geometry), crs=rows.crs)
    with scratch() as folder:
        path = folder / "crossings.gpkg"
        for number, (kind, part) in enumerate(_by_dimension(frame)):
            pyogrio.write_dataframe(
                part,
                path,
                layer="crossings" if number == 0 else f"crossings_{kind}",
                driver="GPKG",
                promote_to_multi=True,
            )
        return path.read_bytes()


def crossings_parquet(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """GeoParquet with the rows and columns of `geo.crossings`, and `AGREED` where wards are declared."""
    file = BytesIO()
    if any(agreement.declared for agreement in agreements):
        agreed = agreed_rows(rows, agreements)
        rows = rows.assign(**{name: [row[name] for row in agreed] for name in AGREED})
    rows.to_parquet(file, index=False)
    return file.getvalue()


def crossings_kml(_: GeoDataFrame, rows: GeoDataFrame, agreements: Sequence[Agreement]) -> bytes:
    """A placemark for each site and ward, and for what lies in no ward, in the colours of the maps."""
    look = theme()
    marks, styles = [], []
    for number, (row, shape) in enumerate(zip(agreed_rows(rows, agreements), rows.geometry, strict=True)):
        line = look.stretches[number % len(look.stretches)] if row["ward_code"] else look.lines["outside"]
        colour = "ff" + line.colour[5:7] + line.colour[3:5] + line.colour[1:3]
        styles.append(
            f'<Style id="s{number}"><LineStyle><color>{colour}</color><width>5</width></LineStyle>'
            f"<PolyStyle><color>66{colour[2:]}</color></PolyStyle></Style>"
        )
        data = "".join(
            f'<Data name="{name}"><value>{escape(str(value))}</value></Data>'
            for name, value in _flat(row).items()
            if value not in (None, "")
        )
        marks.append(
            f"<Placemark><name>{escape(_title(row))}</name><styleUrl>#s{number}</styleUrl>"
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
