"""Names that streets bore in an older year of the street data, where the newer year has another name or none.

Made by `geo.reference.build.older_names`; looked up as the streets of today are, by the name without its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.reference.names import unmarked

Texts = NDArray[np.object_]


def _none() -> Texts:
    return np.array([], dtype=object)


@dataclass(frozen=True, eq=False)
class OlderNames:
    """Lines by row (metres), what they were called (`name`, its `key`, `year`), and what since (`now`, `year_now`)."""

    name: Texts = field(default_factory=_none)
    now: Texts = field(default_factory=_none)
    key: Texts = field(default_factory=_none)
    year: Texts = field(default_factory=_none)
    year_now: Texts = field(default_factory=_none)
    lines: Texts = field(default_factory=_none)

    @cached_property
    def by_key(self) -> Mapping[str, list[int]]:
        """Rows by the key of the name."""
        return _rows(self.key.tolist())

    @cached_property
    def by_plain(self) -> Mapping[str, list[int]]:
        """Rows by the key without diacritics."""
        return _rows([unmarked(key) for key in self.key])


def _rows(keys: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        found.setdefault(key, []).append(row)
    return found
