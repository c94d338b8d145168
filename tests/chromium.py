"""The system's Chromium, which knows no other host; pages move without a glide, and no wait ends on a busy machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
HANGS_MS = 120_000
"""What takes so long never comes; a busy machine needs many seconds for a page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; tests that use it are skipped where it is missing.

    Its headless shell where that is installed: the same engine without windows opens a page in half the time.
    One for each module: Playwright's loop would stand in the way of modules that run one of their own.
    """
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        pytest.skip("there is no system Chromium")
    api = pytest.importorskip("playwright.sync_api")
    api.expect.set_options(timeout=HANGS_MS)
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS, timeout=HANGS_MS)
        opened = chromium.new_context

        def new_context(**options: Any) -> BrowserContext:
            context: BrowserContext = opened(**{"reduced_motion": "reduce"} | options)
            context.set_default_timeout(HANGS_MS)
            return context

        chromium.new_context = new_context
        yield chromium
        chromium.close()
