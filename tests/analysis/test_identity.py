"""The examples of identities of flags and of their words hold."""

from __future__ import annotations

import doctest

import pytest

from geo.analysis.exposure import reasons
from geo.analysis.flags import identity


@pytest.mark.parametrize("module", [identity, reasons])
def test_examples(module):
    assert doctest.testmod(module).failed == 0
