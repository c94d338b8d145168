"""Who looks at the records: a role, and the wards or provinces that an account is bound to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from geo.errors import UnknownNameError
from geo.reference.cities import City, city, list_in_view
from geo.situation import load_registers


class Role(IntEnum):
    """What an account may do; each includes what those before it may."""

    NOBODY = 0
    PUBLIC = 1
    WARD = 2
    CITY = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Viewer:
    """A role, its own `wards` (codes; of role WARD only), and the `provinces` (`City.key`) that it is bound to.

    These are the lists that are open to it: of role CITY all where there are none, of role WARD then those of the
    cities and no further one. Viewers with one `key` see the same.
    """

    role: Role
    wards: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What this viewer's answers are stored under: `public`, `ward:<codes>`, `city:<provinces>` or `city`."""
        if self.sees_all:
            return "city"
        lists = ",".join(sorted(self.provinces))
        if not self.works:
            return "public"
        if self.role >= Role.CITY:
            return f"city:{lists}"
        return f"ward:{','.join(sorted(self.wards))}" + (f"@{lists}" if lists else "")

    @property
    def works(self) -> bool:
        """Whether the viewer works on the records: an office, not the public."""
        return self.role >= Role.WARD

    @property
    def sees_all(self) -> bool:
        """Whether the records of every ward of every province are open to the viewer."""
        return self.role >= Role.CITY and not self.provinces

    @property
    def own(self) -> frozenset[str]:
        """The wards that the viewer answers for: its own, or all of its provinces; of who sees all, none is its own."""
        return self.wards if self.role < Role.CITY or not self.provinces else wards_of_provinces(self.provinces)

    def in_city(self, slug: str) -> Viewer:
        """The same viewer before what is of one city or further list alone (slug): all of it is open, or what is
        public.

        Only who is bound to some is another one there. What is of several cities is for the viewer itself.
        """
        if not self.works or self.sees_all:
            return self
        if not may_see(self.provinces, city(slug), by_ward=self.role < Role.CITY):
            return PUBLIC
        return Viewer(self.role, self.wards)

    def of_list(self, key: str) -> Viewer:
        """The same viewer before the records of one list (`City.list_key`): with its rights there, or the public's."""
        if not self.works or self.sees_all:
            return self
        left = rights_in(self.provinces, key, by_ward=self.role < Role.CITY)
        if left is None:
            return PUBLIC
        return Viewer(self.role, self.wards, frozenset(left) if self.role >= Role.CITY else frozenset())

    def sees_ward(self, code: object) -> bool:
        """Whether the records of a ward are open to the viewer; None and NaN are no ward."""
        return self.sees_all or (self.works and code in self.own)

    def sees_any(self, codes: Iterable[object]) -> bool:
        """Whether the records of any of these wards are open to the viewer."""
        return self.sees_all or any(self.sees_ward(code) for code in codes)

    def sees_every(self, codes: Iterable[object]) -> bool:
        """Whether the records of all of these wards are open to the viewer."""
        return self.sees_all or all(self.sees_ward(code) for code in codes)


def may_see(provinces: Collection[str], place: City, *, by_ward: bool) -> bool:
    """Whether the list of a city is open to an account that is bound to `provinces`; `by_ward`: to wards beside."""
    if by_ward and not provinces:  # whoever narrowed it to the list in view (`of_list`) left no other
        return place.list_key == list_in_view()
    return place.key in provinces


def rights_in(provinces: Collection[str], key: str, *, by_ward: bool) -> tuple[str, ...] | None:
    """What is left in one list (`City.list_key`) of the `provinces` that an account is bound to; None for no right.

    `by_ward`: it is bound to wards beside, which are those of the cities' own lists unless it names lists.
    """
    if by_ward and not provinces:
        return None if key else ()
    # Codes of provinces are figures, addresses are none: a list that was removed gives no right in another one.
    left = tuple(each for each in provinces if (each == key if key else each[:1].isdigit()))
    return left or None


def wards_of_provinces(codes: Iterable[str]) -> frozenset[str]:
    """The codes of the wards of some provinces or further lists (`City.key`); none of one that is there no more."""
    return frozenset().union(*map(_wards_of, codes))


def _wards_of(province: str) -> frozenset[str]:
    try:
        registers = load_registers(city(province).slug)
    except UnknownNameError:
        return frozenset()
    return _codes(registers.city.slug, registers.version)


@lru_cache(maxsize=64)
def _codes(slug: str, _version: str) -> frozenset[str]:
    return frozenset(load_registers(slug).wards["code"].astype(str))


PUBLIC = Viewer(Role.PUBLIC)
"""Everybody, signed in or not."""
EVERYTHING = Viewer(Role.ADMIN)
"""Whoever may read the records' own file: the command line without `--public`."""
