"""A run on a real cluster answers as one machine does, also when a worker dies midway, and goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

import geo
from geo.cli.app import application
from geo.errors import DataFileMissingError, DiabanError, InputError
from geo.scale import read_crossings, scale_crossings

# Sought and not imported: each worker of a test run collects this module, and one of them runs it.
MISSING = [name for name in ("dask_geopandas", "distributed") if find_spec(name) is None]
pytestmark = [
    pytest.mark.filterwarnings("default"),  # Dask's own are not ours to mend
    pytest.mark.skipif(bool(MISSING), reason=f"not installed (extra `scale`): {', '.join(MISSING)}"),
]

ROUTES = 2_400
ROWS = 200
PATIENCE_S = 180.0


def sites(count: int, seed: int = 3) -> gpd.GeoDataFrame:
    """Short random ways over the inner city, in WGS 84."""
    random = np.random.default_rng(seed)
    steps = np.cumsum(random.normal(0, 0.002, (count, 12, 2)), axis=1)
    xy = steps + random.uniform((105.7, 20.9), (105.95, 21.1), (count, 1, 2)).reshape(count, 1, 2)
    names = [f"R{number:05d}" for number in range(count)]
    return gpd.GeoDataFrame({"site_id": names}, geometry=shapely.linestrings(xy), crs=4326)


def written(frame: gpd.GeoDataFrame, folder: Path) -> Path:
    folder.mkdir()
    for number in range(2):
        frame.iloc[number::2].to_parquet(folder / f"sites-{number}.parquet", index=False)
    return folder


def until(ready: Callable[[], bool]) -> None:
    """Wait for another process; the limit only keeps a broken test from hanging."""
    for _ in range(int(PATIENCE_S / 0.01)):
        if ready():
            return
        time.sleep(0.01)
    raise AssertionError("nothing happened")


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        until(self.file.is_file)
        for _ in range(2):
            self.worker()

    @property
    def address(self) -> str:
        return str(pd.read_json(self.file, typ="series")["address"])

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start("dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def _start(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self.file), *options]
        with (self.folder / f"{module}.log").open("ab") as log:
            self.processes.append(subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log))
        return self.processes[-1]

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.stop()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from geo.cli.app import main; main()", "scale", "crossings", *arguments]


def results(run: Path) -> list[Path]:
    return sorted((run / "crossings").glob("part-*.parquet"))


def test_a_worker_dies_and_a_run_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    asked = sites(ROUTES)
    source, run = written(asked, tmp_path / "in"), tmp_path / "run"
    arguments = command(str(source), "-o", str(run), "--scheduler", cluster.address, "--rows", str(ROWS))
    going = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: bool(results(run)) or going.poll() is not None)
    done = len(results(run))
    os.kill(cluster.processes[1].pid, signal.SIGKILL)
    said, complained = going.communicate(timeout=PATIENCE_S)
    assert going.returncode == 1, complained  # some of the routes lie in no ward
    assert 0 < done < ROUTES // ROWS
    assert said.startswith("12 of 12 partitions, 0 from an earlier run")
    same_as_local(asked, run)

    before = {path: path.stat().st_mtime_ns for path in results(run)}
    for path in list(before)[4:7]:
        path.unlink()
    (run / "crossings" / ".part-000009.parquet.1").write_bytes(b"half")
    again = scale_crossings(source, run, scheduler=cluster.address, rows=ROWS)
    assert (again.partitions, again.finished, len(again.outcomes), again.failed) == (12, 9, 3, ())
    assert [path.stat().st_mtime_ns == before[path] for path in before].count(True) == 9
    assert sorted(run.glob("crossings/.*")) == []
    same_as_local(asked, run)
    partitions_hold_neighbours(run)


def test_what_lies_in_no_ward_ends_with_1(cluster: Cluster, tmp_path: Path) -> None:
    asked = sites(6)
    asked.loc[5, "geometry"] = shapely.LineString([(105.9, 20.3), (105.91, 20.3)])
    arguments = (str(written(asked, tmp_path / "in")), "-o", str(tmp_path / "run"), "--scheduler", cluster.address)
    result = CliRunner().invoke(application(["scale"]), ["scale", "crossings", *arguments, "--lang", "en"])
    assert result.exit_code == 1, result.stderr
    assert "in no ward" in result.stderr


def test_another_format_is_refused_with_the_command_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "routes.geojson"
    sites(1).to_file(path)
    result = CliRunner().invoke(
        application(["scale"]), ["scale", "crossings", str(path), "-o", str(tmp_path), "--lang", "en"]
    )
    assert result.exit_code == 2
    assert "diaban crossings --sites" in " ".join(result.stderr.split())


def same_as_local(asked: gpd.GeoDataFrame, run: Path) -> None:
    local = geo.crossings(asked, geo.load_wards()).sort_values("site_id", kind="stable", ignore_index=True)
    got = read_crossings(run)
    assert list(got.columns) == list(local.columns)
    for name in ("site_id", "ward_code", "ward_name", "border_with"):
        assert got[name].tolist() == local[name].tolist()
    for name in ("length_m", "area_m2", "share", "border_m"):
        assert got[name].to_numpy() == pytest.approx(local[name].to_numpy(), abs=1e-6)
    for ours, theirs in zip(got["intervals_m"], local["intervals_m"], strict=True):
        assert np.array(ours) == pytest.approx(np.array(theirs), abs=0.0011)
    assert shapely.equals_exact(np.asarray(got.geometry), np.asarray(local.geometry), 1e-9).all()
    assert got.crs == local.crs


def partitions_hold_neighbours(run: Path) -> None:
    parts = [gpd.read_parquet(path) for path in (run / "shuffled").glob("*.parquet")]
    extent = [np.ptp(shapely.get_coordinates(shapely.centroid(np.asarray(p.geometry))), axis=0).max() for p in parts]
    assert np.mean(extent) < 0.6 * 0.25


def test_what_fails_is_asked_again_and_told(cluster: Cluster, tmp_path: Path) -> None:
    frame = sites(300)
    frame.loc[0, "geometry"] = shapely.LineString([(21.0, 105.8), (21.01, 105.81)])  # axes swapped: of no use
    source, run = written(frame, tmp_path / "in"), tmp_path / "run"
    arguments = command(str(source), "-o", str(run), "--scheduler", cluster.address, "--rows", "100")
    first = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert "failed" in first.stderr
    assert "R00000" in first.stderr
    assert first.stdout.startswith("2 of 3 partitions")

    unusable = next(n for n in range(3) if not (run / "crossings" / f"part-{n:06d}.parquet").is_file())
    damaged = (unusable + 1) % 3
    [shuffled] = run.glob(f"shuffled/*.{damaged}.parquet")
    whole = shuffled.read_bytes()
    shuffled.write_bytes(whole[:100])
    (run / "crossings" / f"part-{damaged:06d}.parquet").unlink()
    second = scale_crossings(source, run, scheduler=cluster.address, rows=100)
    assert [number for number, _ in second.retried] == [damaged, damaged]
    assert sorted(number for number, _ in second.failed) == sorted([unusable, damaged])
    shuffled.write_bytes(whole)
    third = scale_crossings(source, run, scheduler=cluster.address, rows=100)
    assert [outcome.partition for outcome in third.outcomes] == [damaged]
    assert [number for number, _ in third.failed] == [unusable]


def test_another_question_needs_another_folder(tmp_path: Path) -> None:
    source = written(sites(10), tmp_path / "in")
    run = tmp_path / "run"
    run.mkdir()
    (run / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is not empty"):
        scale_crossings(source, run)
    (run / "letter.txt").unlink()
    (run / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="other sites, wards or partitions"):
        scale_crossings(source, run)


def test_no_sites_and_no_answer(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError, match="holds no GeoParquet"):
        scale_crossings(tmp_path, tmp_path / "run")
    with pytest.raises(DataFileMissingError, match="holds no crossings"):
        read_crossings(tmp_path)


def test_a_scheduler_that_is_not_there(tmp_path: Path) -> None:
    source = written(sites(10), tmp_path / "in")
    with pytest.raises(DiabanError, match="can't be reached"):
        scale_crossings(source, tmp_path / "run", scheduler="tcp://127.0.0.1:1")
