"""How short is too short: lengths below which boundaries and centre lines say nothing for certain."""

from __future__ import annotations

BORDER_M = 25.0
"""Within this many metres of another ward a stretch runs along a boundary: the width of a street with its houses."""
SLIVER_M = 25.0
"""A ward crossed for less than this may owe it to the accuracy of boundaries and streets; it is listed as a sliver."""
SLIVER_M2 = SLIVER_M**2
"""A smaller part of an area beside a border may owe its ward to the same accuracy: it is a sliver too."""
SHORTEST_SHOWN_M = 0.5
"""Shorter stretches, where a route only touches a boundary, are not listed one by one."""
