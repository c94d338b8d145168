"""Prometheus metrics of one app: requests by route and status, how long they took, and the cached answers.

`prometheus-fastapi-instrumentator` is not used: here routes come from the authorization, so that labels are the paths
as declared and nothing that a client makes up, and requests that the fast path answers are counted too.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from geo import settings
from geo.cache import Cache

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SHARE_S = 0.5

Key = tuple[str, str, int]
"""Method, route and status of requests."""


@dataclass(slots=True)
class _Tally:
    """Requests that are not handed to the library yet: how many, their seconds, and how many in each bucket."""

    requests: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_BUCKETS) + 1))

    def add(self, seconds: float) -> None:
        self.requests += 1
        self.seconds += seconds
        self.buckets[bisect_left(_BUCKETS, seconds)] += 1


class Metrics:
    """The metrics of one app. With a `folder`, those of all processes that share it, one app in each.

    Requests are counted in plain numbers, and handed to the library every half second: each time costs it three writes
    into a file that processes share, which is as much as an answer from the cache.
    """

    def __init__(self, answers: Cache[Any, Any], folder: Path | None = None) -> None:
        if folder is not None:
            # How a process counts is settled when prometheus_client is first imported, and by this variable alone.
            settings.hand_on("PROMETHEUS_MULTIPROC_DIR", str(folder))
        import prometheus_client as prometheus

        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = prometheus.CollectorRegistry()
        self._folder = folder
        self._answers = answers
        labels, own = ("method", "route"), self._registry
        self._requests = prometheus.Counter("diaban_requests", "Requests answered.", (*labels, "status"), registry=own)
        self._seconds = prometheus.Histogram(
            "diaban_request_seconds", "Time to answer.", labels, buckets=_BUCKETS, registry=own
        )
        self._hits = prometheus.Gauge(
            "diaban_answers_hits", "Answers from the cache.", multiprocess_mode="sum", registry=own
        )
        self._misses = prometheus.Gauge(
            "diaban_answers_misses", "Answers made anew.", multiprocess_mode="sum", registry=own
        )
        self._planned_until = 0.0
        self._lock = Lock()
        self._tallies: dict[Key, _Tally] = {}
        self._children: dict[Key, tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; methods and routes that do not exist share one label."""
        key = (method if method in _METHODS else "other", route or "(none)", status)
        with self._lock:
            tally = self._tallies.get(key)
            if tally is None:
                tally = self._tallies[key] = _Tally()
            tally.add(seconds)
        if time.monotonic() >= self._planned_until:
            self._plan()

    def exposed(self) -> bytes:
        """The metrics as Prometheus text; what other processes counted is that of half a second ago."""
        from prometheus_client import generate_latest

        self._share()
        return generate_latest(self._collected())

    def _plan(self) -> None:
        """Hand over half a second from now all that is counted by then; at once where no event loop runs."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._share()
            return
        self._planned_until = time.monotonic() + _SHARE_S
        loop.call_later(_SHARE_S, self._share)

    def _share(self) -> None:
        """Hand what was counted to the library."""
        with self._lock:
            tallies, self._tallies = self._tallies, {}
            for key, tally in tallies.items():
                if key not in self._children:
                    self._children[key] = self._requests.labels(*key), self._seconds.labels(*key[:2])
                _hand_over(tally, *self._children[key])
        self._hits.set(self._answers.hits)
        self._misses.set(self._answers.misses)

    def _collected(self) -> CollectorRegistry:
        if self._folder is None:
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._folder))  # type: ignore[no-untyped-call]
        return together


def _hand_over(tally: _Tally, counter: Counter, histogram: Histogram) -> None:
    """What `inc` and `observe` of each request would have done; the library has no call for several at once."""
    counter.inc(tally.requests)
    histogram._sum.inc(tally.seconds)
    for bucket, count in zip(histogram._buckets, tally.buckets, strict=True):
        if count:
            bucket.inc(count)
