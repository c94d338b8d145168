"""Commands and groups that speak one language at a time, in their help, their errors and their results.

The language is `--lang`, wherever it stands among the words, else `DIABAN_LANG`, else that of the locale, else
Vietnamese (`geo.settings.language`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

import typer
from typer._click import Command as AnyCommand  # typer carries its own click, and has no public name for these
from typer._click import exceptions
from typer._click.globals import get_current_context
from typer.core import TyperCommand, TyperGroup, TyperOption

from geo import settings
from geo.cli.base.console import note, print_problems
from geo.errors import DiabanError
from geo.i18n.language import DEFAULT, LANGS, Lang, speaking

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter, Parameter

BAD_USE = 2
"""Exit code of a command that could not be carried out as typed."""
FOUND = 1
"""Exit code of a command that worked and found something to correct."""
_CODE = "diaban.exit-code"


class Speaking(AnyCommand):
    """What commands and groups have in common."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The parameters of a command, and `--lang`, which all have."""
        return [*super().get_params(ctx), _lang_option()]

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The help from the catalogues."""
        from geo.cli.base.help import write_help

        write_help(self, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, for completion in a shell."""
        from geo.cli.base.help import command_help

        return command_help((self.name or "",)).partition("\n")[0][:limit]

    def main(self, *rest: Any, args: Sequence[str] | None = None, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run in the chosen language; errors end with their text and an exit code."""
        run: Callable[..., Any] = super().main  # type: ignore[safe-super]
        words = list(sys.argv[1:] if args is None else args)
        try:
            lang = _language(words)
        except DiabanError as error:
            with speaking(DEFAULT):
                print_problems(error.problems)
            sys.exit(BAD_USE)
        with speaking(lang):
            if not standalone_mode:
                return run(words, *rest, standalone_mode=False, **extra)
            print_problems(settings.unknown(), style="yellow")
            sys.exit(_ended(lambda: run(words, *rest, standalone_mode=False, **extra)))


class Command(Speaking, TyperCommand):
    """A command."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """As typer, with an error of our own for words too many; `inf` and `nan` are no numbers here."""
        from geo.cli.base.usage import Misuse
        from geo.errors import Problem

        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if ctx.resilient_parsing:
            return rest
        if rest:
            raise Misuse(Problem("cli.too-many-arguments", words=list(rest)), ctx)
        for param in self.get_params(ctx):
            value = ctx.params.get(param.name or "")
            if isinstance(value, float) and not isfinite(value):
                raise exceptions.BadParameter("not finite", ctx, param)
        return rest

    def invoke(self, ctx: Context) -> Any:
        """As typer, about the list of the city that was chosen; ends with the code that `end_with` asked for."""
        from geo.cli.base.list_in_view import chosen_list
        from geo.reference.cities import in_list

        with in_list(chosen_list(ctx.params)):
            made = super().invoke(ctx)
        if _CODE in ctx.meta:
            raise typer.Exit(ctx.meta[_CODE])
        return made


def end_with(code: int) -> None:
    """Have the command that runs end with this code, once it has done what it does; without a command, nothing."""
    ctx = get_current_context(silent=True)
    if ctx is not None:
        ctx.meta[_CODE] = code


class Group(Speaking, TyperGroup):
    """A group of commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for param in self.params:
            if param.name == "install_completion":
                param.callback = _install_completion

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """As typer, with an error of our own where there is no such command."""
        from geo.cli.base.usage import Misuse, no_command

        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise Misuse(no_command(args[0], list(self.commands)), ctx)
        return super().resolve_command(ctx, args)


class Commands(typer.Typer):
    """A typer application all of whose commands are of these classes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            cls=Group,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[..., Any]:
        """As typer."""
        return super().command(name, cls=Command, **options)


def _install_completion(ctx: Context, _: Parameter, value: Any) -> None:
    """As typer, in the language of the command."""
    if not value or ctx.resilient_parsing:
        return
    from typer._completion_shared import install

    shell, file = install(prog_name=ctx.find_root().info_name)
    note("completion-installed", shell=shell, file=str(file))
    raise typer.Exit


def _ended(run: Callable[[], Any]) -> int:
    """Run a command; its exit code."""
    try:
        return int(run() or 0)
    except exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(error.format_message() + "\n")
        return BAD_USE
    except exceptions.ClickException as error:
        _complain(error)
        return error.exit_code
    except typer.Abort:
        note("aborted")
        return 1


def _complain(error: exceptions.ClickException) -> None:
    from geo.cli.base.usage import problem_of

    print_problems([problem_of(error)])
    context = getattr(error, "ctx", None)
    if context is not None:
        note("see-help", command=f"{context.command_path} --help")


def _language(words: Sequence[str]) -> Lang:
    """The language that the words ask for, else that of the settings."""
    for place, text in enumerate(words):
        if text == "--":
            break
        option, mark, value = text.partition("=")
        chosen = value if mark else "".join(words[place + 1 : place + 2])
        if option == "--lang" and chosen in LANGS:
            return "en" if chosen == "en" else "vi"
    return settings.language()


@cache
def _lang_option() -> TyperOption:
    from typer._types import TyperChoice

    return TyperOption(param_decls=["--lang"], type=TyperChoice(LANGS), expose_value=False)
