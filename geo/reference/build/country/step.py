"""Make `data/country/` from the official units of the whole country.

    python -m geo.reference.build country WARDS.parquet NAMES.csv PAIRS.csv

WARDS has `code, full_name, province_code` and outlines (WGS 84); NAMES `code, name, province` as the statistics office
prints them (1027/CTK-CSCL); PAIRS the former units, as for `former-units`.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo import settings
from geo.errors import InputError, Problem
from geo.files import write_atomic
from geo.reference.build.country.coverage import generalised
from geo.reference.build.country.provinces import provinces_toml
from geo.reference.build.former_units import former_rows, written
from geo.reference.geojson import read_frame
from geo.reference.names import fold, split_unit
from geo.reference.programme.terms import NOT_COVERED

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


COORDINATES = [f"geometry.list.element.list.element.list.element.{axis}" for axis in "xy"]


def official(boundaries: GeoDataFrame, names: DataFrame) -> GeoDataFrame:
    """The units by province and code, with code and name as the statistics office has them.

    A unit whose code the office does not have is that of the same name that no outline has (two of them: Ba Chẽ, Ia
    Mơ). A kind may differ: the outlines follow later changes (xã that became phường in 2026), the office's list does
    not.

    Raises
    ------
    InputError
        A unit has no official name, or one that is another than that of its outline.
    """
    spelled = dict(zip(names["code"], names["name"], strict=True))
    free = {fold(name): code for code, name in spelled.items() if code not in set(boundaries["code"])}
    rows = list(zip(boundaries["code"], boundaries["full_name"], strict=True))
    codes = [code if code in spelled else free.get(fold(name), code) for code, name in rows]
    other = [
        Problem("reference.official-name-differs", code, name=name, official=spelled.get(code, ""))
        for code, (_, name) in zip(codes, rows, strict=True)
        if fold(split_unit(spelled.get(code, ""))[1]) != fold(split_unit(name)[1])
    ]
    if other:
        raise InputError(other)
    found = boundaries.assign(code=codes, full_name=[spelled[code] for code in codes])
    return found.sort_values(["province_code", "code"], ignore_index=True)


def parquet_by_province(wards: GeoDataFrame) -> bytes:
    """The wards as GeoParquet (1.1, native encoding, zstd), a row group for each province; same wards, same bytes.

    A column `phase` stands in it where a programme lists wards.
    """
    import pyarrow as pa
    from pyarrow import parquet

    whole = io.BytesIO()
    parts = [shapely.get_parts(shape) for shape in wards.geometry]
    phases = ["phase"] if "phase" in wards and (wards["phase"] != NOT_COVERED).any() else []
    frame = wards[["code", "full_name", "province_code", *phases]].set_geometry(
        [shapely.MultiPolygon(list(part)) for part in parts], crs=wards.crs
    )
    frame.to_parquet(whole, index=False, geometry_encoding="geoarrow", schema_version="1.1.0")
    table = parquet.ParquetFile(whole).read()  # with the description of the geometries that GeoParquet wants
    provinces = np.asarray(table["province_code"].to_pylist())
    stream = io.BytesIO()
    options: dict[str, Any] = {"compression": "zstd", "compression_level": 22, "use_dictionary": False}
    with parquet.ParquetWriter(stream, table.schema, use_byte_stream_split=COORDINATES, **options) as writer:
        for code in sorted(set(provinces.tolist())):
            writer.write_table(table.filter(pa.array(provinces == code)))
    return stream.getvalue()


def main(argv: Sequence[str]) -> int:
    """Command line of this step; returns the exit code."""
    import pandas as pd

    parser = argparse.ArgumentParser(prog="python -m geo.reference.build country", description=__doc__)
    for name in ("wards", "names", "pairs"):
        parser.add_argument(name, type=Path)
    parser.add_argument("-o", "--output", type=Path, default=settings.data_dir() / "country")
    given = parser.parse_args(argv)
    names = pd.read_csv(given.names, dtype=str)
    pairs = pd.read_csv(given.pairs, dtype=str, keep_default_na=False)
    wards = official(read_frame(given.wards), names)
    shapes, metres = generalised(np.asarray(wards.geometry, dtype=object))
    wards = wards.set_geometry(list(shapes), crs=wards.crs)
    given.output.mkdir(parents=True, exist_ok=True)
    write_atomic(given.output / "wards.parquet", parquet_by_province(wards))
    write_atomic(given.output / "former_units.csv", written(former_rows(pairs)).encode("utf-8"))
    write_atomic(given.output / "provinces.toml", provinces_toml(wards, names, pairs).encode("utf-8"))
    sys.stdout.write(f"{len(wards)} wards, borders within {metres:.1f} m of the source\n")
    return 0
