"""The folder of a run: what lies where, so that a run which was stopped goes on where it stood.

run.json                  what was asked: the files, the wards, the format; another question needs another folder
wards.parquet, index/     wards in WGS 84, and the index of their edges, mapped into memory by every worker
shuffled/part.N.parquet   the sites, those near each other in one partition
crossings/part-N.parquet  the answer; a file is whole or not there
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import write_atomic

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_MAGIC = b"PAR1"
FORMAT = 2
"""Raised with every change of what is written."""
_NUMBER = re.compile(r"(\d+)\.parquet$")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths of a run in the folder `root`, which every worker must be able to read and write."""

    root: Path

    @property
    def asked(self) -> Path:
        """What was asked."""
        return self.root / "run.json"

    @property
    def wards(self) -> Path:
        """The wards in WGS 84."""
        return self.root / "wards.parquet"

    @property
    def index(self) -> Path:
        """The index of ward edges."""
        return self.root / "index"

    @property
    def shuffled(self) -> Path:
        """The folder of the shuffled sites; it is there when all of them are."""
        return self.root / "shuffled"

    @property
    def answer(self) -> Path:
        """The folder of the crossings."""
        return self.root / "crossings"

    def partitions(self) -> list[Path]:
        """The files of the shuffled sites, by number."""
        return sorted(self.shuffled.glob("*.parquet"), key=number)

    def result(self, partition: Path) -> Path:
        """Where the crossings of a partition go."""
        return self.answer / f"part-{number(partition):06d}.parquet"


def number(path: Path) -> int:
    """The number of a partition, from its name."""
    found = _NUMBER.search(path.name)
    return int(found[1]) if found else 0


def parquet_files(sites: Path) -> list[Path]:
    """The GeoParquet files of a folder (or the one file), by name.

    Raises
    ------
    DataFileMissingError
        There is none.
    InputError
        One is of another format.
    """
    files = sorted(sites.glob("*.parquet")) if sites.is_dir() else [sites]
    if not files or not all(file.is_file() for file in files):
        raise DataFileMissingError(Problem("scale.no-geoparquet", str(sites)))
    other = [file for file in files if not _is_parquet(file)]
    if other:
        raise InputError([Problem("scale.other-format", str(file), file=file) for file in other])
    return files


def _is_parquet(file: Path) -> bool:
    with file.open("rb") as opened_file:
        return opened_file.read(len(_MAGIC)) == _MAGIC


def opened(root: Path, sites: Path, wards_key: str, rows: int) -> RunFolder:
    """The folder for a question: new, or one in which the same question was asked before.

    Raises
    ------
    InputError
        The folder holds the answer to another question, or can't be written.
    """
    folder = RunFolder(root)
    asked = {"format": FORMAT, "sites": _fingerprint(parquet_files(sites)), "wards": wards_key, "rows": rows}
    if folder.asked.is_file():
        if json.loads(folder.asked.read_text(encoding="utf-8")) != asked:
            raise InputError(Problem("scale.other-run", str(root)))
    else:
        if root.exists() and any(root.iterdir()):
            raise InputError(Problem("scale.folder-not-empty", str(root)))
        write_atomic(folder.asked, json.dumps(asked, indent=1))
    folder.answer.mkdir(parents=True, exist_ok=True)
    # What a stopped run left half written.
    for left in (*root.glob(".shuffled.*"), *folder.answer.glob(".part-*")):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return folder


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        found = file.stat()
        digest.update(f"{file.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def read_crossings(root: str | Path) -> GeoDataFrame:
    """All crossings of a finished run as one frame with the columns of `geo.crossings`, by `site_id`.

    Raises
    ------
    DataFileMissingError
        The folder holds no crossings.
    """
    import geopandas
    import pandas as pd

    files = sorted(RunFolder(Path(root)).answer.glob("part-*.parquet"))
    if not files:
        raise DataFileMissingError(Problem("scale.no-crossings", str(root)))
    frame = pd.concat([geopandas.read_parquet(file) for file in files], ignore_index=True)
    for name in ("intervals_m", "border_with"):
        frame[name] = pd.Series([_lists(value) for value in frame[name]], index=frame.index, dtype=object)
    return geopandas.GeoDataFrame(frame.sort_values("site_id", kind="stable", ignore_index=True))


def _lists(value: object) -> object:
    """Arrays within arrays, as Parquet gives lists back, as lists."""
    if hasattr(value, "tolist"):
        return [_lists(item) for item in value.tolist()]
    return [_lists(item) for item in value] if isinstance(value, list) else value
