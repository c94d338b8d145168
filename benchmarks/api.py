"""Items of OGC API Features against tipg and pygeoapi on PostGIS: same data, same machine, two workers each.

    python -m benchmarks.api --peers /path/to/their/venv [--postgis postgresql://user@127.0.0.1/empty]

`--peers` is a virtual environment with `tipg pygeoapi gunicorn uvicorn httptools uvloop geoalchemy2 psycopg2-binary`;
`--postgis` names a database of one's own, in which the tables are made anew; without it a server is started for the
measurement. diaban runs as `diaban serve --workers 2` does, its records in SQLite; every peer has two workers as well,
and nobody writes a log line a request. The servers are asked in turn, all by 127.0.0.1, with the load beside them on
the same processors. diaban caches the bytes of answers, which is what 'the same again' measures; with 'another each
time' nothing that is asked for was asked before. `bare` is a Starlette route that returns diaban's bytes, ready made:
the limit of such a service here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psycopg
import shapely

from benchmarks.http_load import Load, load
from benchmarks.postgis_server import postgis
from benchmarks.serving import serving
from geo.reference.cities import cities
from geo.reference.wards import load_wards
from geo.situation import load_registers

WORKERS = "2"
PORTS = {"diaban": 8451, "tipg": 8452, "pygeoapi": 8453, "bare": 8454}
ITEMS = {
    "diaban": "/ogc/collections/wards/items",
    "tipg": "/collections/public.wards/items",
    "pygeoapi": "/collections/wards/items",
}
BOX = "105.830,21.030,105.860,21.060"
SITE = "HN-I-1"


def main() -> None:
    """Print requests a second and p99 of each case as ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgis", help="a database of one's own; a server is started if absent")
    parser.add_argument("--peers", required=True, type=Path, help="virtual environment of the peers")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = chosen.postgis or stack.enter_context(postgis())
        fill(url)
        measured_cases = cases()
        for name, command, environment in servers(url, chosen.peers / "bin", folder):
            if name == "bare":
                store_bodies(folder / "bodies", measured_cases)
            stack.enter_context(serving(command, _ready(name), environment))
        sys.stdout.write(f"load before: {os.getloadavg()}\n")
        for case, paths in measured_cases.items():
            measured = {name: [load(PORTS[name], paths[name], seconds=0.5, connections=8)] for name in PORTS}
            for _ in range(chosen.runs):
                for name, found in measured.items():
                    found.append(load(PORTS[name], paths[name], seconds=chosen.seconds, connections=8))
            report(case, {name: found[1:] for name, found in measured.items()})
        sys.stdout.write(f"load after: {os.getloadavg()}\n")


def cases() -> dict[str, dict[str, list[str]]]:
    """Case → server → the paths that are asked for in turn."""
    rng = random.Random(7)
    corners = [(rng.uniform(105.7, 105.9), rng.uniform(20.9, 21.1)) for _ in range(20_000)]
    boxes = [f"{x:.6f},{y:.6f},{x + 0.03:.6f},{y + 0.03:.6f}" for x, y in corners]
    points = [
        f"{x:.6f},{y:.6f}" for x, y in ((rng.uniform(105.79, 105.88), rng.uniform(20.98, 21.06)) for _ in corners)
    ]
    found = {
        "all wards": {name: [f"{path}?limit=200&f={_geojson(name)}"] for name, path in ITEMS.items()},
        "one ward": {name: [f"{path}/00004?f={_geojson(name)}"] for name, path in ITEMS.items()},
        "a small box, the same again": {
            name: [f"{path}?bbox={BOX}&f={_geojson(name)}"] for name, path in ITEMS.items()
        },
        "a small box, another each time": {
            name: [f"{path}?bbox={box}&f={_geojson(name)}" for box in boxes] for name, path in ITEMS.items()
        },
        "crossings of a site": {
            name: [f"{path.replace('wards', 'crossings')}?site_id={SITE}&f={_geojson(name)}"]
            for name, path in ITEMS.items()
        },
        "the ward at a point, another each time": {
            name: [
                f"/api/v1/wards/at?lon={point.split(',')[0]}&lat={point.split(',')[1]}&f=geojson"
                if name == "diaban"
                else f"{path}?bbox={point},{point}&f={_geojson(name)}"
                for point in points
            ]
            for name, path in ITEMS.items()
        },
    }
    return {case: {**paths, "bare": [f"/{number}"]} for number, (case, paths) in enumerate(found.items())}


def store_bodies(folder: Path, measured: dict[str, dict[str, list[str]]]) -> None:
    """What diaban answers to the first paths of each case, for as many bare routes to give."""
    folder.mkdir()
    for paths in measured.values():
        for path, bare in zip(paths["diaban"], paths["bare"], strict=False):
            with urllib.request.urlopen(f"http://127.0.0.1:{PORTS['diaban']}{path}", timeout=60) as answer:
                (folder / bare[1:]).write_bytes(answer.read())


def report(case: str, measured: dict[str, list[Load]]) -> None:
    """One line a peer: how many times as many answers a second, and how many times as long its p99 is."""
    middle = {name: statistics.median(entry.per_second for entry in found) for name, found in measured.items()}
    slow = {name: statistics.median(entry.p99 for entry in found) for name, found in measured.items()}
    sizes = {name: found[-1].size for name, found in measured.items()}
    sys.stdout.write(f"{case} (bytes: {sizes})\n")
    for name, rate in middle.items():
        sys.stdout.write(f"  {name}: {rate:.0f} a second, p99 {slow[name] * 1000:.1f} ms\n")
    for name in list(measured)[1:]:
        rate, tail = middle["diaban"] / middle[name], slow[name] / slow["diaban"]
        sys.stdout.write(
            f"  diaban / {name}: {rate:.2f} times as many a second; p99 of {name} is {tail:.1f} times as long\n"
        )
    sys.stdout.flush()


def fill(url: str) -> None:
    """The wards and crossings of both cities as tables with a primary key and a spatial index."""
    wards = load_wards()
    names = ["code", "name", "full_name", "kind", "province_code", "phase", "valid_from"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute("DROP TABLE IF EXISTS wards")
        columns = ", ".join(f"{name} text" for name in names[1:])
        connection.execute(f"CREATE TABLE wards (code text PRIMARY KEY, {columns}, geom geometry(Geometry, 4326))")
        row = f"INSERT INTO wards VALUES ({', '.join(['%s'] * len(names))}, ST_SetSRID(ST_GeomFromWKB(%s), 4326))"
        values = zip(*(wards[name] for name in names), shapely.to_wkb(wards.geometry.to_numpy()), strict=True)
        with connection.cursor() as cursor:
            cursor.executemany(row, list(values))
        connection.execute("CREATE INDEX ON wards USING gist (geom)")
        connection.execute("ANALYZE wards")
        fill_crossings(connection)


def fill_crossings(connection: psycopg.Connection) -> None:
    """The crossings of all sites, indexed by site and by place."""
    found = [load_registers(city.slug).crossings for city in cities()]
    connection.execute("DROP TABLE IF EXISTS crossings")
    connection.execute(
        "CREATE TABLE crossings (code text PRIMARY KEY, site_id text, ward_code text, ward_name text, "
        "length_m double precision, share double precision, geom geometry(Geometry, 4326))"
    )
    row = "INSERT INTO crossings VALUES (%s, %s, %s, %s, %s, %s, ST_SetSRID(ST_GeomFromWKB(%s), 4326))"
    with connection.cursor() as cursor:
        for frame in found:
            names = [frame[name].tolist() for name in ("site_id", "ward_code", "ward_name", "length_m", "share")]
            codes = [f"{site}.{ward}" for site, ward in zip(names[0], names[1], strict=True)]
            cursor.executemany(row, zip(codes, *names, shapely.to_wkb(np.asarray(frame.geometry)), strict=True))
    connection.execute("CREATE INDEX ON crossings (site_id)")
    connection.execute("CREATE INDEX ON crossings USING gist (geom)")
    connection.execute("ANALYZE crossings")


def servers(url: str, peers: Path, folder: Path) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Name, command and environment of each server."""
    flags = ["--host", "127.0.0.1", "--workers", WORKERS, "--no-access-log", "--log-level", "error"]
    own = {
        "DIABAN_DATABASE_URL": "",
        "DIABAN_DATABASE_FILE": str(folder / "records.sqlite"),
        "DIABAN_LOG_REQUESTS": "0",
    }
    serve = [sys.executable, "-c", "from geo.cli.app import main; main()", "serve", "--workers", WORKERS]
    yield "diaban", [*serve, "--port", str(PORTS["diaban"])], own
    tipg = [str(peers / "uvicorn"), "tipg.main:app", *flags, "--port", str(PORTS["tipg"])]
    yield "tipg", tipg, {"DATABASE_URL": url, "TIPG_DB_SCHEMAS": '["public"]'}
    config, described = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(json.dumps(_pygeoapi(url)))  # JSON is YAML
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = [str(peers / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(described)]
    subprocess.run(made, check=True, env=os.environ | settings, stdout=subprocess.DEVNULL)
    bind = f"127.0.0.1:{PORTS['pygeoapi']}"
    # As diaban is served: the same protocol and loop, without the name of the server in every answer.
    bare = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", *flags, "--no-server-header"]
    bare += ["--port", str(PORTS["bare"])]
    gunicorn = ["gunicorn", "pygeoapi.flask_app:APP", "-w", WORKERS, "-k", "gthread", "--threads", "8", "-b", bind]
    yield "pygeoapi", [str(peers / gunicorn[0]), *gunicorn[1:], "--log-level", "error"], settings
    yield "bare", bare, {"BENCH_BODIES": str(folder / "bodies")}


def _ready(name: str) -> str:
    """The address that a server answers when it is up."""
    path = f"{ITEMS[name]}?limit=1&f={_geojson(name)}" if name in ITEMS else "/0"
    return f"http://127.0.0.1:{PORTS[name]}{path}"


def _geojson(name: str) -> str:
    return "geojson" if name == "tipg" else "json"


def _pygeoapi(url: str) -> dict[str, object]:
    database = psycopg.conninfo.conninfo_to_dict(url)
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": database["host"],
            "port": int(database.get("port") or 5432),
            "dbname": database["dbname"],
            "user": database["user"],
            "password": str(database.get("password") or "none"),
            "search_path": ["public"],
        },
        "id_field": "code",
        "table": "wards",
        "geom_field": "geom",
    }
    text = {"en": "wards"}
    extent = {"spatial": {"bbox": [105, 15, 109, 22], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    wards = {
        "type": "collection",
        "title": text,
        "description": text,
        "keywords": {"en": ["wards"]},
        "links": [],
        "extents": extent,
        "providers": [provider],
    }
    crossings = wards | {"providers": [provider | {"table": "crossings"}]}
    identity = {"title": text, "description": text, "keywords": {"en": ["wards"]}, "url": "http://127.0.0.1"}
    address = f"http://127.0.0.1:{PORTS['pygeoapi']}"
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": PORTS["pygeoapi"]},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en"],
            "limits": {"default_items": 100, "max_items": 1000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": identity | {"terms_of_service": "", "keywords_type": "theme"},
            "license": {"name": "MIT", "url": "http://127.0.0.1"},
            "provider": {"name": "x", "url": "http://127.0.0.1"},
            "contact": {"name": "x", "email": "x@example.org"},
        },
        "resources": {"wards": wards, "crossings": crossings},
    }


if __name__ == "__main__":
    main()
