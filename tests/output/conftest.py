"""Situations to draw: Hà Nội and Huế as the data set has them."""

from __future__ import annotations

from datetime import date

import pytest

from geo.reference.cities import city
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import Situation, from_registers

DAY = date(2026, 6, 17)


@pytest.fixture(scope="session")
def hanoi() -> Situation:
    """Hà Nội as its registers have it: 126 wards, 12 sites."""
    return from_registers(DAY, "hanoi", load_wards(city=city("hanoi")), load_sites())


@pytest.fixture(scope="session")
def hue() -> Situation:
    """Huế: 40 wards, no site list."""
    return from_registers(DAY, "hue", load_wards(city=city("hue")), load_sites().iloc[:0])
