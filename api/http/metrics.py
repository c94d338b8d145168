"""Prometheus metrics of one app: requests by route and status, how long they took, and the answers kept.

Own counting instead of `prometheus-fastapi-instrumentator`: routes come from the gate, so that labels are the paths as
declared and nothing that a client makes up, and to count a request takes a microsecond. Of several processes each
writes what it counted to a common folder, twice a second at most, and the one that is asked adds it all up.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from api.core.responses import Answers

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BOUNDS = (*map(str, _BUCKETS), "+Inf")
_SHARE_S = 0.5
Key = tuple[str, str, int]
Counted = list[float]
"""Requests by how long they took, one number a bucket, then the seconds of all of them."""


class Metrics(Collector):
    """The metrics of one app. With a `folder`, those of all processes that share it."""

    def __init__(self, answers: Answers, folder: Path | None = None) -> None:
        self._answers = answers
        self._counted: dict[Key, Counted] = {}
        self._file = None if folder is None else folder / f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._will_share = False
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request, from within an event loop; methods and routes that do not exist share one label."""
        key = (method if method in _METHODS else "other", route or "(none)", status)
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = [0] * (len(_BOUNDS) + 1)
        counted[bisect_left(_BUCKETS, seconds)] += 1
        counted[-1] += seconds
        if self._file is not None and not self._will_share:
            self._will_share = True
            asyncio.get_running_loop().call_later(_SHARE_S, self._share)

    def exposed(self) -> bytes:
        """The metrics as Prometheus text; of another process, what it counted until half a second ago."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics as Prometheus collects them."""
        rows, hits, misses = self._together()
        requests = CounterMetricFamily("diaban_requests", "Requests answered.", labels=("method", "route", "status"))
        by_route: dict[tuple[str, str], Counted] = {}
        for (method, route, status), counted in sorted(rows.items()):
            requests.add_metric((method, route, str(status)), sum(counted[:-1]))
            by_route[method, route] = _sums(by_route.get((method, route)), counted)
        seconds = HistogramMetricFamily("diaban_request_seconds", "Time to answer.", labels=("method", "route"))
        for labels, counted in by_route.items():
            up_to = list(zip(_BOUNDS, accumulate(counted[:-1]), strict=True))
            seconds.add_metric(labels, up_to, counted[-1])
        yield requests
        yield seconds
        yield GaugeMetricFamily("diaban_answers_hits", "Answers given from kept bytes.", hits)
        yield GaugeMetricFamily("diaban_answers_misses", "Answers made anew.", misses)

    def _own(self) -> tuple[list[tuple[Key, Counted]], int, int]:
        rows = [(key, list(counted)) for key, counted in list(self._counted.items())]
        return rows, self._answers.hits, self._answers.misses

    def _together(self) -> tuple[dict[Key, Counted], int, int]:
        parts = [self._own()]
        if self._file is not None:
            others = (file for file in self._file.parent.glob("*.json") if file != self._file)
            parts += [orjson.loads(file.read_bytes()) for file in others]
        rows: dict[Key, Counted] = {}
        for part, _, _ in parts:
            for (method, route, status), counted in part:
                rows[method, route, status] = _sums(rows.get((method, route, status)), counted)
        return rows, sum(hits for _, hits, _ in parts), sum(misses for _, _, misses in parts)

    def _share(self) -> None:
        self._will_share = False
        assert self._file is not None
        partial = self._file.with_suffix(".partial")
        with suppress(OSError):  # a full disk stops no answers; the next time tells all that was counted by then
            partial.write_bytes(orjson.dumps(self._own()))
            partial.replace(self._file)


def _sums(before: Counted | None, counted: Counted) -> Counted:
    return counted if before is None else [a + b for a, b in zip(before, counted, strict=True)]
