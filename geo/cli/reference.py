"""The reference of settings, commands and errors, made from the code by `python -m geo.cli.reference`.

>>> settings_page().splitlines()[0]
'# Settings'
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.cli.error_reference import error_rows
from geo.i18n.language import speaking
from geo.i18n.message import Message
from geo.settings import TABLE, Secret, Variable

if TYPE_CHECKING:
    from typer._click import Command

DOCS = Path(__file__).resolve().parents[2] / "docs"
_MADE = "<!-- Made by `python -m geo.cli.reference`; do not edit. -->"
_SETTINGS = f"""# Settings
{_MADE}

Every setting is a variable of the environment. A variable that is empty counts as not set, and a `DIABAN_*` variable
that is not in this list is named when a command or the service starts. `diaban doctor` checks them all.
"""
_COMMANDS = f"""# Commands
{_MADE}

Every command takes `--lang vi` or `--lang en`, anywhere among its words, and `--help`. The ending of the file after
`-o` chooses the format; an ending that the output is not written as is refused. Exit codes: 0 done, 1 something was
found that is to be corrected, 2 the command could not be carried out.
"""


_ERRORS = f"""# Errors
{_MADE}

An error says what is wrong, where, and what to do, in the language of its reader. Programs find its `code` and its
`parameters` in the problem documents of the service. What stands in braces is filled in."""


_DECREE = f"""# Documents after Nghị định 30/2020/NĐ-CP
{_MADE}

Every document is one of the decree's types: what lies on the table of a review is a report (*báo cáo*) with appendices,
and minutes (*biên bản*) follow sample 1.9. One checklist (`geo/output/decree/checklist.py`) drives PDF, DOCX, ODT.
✓: `tests/output/test_decree.py` measures the point in the PDF, and in what LibreOffice Writer shows of the DOCX and the
ODT. –: the document has no such part. Annexes I and III of the decree are the source.
"""
_BEYOND = """## Beyond the decree
- The decree has no size for tables (11 pt here), notes and captions (12 pt), or the line at the foot (9 pt), which says
  for whom the version is, from which day and from which data.
- A PDF complies with PDF/A-2a and PDF/UA-1. A sign that no face holds is shown as □ and named at the beginning.
- Names of persons are never printed: room is left for them.

## Offices
`data/offices.toml` holds the offices: how the head of a paper calls them, their symbol, the drafting unit, the form of
signing, to whom reports go, who gets copies. The first office of a city issues its papers; `DIABAN_ISSUER` chooses
another. A file of the same name among an office's own templates (`DIABAN_TEMPLATES`) goes before it; administrators
change it on the page `/admin/offices`. There, too,
`paper.typ`, `blocks.typ`, `atlas.typ`, `paper.docx` and `dossier.html` may lie, or `dossier.typ`, `minutes.docx`, … for
one kind of document, and `vi.toml` with other words.
"""


def pages() -> dict[Path, str]:
    """Each file of the reference with its text."""
    made = {
        "settings.md": settings_page,
        "commands.md": commands_page,
        "errors.md": errors_page,
        "decree.md": decree_page,
    }
    return {DOCS / name: page() for name, page in made.items()}


def settings_page() -> str:
    """The settings by group."""
    with speaking("en"):
        parts = [_SETTINGS]
        for group in dict.fromkeys(variable.group for variable in TABLE.values()):
            rows = [_row(variable) for variable in TABLE.values() if variable.group == group]
            parts += [f"\n## {Message(f'settings.group.{group}')}\n", "", "| variable | value | default | for |"]
            parts += ["|---|---|---|---|", *rows]
    return "\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def commands_page() -> str:
    """The commands with their options."""
    from typer.main import get_command

    from geo.cli.app import application

    with speaking("en"):
        sections = [section for _, section in _walk(get_command(application()), None, "diaban")]
    return "\n".join([_COMMANDS, *sections])


def errors_page() -> str:
    """The errors by code."""
    return "\n".join([_ERRORS, *error_rows()]) + "\n"


def decree_page() -> str:
    """The checklist of the decree on administrative documents, point × document."""
    from geo.output.decree.table import table_rows

    return "\n".join([_DECREE, *table_rows(), "", _BEYOND])


def _row(variable: Variable) -> str:
    about = _cell(str(Message(f"settings.about.{variable.name}")))
    return f"| `{variable.variable}` | {_value(variable)} | {_default(variable.default)} | {about} |"


def _value(variable: Variable) -> str:
    kinds = {"int": "whole number", "float": "number", "bool": "1 or 0", "Path | None": "path"}
    kind = " or ".join(f"`{choice}`" for choice in variable.choices) or kinds.get(variable.kind, "text")
    if variable.most is not None:
        return f"{kind}, {variable.least:,} to {variable.most:,}"
    return kind if variable.least is None else f"{kind}, at least {variable.least:,}"


def _default(value: Any) -> str:
    if value is None or value == "" or isinstance(value, Secret):
        return ""
    return f"`{int(value)}`" if isinstance(value, bool) else f"`{value}`"


def _walk(command: Command, parent: Any, name: str) -> Iterator[tuple[str, str]]:
    """A command and those below it, each as a section."""
    from typer._click import Context

    from geo.cli.base.help import names

    context = Context(command, info_name=name, parent=parent)
    yield name, _section(command, context)
    for below in names(command):
        yield from _walk(command.get_command(context, below), context, below)  # type: ignore[attr-defined]


def _section(command: Command, context: Any) -> str:
    from geo.cli.base.help import command_help, names_of, option_help, path_of, remarks, usage

    path = path_of(context)
    params = [param for param in command.get_params(context) if param.name not in ("help", "lang")]
    rows = [f"| `{_cell(names_of(param))}` | {_cell(option_help(param, path) + remarks(param))} |" for param in params]
    lines = [f"{'#' * (len(path) + 1)} {context.command_path}" if path else "## diaban", ""]
    lines += [command_help(path), "", "```", f"{context.command_path} {usage(command, context)}", "```", ""]
    return "\n".join([*lines, *(["| option | for |", "|---|---|", *rows, ""] if rows else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
