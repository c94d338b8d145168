"""The help of a command, from the catalogues: only the language that is needed is read, and only when help is shown.

A command `diaban coverage report` has its text under `cli.help.coverage.report`. An option or argument is looked for
under `cli.option.coverage.report.<name>`, `cli.option.coverage.<name>` and `cli.option.<name>`, in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.cli.base.console import word
from geo.i18n.catalogue import find
from geo.i18n.language import current
from geo.i18n.message import Message, shown

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter, Parameter

_TYPES = {
    "int": "NUMBER",
    "int range": "NUMBER",
    "float": "NUMBER",
    "float range": "NUMBER",
    "datetime": "DATE",
    "str": "TEXT",
}


def write_help(command: Command, context: Context, formatter: HelpFormatter) -> None:
    """Write usage, text, arguments, options and commands of a command."""
    formatter.write_usage(context.command_path, usage(command, context), prefix=f"{word('usage')}: ")
    path = path_of(context)
    with formatter.indentation():
        for paragraph in command_help(path).split("\n\n"):
            formatter.write_paragraph()
            formatter.write_text(paragraph)
    params = command.get_params(context)
    for heading, kind in (("arguments", "argument"), ("options", "option")):
        rows = [_row(param, path) for param in params if param.param_type_name == kind and not _hidden(param)]
        _section(formatter, heading, rows)
    _section(
        formatter, "commands", [(name, command_help((*path, name)).partition("\n\n")[0]) for name in names(command)]
    )


def usage(command: Command, context: Context) -> str:
    """What follows the name of a command on its line of usage."""
    pieces = [f"[{word('usage-options')}]"]
    for param in command.get_params(context):
        if param.param_type_name == "argument":
            name = metavar(param) + ("..." if param.nargs != 1 else "")
            pieces.append(name if param.required else f"[{name}]")
        elif param.required:
            pieces.append(f"{param.opts[0]} {metavar(param)}")
    if names(command):
        pieces.append(word("usage-command"))
    return " ".join(pieces)


def path_of(context: Context) -> tuple[str, ...]:
    """The names of a command, without that of the program: ('coverage', 'report')."""
    found: list[str] = []
    place: Context | None = context
    while place is not None and place.parent is not None:
        found.append(place.info_name or "")
        place = place.parent
    return tuple(reversed(found))


def names(command: Command) -> tuple[str, ...]:
    """The commands of a group; none of a command."""
    commands: dict[str, Command] = getattr(command, "commands", {})
    if not commands and hasattr(command, "list_commands"):
        return tuple(command.list_commands(None))  # commands that follow from the kinds of record
    return tuple(name for name, entry in commands.items() if not entry.hidden)


def command_help(path: tuple[str, ...]) -> str:
    """The help text of a command; those of a kind of record follow from the kind."""
    key = ".".join(("help", *path))
    if find(current(), f"cli.{key}") is None and path[:1] == ("record",) and len(path) > 1:
        return kind_help(path[1:])
    return word(key)


def kind_help(path: tuple[str, ...]) -> str:
    """The help of the commands of a kind: what the kind is called, or what is done with it."""
    from geo.records.kinds.registry import kind

    if len(path) == 1:
        return shown(kind(path[0].replace("-", "_")).shown, current())
    return str(Message(f"records.command.{path[1]}"))


def option_help(param: Parameter, path: tuple[str, ...]) -> str:
    """The help text of an option or argument: that of the command, of a group above it, or the common one."""
    for depth in range(len(path), -1, -1):
        key = ".".join(("option", *path[:depth], param.name or ""))
        if find(current(), f"cli.{key}") is not None:
            return word(key)
    if path[:1] == ("record",):
        return _field_help(path[1], param)
    return word(f"option.{'.'.join(path)}.{param.name}")


def _field_help(kind_name: str, param: Parameter) -> str:
    """What a field of a kind of record is called."""
    from geo.records.kinds.registry import kind

    return shown(kind(kind_name.replace("-", "_")).heading(param.name or ""), current())


def metavar(param: Parameter) -> str:
    """What stands for the value of an option or argument: its choices, or a word of the catalogues."""
    choices = getattr(param.type, "choices", None)
    if choices:
        return "|".join(str(getattr(choice, "value", choice)) for choice in choices)
    name = param.metavar or _TYPES.get(param.type.name, "FOLDER" if _is_folder(param) else "FILE")
    key = f"metavar.{name}"
    return word(key) if find(current(), f"cli.{key}") is not None else name


def names_of(param: Parameter) -> str:
    """How an option is typed: `-o, --output FILE`, `--verified / --unverified`."""
    if param.param_type_name == "argument":
        return metavar(param)
    typed = ", ".join(sorted(param.opts, key=len))
    if getattr(param, "is_flag", False):
        return " / ".join([typed, *param.secondary_opts])
    return f"{typed} {metavar(param)}"


def remarks(param: Parameter) -> str:
    """The default of an option, the variable that sets it, or that it is needed."""
    found: list[str] = []
    default = getattr(param.default, "value", param.default)
    if param.required:
        found.append(word("required"))
    elif default not in (None, "", False, True) and not callable(default) and default != []:
        found.append(word("default", value=str(default)))
    if param.envvar:
        found.append(str(param.envvar))
    return f" [{'; '.join(found)}]" if found else ""


def _row(param: Parameter, path: tuple[str, ...]) -> tuple[str, str]:
    return names_of(param), option_help(param, path) + remarks(param)


def _section(formatter: HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(word(heading)):
            formatter.write_dl(rows)


def _hidden(param: Any) -> bool:
    return bool(getattr(param, "hidden", False))


def _is_folder(param: Any) -> bool:
    return not getattr(param.type, "file_okay", True)
