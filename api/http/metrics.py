"""Prometheus metrics of one app: requests by route and status, how long they took, and the cached answers.

`prometheus-fastapi-instrumentator` is not used: here routes come from the authorization, so that labels are the paths
as declared and nothing that a client makes up, and requests that the fast path answers are counted too.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import settings
from geo.cache import Cache

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SHARE_S = 0.5


class Metrics:
    """The metrics of one app. With a `folder`, those of all processes that share it, one app in each."""

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
        self._shared_until = 0.0
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; methods and routes that do not exist share one label."""
        key = (method if method in _METHODS else "other", route or "(none)", status)
        if key not in self._children:
            self._children[key] = self._requests.labels(*key), self._seconds.labels(*key[:2])
        counter, histogram = self._children[key]
        counter.inc()
        histogram.observe(seconds)
        if time.monotonic() >= self._shared_until:
            self._share()

    def exposed(self) -> bytes:
        """The metrics as Prometheus text; hits and misses of other processes are those of half a second ago."""
        from prometheus_client import generate_latest

        self._share()
        return generate_latest(self._collected())

    def _share(self) -> None:
        """Set what is counted elsewhere; not with every request, as each takes microseconds."""
        self._shared_until = time.monotonic() + _SHARE_S
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
