"""The peers: each takes routes and wards, and returns a frame `site, ward, length` of the same planar metres."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

Peer = Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], pd.DataFrame]

_SQL = """
SELECT r.site AS site, w.ward AS ward, ST_Length(ST_Intersection({r}, {w})) AS length
FROM routes r JOIN wards w ON ST_Intersects({r}, {w})
"""


def overlay(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """geopandas.overlay."""
    found = gpd.overlay(routes, wards.assign(ward=np.arange(len(wards)))[["ward", "geometry"]], keep_geom_type=True)
    return pd.DataFrame({"site": found["site"], "ward": found["ward"], "length": found.geometry.length})


def sjoin(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """geopandas.sjoin, then shapely.intersection of the pairs."""
    pairs = gpd.sjoin(routes, wards.assign(ward=np.arange(len(wards)))[["ward", "geometry"]], predicate="intersects")
    ward = pairs["ward"].to_numpy()
    part = shapely.intersection(np.asarray(pairs.geometry), np.asarray(wards.geometry)[ward])
    return pd.DataFrame({"site": pairs["site"].to_numpy(), "ward": ward, "length": shapely.length(part)})


def duckdb(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """DuckDB with its spatial extension (the one from the package registry)."""
    import pyarrow as pa

    connection = duckdb_connection()
    for name, key, frame in (("routes", "site", routes), ("wards", "ward", wards)):
        table = pa.table({key: np.arange(len(frame)), "wkb": pa.array(frame.geometry.to_wkb(), pa.binary())})
        connection.register(f"{name}_wkb", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT {key}, ST_GeomFromWKB(wkb) AS geometry FROM {name}_wkb")
    return connection.execute(_SQL.format(r="r.geometry", w="w.geometry")).df()


def duckdb_connection() -> Any:
    """A database in memory with the spatial extension loaded."""
    import duckdb as db
    import duckdb_extension_spatial

    connection = db.connect(config={"allow_unsigned_extensions": True})
    [extension] = Path(duckdb_extension_spatial.__file__).parent.rglob("*.duckdb_extension")
    connection.execute(f"INSTALL '{extension}'")
    connection.execute("LOAD spatial")
    return connection


def sedonadb(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """Apache SedonaDB, single process."""
    import sedonadb as db

    context = db.connect()
    for name, key, frame in (("routes", "site", routes), ("wards", "ward", wards)):
        numbered = gpd.GeoDataFrame({key: np.arange(len(frame))}, geometry=frame.geometry.to_numpy(), crs=frame.crs)
        context.create_data_frame(numbered).to_view(name)
    return context.sql(_SQL.format(r="r.geometry", w="w.geometry")).to_pandas()


def postgis(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """PostGIS at DIABAN_BENCH_POSTGIS, tables and indexes made before the clock starts (see `prepare_postgis`)."""
    import psycopg

    with psycopg.connect(os.environ["DIABAN_BENCH_POSTGIS"]) as connection:
        rows = connection.execute(_SQL.format(r="r.geometry", w="w.geometry")).fetchall()
    return pd.DataFrame(rows, columns=["site", "ward", "length"])


def prepare_postgis(routes: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> None:
    """Tables `routes` and `wards` with GiST indexes, analysed."""
    import psycopg

    with psycopg.connect(os.environ["DIABAN_BENCH_POSTGIS"]) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for name, key, frame in (("routes", "site", routes), ("wards", "ward", wards)):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
            connection.execute(f"CREATE TABLE {name} ({key} int, geometry geometry)")
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for number, wkb in enumerate(frame.geometry.to_wkb(hex=True)):
                    copy.write_row((number, wkb))
            connection.execute(f"CREATE INDEX ON {name} USING gist (geometry)")
            connection.execute(f"ANALYZE {name}")


def available() -> dict[str, Peer]:
    """The peers that can run here, by name."""
    peers: dict[str, Peer] = {"geopandas.overlay": overlay, "sjoin + intersection": sjoin}
    try:
        import duckdb_extension_spatial  # noqa: F401

        peers["DuckDB spatial"] = duckdb
    except ImportError:
        pass
    try:
        import sedonadb as _  # noqa: F401

        peers["SedonaDB"] = sedonadb
    except ImportError:
        pass
    if "DIABAN_BENCH_POSTGIS" in os.environ:
        peers["PostGIS"] = postgis
    return peers
