"""Commands of every kind of record, made of its spec when they are needed: `add`, `list`, `correct`, `withdraw`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands, Group
from geo.cli.base.console import print_notes, print_problems, say
from geo.cli.base.options import ACCOUNT, DAYS, AccountOption, DayOption, OfficeOption
from geo.cli.common import actor, emit, explained, format_option, opened

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.records.entries import NewEntry
    from geo.records.kinds.spec import Column, KindSpec
    from geo.records.store import Store

CorrectsOption = Annotated[int | None, typer.Option("--corrects")]
RowArgument = Annotated[int, typer.Argument(min=1, metavar="ROW")]
FormatOption = Annotated[str | None, format_option("history")]


class KindGroup(Group):
    """The commands of one kind of record (`kind`), beside those that stand in its app."""

    kind = ""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands."""
        own = super().list_commands(ctx)
        return [*own, *(name for name in _COMMANDS if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, made where it follows from the kind."""
        found = super().get_command(ctx, cmd_name)
        return found if found or cmd_name not in _COMMANDS else _derived(self.kind, cmd_name)


class RecordGroup(Group):
    """A group of commands for every kind of record."""

    def list_commands(self, _: Any) -> list[str]:
        """The names of all kinds."""
        from geo.records.kinds.registry import kinds

        return [spec.name.replace("_", "-") for spec in kinds() if not spec.by_draft]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The commands of a kind."""
        if cmd_name not in self.list_commands(ctx):
            return None
        made: Any = typer.main.get_command(kind_app(cmd_name.replace("-", "_")))
        made.name = cmd_name
        return made


def kind_app(name: str) -> Commands:
    """The group of commands of a kind."""
    group = type(f"{name.title()}Group", (KindGroup,), {"kind": name})
    app = Commands(no_args_is_help=True)
    app.info.cls = group
    app.callback()(lambda: None)
    return app


record_app = Commands(no_args_is_help=True)
record_app.info.cls = RecordGroup
record_app.callback()(lambda: None)


def write(store: Store, entry: NewEntry, account: str, office: str, corrects: int | None = None) -> None:
    """Write an entry and say so: what it is about, its terms, its day, and the number of the row."""
    from geo.errors import InputError
    from geo.i18n.message import Message
    from geo.importing.coverage.days import day_notes
    from geo.importing.coverage_parts import unlike_parts_of
    from geo.importing.coverage_wholes import above_wholes_of, half_notes_of
    from geo.records.kinds.registry import kind_of

    spec = kind_of(entry)
    above = above_wholes_of(store, entry)
    if above:
        raise InputError([each.problem for each in above])
    print_problems([each.problem for each in unlike_parts_of(store, entry)], "yellow")
    receipt = store.add(entry, actor(account, office), corrects=corrects)
    values = spec.values(entry)
    terms = [c.name for c in spec.columns if c.rule.group]
    what = [cell(store, spec, n, values[n]) for n in (spec.subject, *terms) if values.get(n) is not None]
    print_notes(map(str, (*day_notes(entry), *half_notes_of(store, entry))))
    say(f"{Message('records.recorded', kind=spec.shown, day=entry.day, what=what)}  #{receipt.id}")


def show(store: Store, spec: KindSpec, rows: DataFrame, names: list[str], format: str) -> None:
    """Print rows of a kind in a format."""
    if format == "json":
        lines = json.loads(rows[names].to_json(orient="records", date_format="iso"))
        days = [column.name for column in spec.columns if column.name in names and column.is_day]
        plain = [row | {name: row[name] and row[name][:10] for name in days} for row in lines]
        emit(json.dumps(plain, ensure_ascii=False, indent=2), None)
    elif format == "csv":
        from geo.output.shared.crossing_rows import inert_texts

        emit(inert_texts(rows[names]).to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S"), None)
    else:
        cells = [[cell(store, spec, name, row[name]) for name in names] for row in rows.to_dict("records")]
        print_table(spec, names, cells)


def print_table(spec: KindSpec, names: list[str], rows: list[list[str]]) -> None:
    """Print a table of a kind, each column under its heading."""
    from rich.markup import escape
    from rich.table import Table

    from geo.cli.base.console import out
    from geo.i18n.language import current
    from geo.i18n.message import shown

    table = Table(*(shown(spec.heading(name), current()) for name in names))
    for row in rows:
        table.add_row(*map(escape, row))
    out().print(table)


def cell(store: Store, spec: KindSpec, name: str, value: Any) -> str:
    """A value of a record as people read it."""
    from geo.i18n.formats import formats
    from geo.i18n.language import current
    from geo.i18n.message import shown

    column = spec.column(name)
    if value is None or value != value:
        return ""
    if column is not None and column.rule.group:
        return shown(store.vocabulary.groups[column.rule.group].get(value, value), current())
    if column is not None and column.is_day:
        return formats(current()).day(value)
    return shown(value, current()) if isinstance(value, tuple | float) else str(value)


def _derived(kind_name: str, command: str) -> Any:
    from geo.records.kinds.registry import kind

    app = Commands()
    app.command(command)(_COMMANDS[command](kind(kind_name)))
    return typer.main.get_command(app)


def _adding(spec: KindSpec) -> Callable[..., None]:
    row = Parameter("row", Parameter.KEYWORD_ONLY, default=None, annotation=CorrectsOption)
    return _writing(spec, row)


def _correcting(spec: KindSpec) -> Callable[..., None]:
    row = Parameter("row", Parameter.KEYWORD_ONLY, annotation=RowArgument)
    return _writing(spec, row)


def _writing(spec: KindSpec, row: Parameter) -> Callable[..., None]:
    def run(*, row: int | None, account: str, **typed: Any) -> None:
        with explained(), opened() as store:
            write(store, _entry(spec, store, typed), account, typed["office"], row)

    options = [_option(column) for column in spec.columns if column.name != "office"]
    office = Parameter("office", Parameter.KEYWORD_ONLY, annotation=OfficeOption)
    account = Parameter("account", Parameter.KEYWORD_ONLY, annotation=AccountOption, default=ACCOUNT)
    return _made(run, [row, *options, office, account])


def _listing(spec: KindSpec) -> Callable[..., None]:
    def run(day: DayOption = None, format: FormatOption = None) -> None:
        from geo.output.shared.formats import format_of

        with explained(), opened() as store:
            rows = store.entries(spec.name, store.today if day is None else day.date())
            show(store, spec, rows, ["id", *spec.listing], format_of("history", None, format).name)

    return run


def _withdrawing(spec: KindSpec) -> Callable[..., None]:
    def run(
        row: RowArgument,
        reason: Annotated[str, typer.Option("--reason")],
        office: OfficeOption,
        account: AccountOption = ACCOUNT,
        names_person: Annotated[bool, typer.Option("--names-person")] = False,
    ) -> None:
        from geo.i18n.message import Message

        with explained(), opened() as store:
            said: dict[str, Any] = {"reason": reason, "names_person": names_person}
            receipt = store.withdraw(spec.name, row, actor(account, office), **said)
            say(f"{Message('records.withdrawn', kind=spec.shown, row=str(row))}  #{receipt.id}")

    return run


_COMMANDS: Mapping[str, Callable[[KindSpec], Callable[..., None]]] = {
    "add": _adding,
    "list": _listing,
    "correct": _correcting,
    "withdraw": _withdrawing,
}


def _entry(spec: KindSpec, store: Store, typed: Mapping[str, Any]) -> NewEntry:
    """The entry that the options make; days that were not given are today."""
    values = {column.name: _value(column, store, typed[column.name]) for column in spec.columns}
    return spec.entry(**values | ({"day": store.today} if values["day"] is None else {}))


def _value(column: Column, store: Store, typed: Any) -> Any:
    if column.many:
        return tuple(dict.fromkeys(_read(column, store, each) for each in typed))
    return _read(column, store, typed)


def _read(column: Column, store: Store, typed: Any) -> Any:
    if isinstance(typed, datetime):
        return typed.date()
    return typed if typed is None or column.rule.read is None else column.rule.read(typed, store.context)


def _option(column: Column) -> Parameter:
    """The option of a field: `site_id` is `--site`, `wards` is `--ward`, again for each."""
    from geo.i18n.language import current
    from geo.i18n.message import shown

    help = shown(column.label, current())
    kind: Any = datetime if column.is_day else column.type
    settings: dict[str, Any] = {"formats": DAYS} if column.is_day else {}
    required = column.required and not column.optional and column.name != "day"
    flag = f"/--un{column.option}" if column.type is bool else ""
    option = typer.Option(f"--{column.option}{flag}", help=help, **settings)
    if column.many:
        kind = list.__class_getitem__(kind)
    elif column.type is not bool and not required:
        kind = kind | None
    annotation: Any = Annotated[kind, option]
    default = Parameter.empty if required else column.default
    return Parameter(column.name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _made(run: Callable[..., None], parameters: list[Parameter]) -> Callable[..., None]:
    """A function with these parameters, as Typer reads them."""
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
