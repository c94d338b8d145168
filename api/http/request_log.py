"""Structured logs, a line of JSON for each request, without personal data.

A line holds the route as declared (never the path or the query, in which somebody's words could stand), the status, the
time it took, the role, and the class of network. No address, no account name, no body.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

import orjson
from starlette.types import Scope

from api.http.metrics import Metrics
from api.security.identity import network_class

log = logging.getLogger("diaban.api")
_PLAIN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: time (UTC), level, event, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **{name: value for name, value in record.__dict__.items() if name not in _PLAIN},
        }
        if record.exc_info and record.exc_info[0] is not None:
            # The text of an exception may quote what somebody typed; its kind and place never do.
            line["exception"] = record.exc_info[0].__name__
            line["at"] = _place(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def _place(trace: TracebackType | None) -> list[str]:
    """File and line of the innermost frames, outermost first."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-6:]]


def configure() -> None:
    """Write the service's log as JSON lines to the error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("diaban", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


class RequestLog:
    """One log line and one measurement a request."""

    def __init__(self, metrics: Metrics, *, log_requests: bool) -> None:
        self._metrics = metrics
        self._log_requests = log_requests

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Note how a request ended; its state has the route and who asked, as the authorization left them."""
        state = scope.get("state", {})
        route, identity = state.get("route", ""), state.get("identity")
        self._metrics.observe(scope["method"], route, status, seconds)
        if not self._log_requests:
            return
        client = scope.get("client")
        facts = {
            "method": scope["method"],
            "route": route or "(none)",
            "status": status,
            "ms": round(seconds * 1000, 1),
            "role": identity.role.name.lower() if identity else "nobody",
            "network": network_class(client[0] if client else None),
        }
        log.info("request", extra=facts)
