"""Every failure that diaban explains to its user: problems with a code and parameters, never a finished sentence.

One shallow tree: `DiabanError` is the base of all. The catalogues (`geo.i18n`) have the words of each code, in
Vietnamese and in English: what is wrong (`records.future-day`) and what to do (`records.future-day.remedy`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from geo.i18n.catalogue import find
from geo.i18n.language import Lang, current
from geo.i18n.message import Message, jsonable, quoted, shown, worded


class Problem:
    """One thing that is wrong: its `code` and `parameters`, and the `place` where it stands (file, feature, row).

    The place is a text that needs no translation (a file, an id, an option), or a `Message` ("sites.csv: row 5").
    Problems are equal where code, place and parameters are; they can be pickled.

    >>> print(Problem("files.unreadable", "sites.csv", reason="Permission denied"))
    sites.csv: cannot be read: Permission denied → check the path and its permissions
    """

    __slots__ = ("code", "parameters", "place")

    def __init__(self, code: str, where: str | Message = "", /, **parameters: Any) -> None:
        self.code = code
        self.place = where
        self.parameters: Mapping[str, Any] = parameters

    @property
    def what(self) -> str:
        """What is wrong, in the language of the context."""
        return self.in_language(current())[0]

    @property
    def where(self) -> str:
        """Where it stands, in the language of the context."""
        return shown(self.place, current())

    @property
    def remedy(self) -> str:
        """What to do, in the language of the context; '' where nothing helps."""
        return self.in_language(current())[2]

    def in_language(self, lang: Lang) -> tuple[str, str, str]:
        """What is wrong, where, and what to do, in a language."""
        remedy = f"{self.code}.remedy"
        known = find(lang, remedy) is not None
        text = worded(remedy, self.parameters, lang) if known else ""
        return worded(self.code, self.parameters, lang), shown(self.place, lang), text

    def at(self, where: str | Message) -> Problem:
        """The same problem at another place."""
        return Problem(self.code, where, **self.parameters)

    def text(self, lang: Lang) -> str:
        """The whole of it in a language, on one line."""
        what, where, remedy = self.in_language(lang)
        return (f"{where}: " if where else "") + what + (f" → {remedy}" if remedy else "")

    def document(self, lang: Lang | None = None) -> dict[str, Any]:
        """The problem as JSON holds it: `code` and `parameters` for programs, `what`, `where`, `remedy` for people.

        >>> Problem("files.unreadable", "sites.csv", reason="gone").document("en")["parameters"]
        {'reason': 'gone'}
        """
        what, where, remedy = self.in_language(lang or current())
        known = {"code": self.code, "parameters": jsonable(self.parameters)}
        return {"what": what, "where": where, "remedy": remedy, **known}

    def __str__(self) -> str:
        return self.text(current())

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.place!r}, {dict(self.parameters)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and _identity(self) == _identity(other)

    def __hash__(self) -> int:
        return hash((self.code, self.place))


def _identity(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.place, problem.parameters


class DiabanError(Exception):
    """Base of all failures that diaban explains; holds one or more `Problem`.

    Its text is that of its problems, a line each, in the language of the context.
    """

    def __init__(self, problems: Problem | Sequence[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        # What `Exception` does calls the class with its arguments again, and those below take others.
        return _rebuilt, (type(self), self.problems), self.__dict__

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """The error of these problems, whatever the class takes otherwise."""
        error = cls.__new__(cls)
        DiabanError.__init__(error, problems)
        return error


def _rebuilt(kind: type[DiabanError], problems: Sequence[Problem]) -> DiabanError:
    return kind.of(problems)


class InputError(DiabanError):
    """A file, feature or argument that can't be used; nothing was changed."""


class DataFileMissingError(DiabanError):
    """A file that should be there is not, or can't be read."""


class UnknownNameError(DiabanError):
    """A name that no register holds; `suggestions` are the nearest that it does hold, best first.

    `kind` is what the name is of: a key of the catalogue (`unknown.kind.ward`), or a message.
    """

    def __init__(self, kind: str | Message, name: str, suggestions: Sequence[str], where: str | Message = "") -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        named = {"kind": kind if isinstance(kind, Message) else _kind(kind), "name": name}
        if suggestions:
            problem = Problem("unknown.name-like", where, **named, suggestions=quoted(suggestions))
        else:
            problem = Problem("unknown.name", where, **named)
        super().__init__(problem)


def _kind(kind: str) -> str | Message:
    key = "unknown.kind." + kind.replace(" ", "-").replace("_", "-")
    return Message(key) if find("en", key) else kind


class UnknownWardError(UnknownNameError):
    """No ward has this code or name."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str | Message = "") -> None:
        super().__init__("ward", name, suggestions, where)


class UnknownStreetError(UnknownNameError):
    """The street network holds no street of this name."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str | Message = "") -> None:
        super().__init__("street", name, suggestions, where)


class UnknownLimitError(UnknownNameError):
    """A limit of a stretch (cross street, bridge, junction, place) can't be found on its street."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str | Message = "") -> None:
        super().__init__("limit", name, suggestions, where)


class UnknownSiteError(UnknownNameError):
    """No site has this id."""

    def __init__(self, name: str, suggestions: Sequence[str], where: str | Message = "") -> None:
        super().__init__("site", name, suggestions, where)


class SiteNotListedError(UnknownSiteError):
    """A site that was, or will be, on the list of other days; the problem says of which."""

    def __init__(self, site_id: str, problem: Problem) -> None:
        self.name = site_id
        self.suggestions = ()
        DiabanError.__init__(self, problem)
