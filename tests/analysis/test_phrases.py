"""Phrases say what their examples say."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.flags import identity
from geo.i18n import phrases


def test_examples():
    assert doctest.testmod(phrases).failed == 0
    assert doctest.testmod(identity).failed == 0


@given(st.floats(0.0001, 0.9999))
def test_a_part_is_never_none_nor_all(share):
    assert 1 <= int(phrases.percent(share).en.removesuffix(" %")) <= 99
