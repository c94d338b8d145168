"""The bodies that a plan gives duties to, in the plan's own words: `data/duties/<programme>.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes
from geo.reference.names import fold


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its duties (*nhiệm vụ*) in printed order.

    `leads`: how the plan's list of indicators calls it where it is in charge. `place`: its number in the plan's part on
    organisation. `symbol`: of its documents. `printed`: whether the plan's published text heads the duties with the
    name; where it does not, `note` says where the name is from.
    """

    number: int
    name: str
    name_en: str
    symbol: str
    leads: tuple[str, ...]
    place: str
    duties: tuple[str, ...]
    note: str = ""
    printed: bool = True

    def is_lead(self, lead: str) -> bool:
        """Whether the body is the one, or among those, that a line of the list of indicators puts in charge."""
        return any(name in lead for name in self.leads)


def bodies(programme: str) -> tuple[Body, ...]:
    """The bodies of the programme with this id, in printed order; none where the data set has no list of them.

    Raises
    ------
    InputError
        The file is not TOML, or an entry lacks a field.
    """
    return _read(settings.data_file("duties", f"{programme}.toml"))


def body(programme: str, name: str) -> Body:
    """The body with this number or name.

    Raises
    ------
    UnknownNameError
        The plan names no such body; the suggestions are those that it names.
    """
    known = bodies(programme)
    for entry in known:
        if name.strip() == str(entry.number) or fold(name) == fold(entry.name):
            return entry
    raise UnknownNameError("body", name, [f"{entry.number} {entry.name}" for entry in known], programme)


@cache
def _read(path: Path) -> tuple[Body, ...]:
    if not path.is_file():
        return ()
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["body"]
        return tuple(Body(**{**row, "leads": tuple(row["leads"]), "duties": tuple(row["duties"])}) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.not-duties", str(path), reason=str(error))) from error
