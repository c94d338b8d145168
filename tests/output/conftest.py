"""Situations to draw: Hà Nội and Huế as the data set has them, and a browser that has no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from geo.reference.cities import city
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import Situation, from_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DAY = date(2026, 6, 17)
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def hanoi() -> Situation:
    """Hà Nội as its registers have it: 126 wards, 12 sites."""
    return from_registers(DAY, "hanoi", load_wards(city=city("hanoi")), load_sites())


@pytest.fixture(scope="session")
def hue() -> Situation:
    """Huế: 40 wards, no site list."""
    return from_registers(DAY, "hue", load_wards(city=city("hue")), load_sites().iloc[:0])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; tests that use it are skipped where it is missing.

    One for each module: a process can drive one at a time, and other folders have theirs.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no system Chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()
