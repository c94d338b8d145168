"""What is wrong with a command as it was typed: the errors of typer as problems with a code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typer._click import exceptions  # typer carries its own click, and has no public name for these

from geo.errors import Problem

if TYPE_CHECKING:
    from typer._click import Context, Parameter


class Misuse(exceptions.UsageError):
    """A problem of our own that typer carries to where errors are printed."""

    def __init__(self, problem: Problem, context: Context) -> None:
        super().__init__(problem.code, context)
        self.problem = problem


def no_command(name: str, known: Sequence[str]) -> Problem:
    """A group has no command of this name."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3)
    return Problem("cli.no-such-command-near" if near else "cli.no-such-command", name=name, near=near)


def problem_of(error: exceptions.ClickException) -> Problem:
    """The problem that an error of typer stands for."""
    if isinstance(error, Misuse):
        return error.problem
    if isinstance(error, exceptions.NoSuchOption):
        near = sorted(error.possibilities or ())
        return Problem("cli.no-such-option-near" if near else "cli.no-such-option", error.option_name, near=near)
    if isinstance(error, exceptions.MissingParameter) and error.param is not None:
        return Problem(f"cli.missing-{error.param.param_type_name}", hint(error.param))
    if isinstance(error, exceptions.BadOptionUsage):
        return _badly_used(error)
    if isinstance(error, exceptions.BadParameter) and error.param is not None:
        return _bad_value(error.param)
    return Problem("cli.misuse", reason=error.format_message())


def hint(param: Parameter) -> str:
    """How a parameter is called in an error: its longest option, or the word that stands for the argument."""
    from geo.cli.base.help import metavar

    return max(param.opts, key=len) if param.param_type_name == "option" else metavar(param)


def _badly_used(error: exceptions.BadOptionUsage) -> Problem:
    params = [] if error.ctx is None else error.ctx.command.get_params(error.ctx)
    flags = {name for param in params if getattr(param, "is_flag", False) for name in param.opts}
    code = "cli.takes-no-value" if error.option_name in flags else "cli.needs-a-value"
    return Problem(code, error.option_name)


def _bad_value(param: Parameter) -> Problem:
    """What the type of a parameter expects."""
    kind: Any = param.type
    choices = getattr(kind, "choices", None)
    if choices:
        return Problem("cli.bad-choice", hint(param), choices=[str(getattr(each, "value", each)) for each in choices])
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        return Problem("cli.bad-range", hint(param), least=least, most=most)
    if least is not None:
        return Problem("cli.bad-least", hint(param), least=least)
    codes = {"int": "cli.bad-whole", "float": "cli.bad-number", "datetime": "cli.bad-day"}
    folder = "cli.bad-folder" if not getattr(kind, "file_okay", True) else "cli.bad-file"
    return Problem(codes.get(kind.name, folder), hint(param))
