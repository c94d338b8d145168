"""Budgets by client: requests a minute for what is expensive, and seconds of work for everything else.

A client is a network: an address, of IPv6 the /64, which one customer has as a whole. The workers of a server share
their budgets. `slowapi` wants a decorator on every route; here a route's rule names its budget.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.core.problems import TooManyError
from api.security.buckets import Buckets, MemoryBuckets, SharedBuckets
from geo.errors import Problem

if TYPE_CHECKING:
    from api.core.service import Service
    from api.security.permissions import Budget

_FILE = "budgets"
_LIGHTLY, _LIGHT_A_SECOND = 0.1, 0.05
"""A network works lightly that takes this part of its seconds at once, and so much of each second on."""
_ASKED_S, _OWED_S = 0.05, 0.01
"""Work at once: so often the buckets are looked at for a network, and so many seconds are owed to them at most."""
_NETWORKS = 1024


def buckets_of(service: Service) -> Buckets:
    """The buckets of a service: in a file that its workers share, in memory where there is one process."""
    folder = service.settings.metrics_folder
    return MemoryBuckets() if folder is None else SharedBuckets(folder / _FILE)


class Limits:
    """How much of its budgets each client has left; a budget fills again over a minute."""

    def __init__(self, service: Service, buckets: Buckets) -> None:
        settings = service.settings
        self._now = service.clock
        self._per_minute = {"login": settings.logins_per_minute, "route": settings.routes_per_minute}
        self._buckets = buckets

    def spend(self, budget: Budget, client: str) -> None:
        """Take one request off a client's budget; `TooManyError` where nothing is left."""
        limit = self._per_minute[budget]
        left = self._buckets.take(f"{budget} {client}", 1.0, limit, limit / 60, self._now().timestamp())
        if left < 0:
            raise TooManyError(Problem("security.too-many-requests", limit=limit))


class WorkBudget:
    """Seconds of work that a network without an account may cause: so many at once, and half of each second on.

    This machine itself, and clients of which no address is known, have none.
    """

    def __init__(self, service: Service, buckets: Buckets) -> None:
        self._now = service.clock
        self._most = service.settings.work_seconds
        self._buckets = buckets

    def check(self, network: str, *, signed_in: bool) -> bool:
        """Whether a network took much lately, and waits behind others; `TooManyError` where nothing is left."""
        if not self._is_charged(network, signed_in=signed_in):
            return False
        if self._taken(network, 0.0) < 0:
            raise TooManyError(Problem("security.too-much-work"))
        return self._taken_lightly(network, 0.0) < 0

    def charge(self, network: str, seconds: float, *, signed_in: bool) -> None:
        """Note what a request took."""
        if self._is_charged(network, signed_in=signed_in):
            self._taken(network, seconds)
            self._taken_lightly(network, seconds)

    def _taken_lightly(self, network: str, seconds: float) -> float:
        now, most = self._now().timestamp(), _LIGHTLY * self._most
        return self._buckets.take(f"light {network}", seconds, most, _LIGHT_A_SECOND, now, into_debt=True)

    def _taken(self, network: str, seconds: float) -> float:
        return self._buckets.take(f"work {network}", seconds, self._most, 0.5, self._now().timestamp(), into_debt=True)

    @staticmethod
    def _is_charged(network: str, *, signed_in: bool) -> bool:
        return bool(network) and not signed_in and network not in ("127.0.0.1", "::/64")


@dataclass(slots=True)
class _Account:
    """What a network owes the buckets, and until when it may work without another look at them."""

    owed: float = 0.0
    until: float = 0.0


class WorkAtOnce:
    """The seconds of work of networks for answers that take less time than the buckets do; for an event loop.

    The buckets are locked for all workers, four times a request. Here a worker settles what a network owes when that
    is 10 ms, and looks at the buckets after that, and 20 times a second. So a network may have of each worker 10 ms and
    one answer beyond its budget; what it took elsewhere is known a twentieth of a second later. All is charged.
    """

    def __init__(self, budget: WorkBudget, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._accounts: dict[str, _Account] = {}

    def check(self, network: str) -> None:
        """`TooManyError` where a network has nothing left."""
        account = self._accounts.get(network)
        if account is None:
            account = self._opened(network)
        if self._clock() < account.until:
            return
        self._settle(network, account)
        self._budget.check(network, signed_in=False)
        account.until = self._clock() + _ASKED_S

    def charge(self, network: str, seconds: float) -> None:
        """Note what a request took whose network was checked."""
        account = self._accounts[network]
        account.owed += seconds
        if account.owed >= _OWED_S:
            self._settle(network, account)
            account.until = 0.0

    def _opened(self, network: str) -> _Account:
        if len(self._accounts) >= _NETWORKS:
            for known, account in self._accounts.items():
                self._settle(known, account)
            self._accounts.clear()
        return self._accounts.setdefault(network, _Account())

    def _settle(self, network: str, account: _Account) -> None:
        owed, account.owed = account.owed, 0.0
        if owed:
            self._budget.charge(network, owed, signed_in=False)
