"""A site as a GeoPackage for QGIS: layers `sites`, `stretches`, `wards`, each with its style inside the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.files import scratch
from geo.output.dossier.data_files.gpkg_metadata import add_metadata
from geo.output.dossier.data_files.qml import sites_qml, stretches_qml, wards_qml
from geo.output.dossier.view import SiteView
from geo.output.shared.cells import known
from geo.output.shared.stretches import Stretch
from geo.output.shared.theme import stretch_styles
from geo.spatial.measure import route_length

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

# GDAL's settings are the process's.
_ONE_AT_A_TIME = Lock()
_SAME_M = 0.5
"""A shape is that of an interval if their lengths differ by no more."""
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
  f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT, ui TEXT, update_time DATETIME)
"""


def site_frames(site: SiteView) -> dict[str, GeoDataFrame]:
    """The layers of a site in WGS 84: `sites` (one row), `stretches` (a row a ward, and one for what lies in none),
    `wards` (those it crosses)."""
    return {"sites": _site(site), "stretches": _stretches(site), "wards": _wards(site)}


def gpkg(site: SiteView) -> bytes:
    """The site as GeoPackage 1.3 in WGS 84, or in the city's VN-2000 zone as the edition says.

    Its styles are in `layer_styles`, what it is from and under which licence in its metadata. Same situation, same
    bytes.
    """
    import pyogrio

    day = site.view.situation.day
    with scratch() as folder, _dated(day):
        path = folder / "site.gpkg"
        for name, frame in site_frames(site).items():
            placed = frame.to_crs(site.view.city.epsg) if site.view.edition.vn2000 else frame
            pyogrio.write_dataframe(placed, path, layer=name, driver="GPKG", promote_to_multi=True)
        _add_styles(path, _qml(site), day)
        add_metadata(path, site)
        return path.read_bytes()


def _qml(site: SiteView) -> dict[str, str]:
    w, programme = site.view.words, site.view.situation.programme
    lines = stretch_styles(np.array([row.geometry for row in site.stretches], dtype=object))
    return {
        "sites": sites_qml(w, programme.level_ids, site.dimension),
        "stretches": stretches_qml([row.ward_code for row in site.stretches], site.view.names, lines, site.dimension),
        "wards": wards_qml(w, programme.phase_ids),
    }


def _add_styles(path: Path, styles: dict[str, str], day: date) -> None:
    moment = f"{day.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(_STYLES)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (moment,),
        )
        for name, qml in styles.items():
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, useAsDefault, description, owner, update_time) "
                "VALUES ('', '', ?, 'geom', ?, ?, 1, '', '', ?)",
                (name, name, qml, moment),
            )
        base.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Let GDAL take the situation's day for now: files must not tell when they were made."""
    import pyogrio

    with _ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def site_facts(site: SiteView) -> dict[str, Any]:
    """What the register says of a site, by the names under which `crossings --sites` reads it again."""
    row = site.row
    texts = {name: _text(getattr(row, attribute)) for name, attribute in _SITE_TEXTS.items()}
    figures = {
        "handed_over": int(row.handed_over) if known(row.handed_over) else None,
        **{name: _figure(getattr(row, name)) for name in ("accuracy_m", "corridor_m")},
        "length_m": round(site.length_m, 3),
        "declared_wards": json.dumps(list(row.declared_wards)),
    }
    return {"site_id": site.id, "number": site.number, "name": site.name} | texts | figures


def _site(site: SiteView) -> GeoDataFrame:
    return _frame([site_facts(site)], [site.row.geometry])


def _figure(value: object) -> float | None:
    return float(str(value)) if known(value) else None


_SITE_TEXTS = {"site_group": "group", "level": "level", "begins": "from_", "ends": "to", "document": "document"} | {
    name: name for name in ("declared_text", "geometry_source", "note")
}


def _stretches(site: SiteView) -> GeoDataFrame:
    """A row for each piece of a ward, with its begin and end along the route; areas and points have neither."""
    rows: list[dict[str, Any]] = []
    shapes = []
    for row in site.stretches:
        for begin, end, shape in _pieces(row):
            rows.append(_stretch(site, row, begin, end))
            shapes.append(shape)
    return _frame(rows, shapes)


def _pieces(row: Stretch) -> list[tuple[float | None, float | None, Any]]:
    """The pieces of a stretch with their shapes; one piece where shapes and intervals do not match one to one."""
    parts = list(shapely.get_parts(row.geometry))
    if not row.intervals_m:
        return [(None, None, row.geometry)]
    if len(parts) == len(row.intervals_m):
        found = list(zip(row.intervals_m, parts, strict=True))
        if all(abs(route_length(part) - (end - begin)) < _SAME_M for (begin, end), part in found):
            return [(begin, end, part) for (begin, end), part in found]
    return [(row.intervals_m[0][0], row.intervals_m[-1][1], row.geometry)]


def _stretch(site: SiteView, row: Stretch, begin: float | None, end: float | None) -> dict[str, Any]:
    view = site.view
    return {
        "site_id": site.id,
        "ward_code": row.ward_code or None,
        "ward_name": view.name(row.ward_code),
        "from_m": None if begin is None else round(begin, 3),
        "to_m": None if end is None else round(end, 3),
        "length_m": round(row.length_m if begin is None or end is None else end - begin, 3),
        "area_m2": round(row.area_m2, 1),
        "ward_share": round(row.share, 6),
        "ward_border_m": round(row.border_m, 3),
        "border_with": ", ".join(view.name(code) for code in row.border_with),
        "verdict": row.verdict,
    }


def _wards(site: SiteView) -> GeoDataFrame:
    wards = site.view.situation.wards
    here = wards[wards["code"].astype(str).isin([row.ward_code for row in site.stretches])]
    rows = [
        {
            "code": str(row["code"]),
            "name": str(row["name"]),
            "full_name": str(row["full_name"]),
            "kind": str(row["kind"]),
            "province_code": str(row["province_code"]),
            "phase": str(row["phase"]),
            "area_km2": float(row["area_km2"]) if known(row["area_km2"]) else None,
            "population": int(row["population"]) if known(row["population"]) else None,
            "merged_from": json.dumps(_texts(row.get("merged_from")), ensure_ascii=False),
        }
        for row in here.drop(columns="geometry").to_dict("records")
    ]
    return _frame(rows, list(here.geometry))


def _frame(rows: list[dict[str, Any]], shapes: list[Any]) -> GeoDataFrame:
    import geopandas
    import pandas as pd

    frame = pd.DataFrame(rows)
    for name in ("handed_over", "population"):
        if name in frame:
            frame[name] = frame[name].astype("Int64")
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def _texts(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list | tuple) else []


def _text(value: object) -> str:
    return str(value) if known(value) else ""
