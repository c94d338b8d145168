"""Where a command prints, and the words that it prints."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo.i18n.formats import Formats, formats
from geo.i18n.language import current
from geo.i18n.message import Message

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from geo.errors import Problem


def word(key: str, /, **parameters: Any) -> str:
    """A text of the domain `cli` in the language of the command."""
    return Message(f"cli.{key}", **parameters).text()


def phase_word(phase: str) -> str:
    """A phase of a ward, as a table shows it."""
    from geo.i18n.message import shown
    from geo.reference.programme.in_use import own_terms

    own = own_terms("phase").get(phase)
    return shown(own, current()) if own else word(f"phase.{phase}")


def written() -> Formats:
    """How the language of the command writes figures and days."""
    return formats(current())


def out() -> Console:
    """Where results go; wide when the output is not a terminal, so that piped tables keep their columns."""
    from rich.console import Console

    return Console(emoji=False) if sys.stdout.isatty() else Console(emoji=False, width=160, soft_wrap=False)


def err() -> Console:
    """Where errors, notes and progress go."""
    from rich.console import Console

    return Console(emoji=False, stderr=True, soft_wrap=True)


def note(key: str, /, **parameters: Any) -> None:
    """A sentence on the error stream."""
    err().print(word(key, **parameters), highlight=False, markup=False)


def say(text: str, style: str = "") -> None:
    """A line of the result as it is: nothing in it acts as markup."""
    out().print(text, highlight=False, markup=False, style=style or None)


def print_problems(problems: Iterable[Problem], style: str = "bold red") -> None:
    """Each problem on the error stream, once: where, what, and what to do."""
    listed = list({str(problem): problem for problem in problems}.values())
    if not listed:
        return
    from rich.text import Text

    console = err()
    for problem in listed:
        line = Text("diaban: ", style=style)
        line.append(f"{problem.where}: " if problem.where else "", style="bold")
        line.append(problem.what, style="default")
        if problem.remedy:
            line.append(f"\n        → {problem.remedy}", style="dim")
        console.print(line)


def print_notes(notes: Iterable[str]) -> None:
    """What a result needs to be read with, on the error stream."""
    for text in notes:
        err().print(f"diaban: {text}", style="yellow", highlight=False, markup=False)


@contextmanager
def working(key: str) -> Iterator[None]:
    """A sign of life on the error stream while something takes its time; nothing where nobody looks."""
    console = err()
    if not console.is_terminal:
        yield
        return
    with console.status(word(key)):
        yield


def table(title: str, *columns: str, right: Iterable[str] = (), **style: Any) -> Table:
    """An empty table with its columns; title and columns are keys of the domain `cli`, '' for a column without head."""
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", **style)
    aligned = set(right)
    for column in columns:
        justify: Any = "right" if column in aligned else "left"
        made.add_column(word(f"column.{column}") if column else "", justify=justify)
    return made
