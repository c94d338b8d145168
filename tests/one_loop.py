"""One event loop for all clients of the tests, as a running service has one: a loop and its threads for each request
take longer than most answers, and every new thread makes the transformers of coordinates anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """A client that is entered for its start and end still has a loop of its own."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield
