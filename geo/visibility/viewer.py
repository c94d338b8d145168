"""Who looks at the records: a role, and for the account of a ward the wards that it answers for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What an account may do; each includes what those before it may."""

    NOBODY = 0
    PUBLIC = 1
    WARD = 2
    CITY = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Viewer:
    """A role and its own `wards` (codes; of role WARD only). Viewers with one `key` see the same."""

    role: Role
    wards: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What this viewer's answers are stored under: `public`, `ward:<codes>` or `city`."""
        if self.sees_all:
            return "city"
        return f"ward:{','.join(sorted(self.wards))}" if self.works else "public"

    @property
    def works(self) -> bool:
        """Whether the viewer works on the records: an office, not the public."""
        return self.role >= Role.WARD

    @property
    def sees_all(self) -> bool:
        """Whether the records of every ward are open to the viewer."""
        return self.role >= Role.CITY

    def sees_ward(self, code: object) -> bool:
        """Whether the records of a ward are open to the viewer; None and NaN are no ward."""
        return self.sees_all or (self.role == Role.WARD and code in self.wards)

    def sees_any(self, codes: Iterable[object]) -> bool:
        """Whether the records of any of these wards are open to the viewer."""
        return self.sees_all or any(self.sees_ward(code) for code in codes)

    def sees_every(self, codes: Iterable[object]) -> bool:
        """Whether the records of all of these wards are open to the viewer."""
        return self.sees_all or all(self.sees_ward(code) for code in codes)


PUBLIC = Viewer(Role.PUBLIC)
"""Everybody, signed in or not."""
EVERYTHING = Viewer(Role.ADMIN)
"""Whoever may read the records' own file: the command line without `--public`."""
