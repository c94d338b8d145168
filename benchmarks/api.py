"""Items of OGC API Features against tipg and pygeoapi on PostGIS: same data, same machine, two workers each.

    python -m benchmarks.api --postgis postgresql://user@127.0.0.1/empty --peers /path/to/their/venv

`--peers` is a virtual environment with `tipg pygeoapi gunicorn uvicorn httptools uvloop geoalchemy2 psycopg2-binary`;
`--postgis` names a database of one's own, in which the table `wards` is made anew. The servers are asked in turn, all
by 127.0.0.1; what is printed are ratios to diaban in the same run. diaban keeps the bytes of answers, which is what
'the same box again' measures; with 'another box each time' nothing is kept.
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
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import shapely

from benchmarks.http_load import Load, load
from geo.reference.wards import load_wards

WORKERS = "2"
PORTS = {"diaban": 8451, "tipg": 8452, "pygeoapi": 8453}
ITEMS = {
    "diaban": "/ogc/collections/wards/items",
    "tipg": "/collections/public.wards/items",
    "pygeoapi": "/collections/wards/items",
}
BOX = "105.830,21.030,105.860,21.060"


def main() -> None:
    """Print requests a second and p99 of each case as ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgis", required=True)
    parser.add_argument("--peers", required=True, type=Path, help="virtual environment of the peers")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    fill(chosen.postgis)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, command, environment in servers(chosen.postgis, chosen.peers / "bin", folder):
            stack.enter_context(serving(name, command, environment))
        for case, paths in cases().items():
            measured = {name: [load(PORTS[name], paths[name], seconds=0.5, connections=8)] for name in PORTS}
            for _ in range(chosen.runs):
                for name, found in measured.items():
                    found.append(load(PORTS[name], paths[name], seconds=chosen.seconds, connections=8))
            tell(case, {name: found[1:] for name, found in measured.items()})


def cases() -> dict[str, dict[str, list[str]]]:
    """Case → server → the paths that are asked for in turn."""
    rng = random.Random(7)
    corners = [(rng.uniform(105.7, 105.9), rng.uniform(20.9, 21.1)) for _ in range(20_000)]
    boxes = [f"{x:.6f},{y:.6f},{x + 0.03:.6f},{y + 0.03:.6f}" for x, y in corners]
    return {
        "all wards": {name: [f"{path}?limit=200&f={_geojson(name)}"] for name, path in ITEMS.items()},
        "one ward": {name: [f"{path}/00004?f={_geojson(name)}"] for name, path in ITEMS.items()},
        "a small box, the same again": {
            name: [f"{path}?bbox={BOX}&f={_geojson(name)}"] for name, path in ITEMS.items()
        },
        "a small box, another each time": {
            name: [f"{path}?bbox={box}&f={_geojson(name)}" for box in boxes] for name, path in ITEMS.items()
        },
    }


def tell(case: str, measured: dict[str, list[Load]]) -> None:
    """One line a peer: how many times as many answers a second, and how many times as long its p99 is."""
    middle = {name: statistics.median(entry.per_second for entry in found) for name, found in measured.items()}
    slow = {name: statistics.median(entry.p99 for entry in found) for name, found in measured.items()}
    sizes = {name: found[-1].size for name, found in measured.items()}
    sys.stdout.write(f"{case} (bytes: {sizes})\n")
    for name in list(measured)[1:]:
        rate, tail = middle["diaban"] / middle[name], slow[name] / slow["diaban"]
        sys.stdout.write(
            f"  diaban / {name}: {rate:.1f} times as many a second; p99 of {name} is {tail:.1f} times as long\n"
        )
    sys.stdout.flush()


def fill(url: str) -> None:
    """The wards of both cities as a table with a primary key and a spatial index."""
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


def servers(url: str, peers: Path, folder: Path) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Name, command and environment of each server."""
    flags = ["--host", "127.0.0.1", "--workers", WORKERS, "--no-access-log", "--log-level", "error"]
    own = {
        "DIABAN_DATABASE_URL": "",
        "DIABAN_DATABASE_FILE": str(folder / "records.sqlite"),
        "DIABAN_LOG_REQUESTS": "0",
    }
    diaban = [sys.executable, "-m", "uvicorn", "api.main:from_environment", "--factory", *flags]
    yield "diaban", [*diaban, "--port", str(PORTS["diaban"])], own
    tipg = [str(peers / "uvicorn"), "tipg.main:app", *flags, "--port", str(PORTS["tipg"])]
    yield "tipg", tipg, {"DATABASE_URL": url, "TIPG_DB_SCHEMAS": '["public"]'}
    config, described = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(json.dumps(_pygeoapi(url)))  # JSON is YAML
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = [str(peers / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(described)]
    subprocess.run(made, check=True, env=os.environ | settings, stdout=subprocess.DEVNULL)
    bind = f"127.0.0.1:{PORTS['pygeoapi']}"
    gunicorn = ["gunicorn", "pygeoapi.flask_app:APP", "-w", WORKERS, "-k", "gthread", "--threads", "8", "-b", bind]
    yield "pygeoapi", [str(peers / gunicorn[0]), *gunicorn[1:], "--log-level", "error"], settings


@contextmanager
def serving(name: str, command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A server while the block runs."""
    with subprocess.Popen(command, env=os.environ | environment) as process:
        try:
            _wait(f"http://127.0.0.1:{PORTS[name]}{ITEMS[name]}?limit=1&f={_geojson(name)}")
            yield
        finally:
            process.terminate()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


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
        "resources": {"wards": wards},
    }


if __name__ == "__main__":
    main()
