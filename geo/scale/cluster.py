"""A Dask cluster: one that runs already, or one of this machine's processors for the time of a run."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from geo.errors import DataFileMissingError, DiabanError, Problem


def needed(name: str) -> Any:
    """A module of the extra `scale`.

    Raises
    ------
    DataFileMissingError
        It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise DataFileMissingError(Problem("scale.not-installed", name=name)) from error


@contextmanager
def client_of(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    """A `distributed.Client` of the scheduler (tcp://host:port), or of a local cluster of `workers` processes.

    Raises
    ------
    DataFileMissingError
        Dask is not installed.
    DiabanError
        The scheduler can't be reached.
    """
    distributed = needed("distributed")
    needed("dask_geopandas")
    if scheduler is not None:
        try:
            client = distributed.Client(scheduler, timeout="5s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise DiabanError(Problem("scale.scheduler-unreachable", scheduler, reason=str(error))) from error
        with client:
            yield client
        return
    # One thread a process: the crossings of a partition use the processors' time by themselves.
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client
