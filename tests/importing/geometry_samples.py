"""One route in every format that is read, written by other programs' libraries or as those programs write it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from table_files import ods_file, xlsx_file

XY = [
    (105.8409474, 20.9768151),
    (105.8408897, 20.973329),
    (105.8408903, 20.9723811),
    (105.8409287, 20.9719175),
    (105.8409886, 20.9715971),
    (105.8413577, 20.9702758),
]
"""Part of đường Giải Phóng: 729.7 m in the ward of Hoàng Mai (00331)."""
ROUTE = shapely.LineString(XY)
LENGTH_M, WARD = 729.7, "00331"
FRAME = gpd.GeoDataFrame({"ten": ["Đường Kim Giang"]}, geometry=[ROUTE], crs=4326)
METRES = FRAME.to_crs(5897)
EN = shapely.get_coordinates(METRES.geometry).tolist()
"""The same in VN-2000, metres east and north."""
GEOMETRY: dict[str, Any] = dict(shapely.geometry.mapping(ROUTE))


def feature(geometry: Any = GEOMETRY, properties: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A GeoJSON Feature."""
    return {"type": "Feature", "properties": dict(properties or {}), "geometry": geometry, **more}


def collection(*features: Any, **more: Any) -> bytes:
    """A GeoJSON FeatureCollection."""
    document = {"type": "FeatureCollection", "features": list(features or [feature()]), **more}
    return json.dumps(document, ensure_ascii=False).encode()


def line(xy: Any) -> dict[str, Any]:
    """A GeoJSON LineString."""
    return {"type": "LineString", "coordinates": [list(pair) for pair in xy]}


def named_crs(name: str) -> dict[str, Any]:
    """A `crs` member of before RFC 7946."""
    return {"type": "name", "properties": {"name": name}}


def kml(body: str) -> bytes:
    """A KML document."""
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"'
    return f'{head} xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{body}</Document></kml>'.encode()


def placemark(name: str, shape: str) -> str:
    """A placemark of KML."""
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


KML_LINE = f"<LineString><coordinates>{' '.join(f'{x},{y},0' for x, y in XY)}</coordinates></LineString>"
KML_POINT = "<Point><coordinates>105.84,20.97</coordinates></Point>"


def gpx(body: str) -> bytes:
    """A GPX document."""
    head = "<?xml version='1.0'?><gpx version='1.1' creator='x' xmlns='http://www.topografix.com/GPX/1/1'>"
    return f"{head}{body}</gpx>".encode()


def gpx_points(tag: str) -> str:
    """The vertices of the route."""
    return "".join(f"<{tag} lat='{y}' lon='{x}'/>" for x, y in XY)


def topology() -> bytes:
    """TopoJSON with a transform: steps on a grid."""
    steps = np.diff(np.round((np.array(XY) - [105.8, 20.9]) * 1e7).astype(int), axis=0, prepend=[[0, 0]])
    item = {"type": "LineString", "arcs": [0], "properties": {"ten": "Kim Giang"}, "id": "k"}
    grid = {"scale": [1e-7, 1e-7], "translate": [105.8, 20.9]}
    objects = {"tuyen": {"type": "GeometryCollection", "geometries": [item]}}
    return json.dumps({"type": "Topology", "transform": grid, "objects": objects, "arcs": [steps.tolist()]}).encode()


def esri() -> bytes:
    """A feature set as an ArcGIS server gives it."""
    feature = {"attributes": {"TEN": "Kim Giang"}, "geometry": {"paths": [EN]}}
    return json.dumps(
        {"geometryType": "esriGeometryPolyline", "spatialReference": {"wkid": 5897}, "features": [feature]}
    ).encode()


def rows(*heading: str) -> list[list[Any]]:
    """The vertices of the route as a table."""
    return [list(heading), *([x, y] for x, y in XY)]


def csv(*lines: str) -> bytes:
    """Lines of text."""
    return ("\n".join(lines) + "\n").encode()


def by(driver: str, frame: gpd.GeoDataFrame = FRAME) -> Callable[[Path], None]:
    """Written by GDAL."""
    return lambda path: frame.to_file(path, driver=driver)


_DRIVERS = {"shp": "ESRI Shapefile", "tab": "MapInfo File"}


def zipped(*kinds: str, frame: gpd.GeoDataFrame = FRAME) -> Callable[[Path], None]:
    """A zipped Shapefile, or MapInfo table, with these of its files."""

    def write(path: Path) -> None:
        folder = path.with_suffix("")
        folder.mkdir()
        main = "tab" if "tab" in kinds else "shp"
        frame.to_file(folder / f"tuyen.{main}", driver=_DRIVERS[main], encoding="UTF-8")
        with zipfile.ZipFile(path, "w") as archive:
            for kind in kinds:
                archive.write(folder / f"tuyen.{kind}", f"data/tuyen.{kind}")

    return write


def kmz(path: Path) -> None:
    """Zipped KML."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", kml(placemark("Kim Giang", KML_LINE)))
        archive.writestr("files/icon.png", b"\x89PNG")


BARE = FRAME[["geometry"]]
FORMATS: dict[str, bytes | Callable[[Path], None]] = {
    "collection.geojson": collection(),
    "feature.geojson": json.dumps(feature()).encode(),
    "geometry.json": json.dumps(GEOMETRY).encode(),
    "nested.geojson": collection(json.loads(collection())),
    "list.json": json.dumps([feature()]).encode(),
    "sequence.geojsonl": json.dumps(feature()).encode() + b"\n",
    "separated.geojsons": b"\x1e" + json.dumps(feature()).encode() + b"\n",
    "mark.geojson": b"\xef\xbb\xbf" + collection(),
    "utf16.geojson": collection().decode().encode("utf-16"),
    "heights.geojson": collection(feature(line([(*XY[0], 5), *((x, y) for x, y in XY[1:3]), *((x, y, 1, 2) for x, y in XY[3:])]))),
    "metres.geojson": collection(feature(line(EN)), crs=named_crs("urn:ogc:def:crs:EPSG::5897")),
    "topology.topojson": topology(),
    "esri.json": esri(),
    "route.kml": kml(placemark("Kim Giang", KML_LINE)),
    "route.kmz": kmz,
    "route.gpx": gpx(f"<rte><name>R</name>{gpx_points('rtept')}</rte>"),
    "track.gpx": gpx(f"<trk><trkseg>{gpx_points('trkpt')}</trkseg></trk>"),
    "route.gpkg": by("GPKG"),
    "metres.gpkg": by("GPKG", METRES),
    "route.fgb": by("FlatGeobuf"),
    "route.gml": by("GML"),
    "mapinfo.zip": zipped("tab", "dat", "map", "id"),
    "shapefile.zip": zipped("shp", "shx", "dbf", "prj", "cpg"),
    "without_index.zip": zipped("shp", "dbf", "prj"),
    "route.parquet": METRES.to_parquet,
    "wkt.csv": csv("id;WKT", f"1;{ROUTE.wkt}"),
    "ewkt.csv": csv("id,geom", f'1,"SRID=5897;{shapely.LineString(EN).wkt}"'),
    "wkb.csv": csv("id,geom", f"1,{ROUTE.wkb_hex}"),
    "lonlat.csv": csv("lon,lat", *(f"{x},{y}" for x, y in XY)),
    "vietnamese.csv": csv("Vĩ độ;Kinh độ", *(f"{y};{x}".replace(".", ",") for x, y in XY)),
    "bare.csv": csv(*(f"{x},{y}" for x, y in XY)),
    "route.wkt": ROUTE.wkt.encode(),
    "vertices.xlsx": xlsx_file(rows("Kinh độ", "Vĩ độ")),
    "vertices.ods": ods_file(rows("lon", "lat")),
}  # fmt: skip
"""Name → bytes, or what writes the file: each is read without any option."""
ASKING: dict[str, bytes | Callable[[Path], None]] = {
    "metres.dxf": by("DXF", METRES[["geometry"]]),
    "without_prj.zip": zipped("shp", "shx", "dbf", frame=METRES),
    "metres.csv": csv("X,Y", *(f"{y:.3f},{x:.3f}" for x, y in EN)),
    "bare_metres.geojson": collection(feature(line(EN))),
    "no_system.parquet": lambda path: METRES.set_crs(None, allow_override=True).to_parquet(path),
}
"""The same in metres without a system: each is read with `--crs EPSG:5897`, and refused without."""


def written(folder: Path, name: str) -> Path:
    """The file of this name, in a folder."""
    made, path = (FORMATS | ASKING)[name], folder / name
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made(path)
    return path
