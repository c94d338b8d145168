"""Commands of every kind of record, made of its spec when they are needed: `add`, `list`, `correct`, `withdraw`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from geo.cli.common import emit, err, explained, out

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.i18n.message import Message
    from geo.records.entries import NewEntry
    from geo.records.kinds.spec import Column, KindSpec
    from geo.records.store import Store

_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
AccountOption = Annotated[
    str,
    typer.Option("--account", envvar="DIABAN_ACCOUNT", help="Account that records: of an office, never of a person."),
]
OfficeOption = Annotated[str, typer.Option("--office", envvar="DIABAN_OFFICE", help="Office that records.")]
CorrectsOption = Annotated[int | None, typer.Option("--corrects", help="Number of the row that this one corrects.")]
RowArgument = Annotated[int, typer.Argument(min=1, help="Number of the row.")]
DayOption = Annotated[datetime | None, typer.Option("--day", formats=_FORMATS, help="The day; today if absent.")]


class ListFormat(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[ListFormat, typer.Option("--format", help="table, json or csv.")]


class KindGroup(TyperGroup):
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


class RecordGroup(TyperGroup):
    """A group of commands for every kind of record."""

    def list_commands(self, _: Any) -> list[str]:
        """The names of all kinds."""
        from geo.records.kinds.registry import kinds

        return [spec.name.replace("_", "-") for spec in kinds()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The commands of a kind."""
        if cmd_name not in self.list_commands(ctx):
            return None
        from geo.i18n.language import current
        from geo.i18n.message import shown
        from geo.records.kinds.registry import kind

        name = cmd_name.replace("-", "_")
        made: Any = typer.main.get_command(kind_app(name, shown(kind(name).shown, current())))
        made.name = cmd_name
        return made


def kind_app(name: str, help: str) -> typer.Typer:
    """The group of commands of a kind; further ones may be added."""
    group = type(f"{name.title()}Group", (KindGroup,), {"kind": name})
    app = typer.Typer(cls=group, help=help, no_args_is_help=True, add_completion=False)
    app.callback()(lambda: None)
    return app


record_app = typer.Typer(
    cls=RecordGroup, help="Records of every kind: add, list, correct, withdraw.", no_args_is_help=True
)
record_app.callback()(lambda: None)


@contextmanager
def records() -> Iterator[Store]:
    """The records with their registers, as commands use them."""
    from geo.records.open import opened_store

    with opened_store() as store:
        yield store


def write(store: Store, entry: NewEntry, account: str, office: str, corrects: int | None = None) -> None:
    """Write an entry and say so: what it is about, its terms, its day, and the number of the row."""
    from geo.i18n.message import Message
    from geo.records.entries import Actor
    from geo.records.kinds.registry import kind_of

    spec = kind_of(entry)
    receipt = store.add(entry, Actor(account, office), corrects=corrects)
    values = spec.values(entry)
    terms = [c.name for c in spec.columns if c.rule.group]
    what = [cell(store, spec, n, values[n]) for n in (spec.subject, *terms) if values.get(n) is not None]
    say(Message("records.recorded", kind=spec.shown, day=entry.day, what=what), receipt.id)


def say(what: Message, number: int | None) -> None:
    """Print what was done, and the number of the row."""
    from rich.markup import escape

    out().print(escape(str(what)) + ("" if number is None else f"  [dim]#{number}[/]"), highlight=False)


def note(what: Message) -> None:
    """Print a remark where errors go."""
    err().print(str(what), style="dim", highlight=False, markup=False)


def show(store: Store, spec: KindSpec, rows: DataFrame, names: list[str], format: ListFormat) -> None:
    """Print rows of a kind in a format."""
    if format is ListFormat.JSON:
        lines = json.loads(rows[names].to_json(orient="records", date_format="iso"))
        days = [column.name for column in spec.columns if column.name in names and column.is_day]
        plain = [row | {name: row[name] and row[name][:10] for name in days} for row in lines]
        emit(json.dumps(plain, ensure_ascii=False, indent=2), None)
    elif format is ListFormat.CSV:
        from geo.output.shared.crossing_rows import inert_texts

        emit(inert_texts(rows[names]).to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S"), None)
    else:
        cells = [[cell(store, spec, name, row[name]) for name in names] for row in rows.to_dict("records")]
        print_table(spec, names, cells)


def print_table(spec: KindSpec, names: list[str], rows: list[list[str]]) -> None:
    """Print a table of a kind, each column under its heading."""
    from rich.markup import escape
    from rich.table import Table

    from geo.i18n.language import current
    from geo.i18n.message import shown

    table = Table()
    for name in names:
        table.add_column(shown(spec.heading(name), current()))
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
    from geo.i18n.message import Message
    from geo.records.kinds.registry import kind

    app = typer.Typer(add_completion=False)
    help = str(Message(f"records.command.{command}"))
    app.command(command, help=help)(_COMMANDS[command](kind(kind_name)))
    return typer.main.get_command(app)


def _adding(spec: KindSpec) -> Callable[..., None]:
    row = Parameter("row", Parameter.KEYWORD_ONLY, default=None, annotation=CorrectsOption)
    return _writing(spec, row)


def _correcting(spec: KindSpec) -> Callable[..., None]:
    row = Parameter("row", Parameter.KEYWORD_ONLY, annotation=RowArgument)
    return _writing(spec, row)


def _writing(spec: KindSpec, row: Parameter) -> Callable[..., None]:
    def run(*, row: int | None, account: str, **typed: Any) -> None:
        with explained(), records() as store:
            write(store, _entry(spec, store, typed), account, typed["office"], row)

    options = [_option(column) for column in spec.columns if column.name != "office"]
    office = Parameter("office", Parameter.KEYWORD_ONLY, annotation=OfficeOption)
    account = Parameter("account", Parameter.KEYWORD_ONLY, annotation=AccountOption, default="local")
    return _made(run, [row, *options, office, account])


def _listing(spec: KindSpec) -> Callable[..., None]:
    def run(day: DayOption = None, format: FormatOption = ListFormat.TABLE) -> None:
        with explained(), records() as store:
            rows = store.entries(spec.name, store.today if day is None else day.date())
            show(store, spec, rows, ["id", *spec.listing], format)

    return run


def _withdrawing(spec: KindSpec) -> Callable[..., None]:
    def run(
        row: RowArgument,
        reason: Annotated[str, typer.Option("--reason", help="Why; about the place only.")],
        office: OfficeOption,
        account: AccountOption = "local",
    ) -> None:
        from geo.i18n.message import Message
        from geo.records.entries import Actor

        with explained(), records() as store:
            receipt = store.withdraw(spec.name, row, Actor(account, office), reason=reason)
            say(Message("records.withdrawn", kind=spec.shown, row=str(row)), receipt.id)

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
    settings: dict[str, Any] = {"formats": _FORMATS} if column.is_day else {}
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
