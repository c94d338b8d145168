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

from geo.files import scratch
from geo.output.dossier.data_files.qml import sites_qml, stretches_qml, wards_qml
from geo.output.dossier.view import SiteView
from geo.output.shared.cells import known

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

# GDAL's settings are the process's.
_ONE_AT_A_TIME = Lock()
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
    """The site as GeoPackage 1.3 in WGS 84, its styles in `layer_styles`. Same situation, same bytes."""
    import pyogrio

    day = site.view.situation.day
    with scratch() as folder, _dated(day):
        path = folder / "site.gpkg"
        for name, frame in site_frames(site).items():
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", promote_to_multi=True)
        _add_styles(path, _qml(site), day)
        return path.read_bytes()


def _qml(site: SiteView) -> dict[str, str]:
    w = site.view.words
    return {
        "sites": sites_qml(w, site.dimension),
        "stretches": stretches_qml([row.ward_code for row in site.stretches], site.view.names, site.dimension),
        "wards": wards_qml(w),
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


def _site(site: SiteView) -> GeoDataFrame:
    row = site.row
    texts = {name: _text(getattr(row, attribute)) for name, attribute in _SITE_TEXTS.items()}
    figures = {
        "handed_over": int(row.handed_over) if known(row.handed_over) else None,
        "accuracy_m": float(row.accuracy_m) if known(row.accuracy_m) else None,
        "length_m": round(site.length_m, 3),
        "declared_wards": json.dumps(list(row.declared_wards)),
    }
    return _frame([{"site_id": site.id, "number": site.number, "name": site.name} | texts | figures], [row.geometry])


_SITE_TEXTS = {"site_group": "group", "level": "level", "begins": "from_", "ends": "to", "document": "document"}


def _stretches(site: SiteView) -> GeoDataFrame:
    view = site.view
    rows = [
        {
            "site_id": site.id,
            "ward_code": row.ward_code or None,
            "ward_name": view.name(row.ward_code),
            "length_m": round(row.length_m, 3),
            "area_m2": round(row.area_m2, 1),
            "share": round(row.share, 6),
            "chainage": "; ".join(f"{a:.1f}-{b:.1f}" for a, b in row.intervals_m),
            "border_m": round(row.border_m, 3),
            "border_with": ", ".join(view.name(code) for code in row.border_with),
            "verdict": row.verdict,
        }
        for row in site.stretches
    ]
    return _frame(rows, [row.geometry for row in site.stretches])


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
