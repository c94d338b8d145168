"""Budgets of requests a minute, by client, for what is expensive: passwords and the cutting of routes.

Each worker holds its own in memory. `slowapi` wants a decorator on every route; here a route's rule names its budget.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from api.core.problems import TooManyError
from geo.errors import Problem

if TYPE_CHECKING:
    from api.core.service import Service
    from api.security.permissions import Budget

_CLIENTS = 10_000


class Limits:
    """How much of its budgets each client has left; a budget fills again over a minute."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self._now = service.clock
        self._per_minute = {"login": settings.logins_per_minute, "route": settings.routes_per_minute}
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def spend(self, budget: Budget, client: str) -> None:
        """Take one request off a client's budget; `TooManyError` where nothing is left."""
        limit, now = self._per_minute[budget], self._now().timestamp()
        with self._lock:
            left, since = self._left.pop((budget, client), (float(limit), now))
            left = min(float(limit), left + max(0.0, now - since) * limit / 60)
            self._left[budget, client] = (max(0.0, left - 1), now)
            while len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
        if left < 1:
            raise TooManyError(Problem("security.too-many-requests", limit=limit))
