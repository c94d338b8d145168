"""Every failure that diaban explains to its user.

One shallow tree: `DiabanError` is the base of all, and its text always says what is wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `what`, `where` it stands (file, feature, row, column) and the `remedy`."""

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f" → {self.remedy}" if self.remedy else "")


class DiabanError(Exception):
    """Base of all failures that diaban explains; holds one or more `Problem`."""

    def __init__(self, problems: Problem | Sequence[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class InputError(DiabanError):
    """A file, feature or argument that can't be used; nothing was changed."""


class DataFileMissingError(DiabanError):
    """A file that should be there is not, or can't be read."""


class UnknownNameError(DiabanError):
    """A name that no register holds; `suggestions` are the nearest that it does hold, best first."""

    def __init__(self, kind: str, name: str, suggestions: Sequence[str], where: str = "") -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        remedy = "did you mean " + ", ".join(f"'{s}'" for s in suggestions) + "?" if suggestions else ""
        super().__init__(Problem(f"{kind} '{name}' is not known", where, remedy))


class UnknownWardError(UnknownNameError):
    """No ward has this code or name."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str = "") -> None:
        super().__init__("ward", name, suggestions, where)


class UnknownStreetError(UnknownNameError):
    """The street network holds no street of this name."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str = "") -> None:
        super().__init__("street", name, suggestions, where)


class UnknownLimitError(UnknownNameError):
    """A limit of a stretch (cross street, bridge, junction, place) can't be found on its street."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str = "") -> None:
        super().__init__("limit", name, suggestions, where)


class UnknownSiteError(UnknownNameError):
    """No site has this id."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str = "") -> None:
        super().__init__("site", name, suggestions, where)
