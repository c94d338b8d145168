"""Prometheus metrics of one app: requests by route and status, how long they took, and the answers kept.

Own middleware instead of `prometheus-fastapi-instrumentator`: routes come from the gate, so that labels are the paths
as declared and nothing that a client makes up.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.answers import Answers

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The metrics of one app, in a registry of their own."""

    def __init__(self, answers: Answers) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("diaban_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "diaban_request_seconds", "Time to answer.", ("method", "route"), registry=self._registry, buckets=_BUCKETS
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        hits = Gauge("diaban_answers_hits", "Answers given from kept bytes.", registry=self._registry)
        misses = Gauge("diaban_answers_misses", "Answers made anew.", registry=self._registry)
        if not _several_processes():
            hits.set_function(lambda: answers.hits)
            misses.set_function(lambda: answers.misses)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; methods and routes that do not exist share one label."""
        method = method if method in _METHODS else "other"
        counted = self._children.get((method, route, status))
        if counted is None:
            labels = (method, route or "(none)")
            counted = self._requests.labels(*labels, str(status)), self._seconds.labels(*labels)
            self._children[method, route, status] = counted
        counted[0].inc()
        counted[1].observe(seconds)

    def exposed(self) -> bytes:
        """The metrics as Prometheus text; those of all workers where `PROMETHEUS_MULTIPROC_DIR` is set."""
        if not _several_processes():
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def _several_processes() -> bool:
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ
