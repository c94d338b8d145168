"""The ways of a street network as arrays: a text column for each tag, and the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TAGS = ("name", "ref", "highway", "bridge", "bridge_name", "oneway", "layer", "junction")
"""The OpenStreetMap tags that are used; only `name` and `highway` must be there, others are empty text if not."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways by row: `tags`, texts by `TAGS`, '' where unknown; `lines`, LineStrings in metres.

    Arrays, not a frame: to read a place in words needs no pandas, the import of which takes longer than the search.
    """

    tags: Mapping[str, NDArray[np.object_]]
    lines: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, tag: str) -> NDArray[np.object_]:
        return self.tags[tag]

    def taken(self, rows: NDArray[np.integer[Any]]) -> Ways:
        """Some of the ways, in the order of `rows`."""
        return Ways({tag: texts[rows] for tag, texts in self.tags.items()}, self.lines[rows])


def no_ways() -> Ways:
    """A network without any way."""
    none = np.array([], dtype=object)
    return Ways(dict.fromkeys(TAGS, none), none)
