"""Options that several commands have, each declared once; their texts are in the catalogues (`cli.option.*`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from geo.settings import TABLE

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", *DAYS]
CITY: str = TABLE["city"].default
ACCOUNT: str = TABLE["account"].default


def _envvar(name: str) -> str:
    """The variable of a setting, which an option goes before."""
    return TABLE[name].variable


WardsOption = Annotated[Path | None, typer.Option("--wards")]
SitesOption = Annotated[Path | None, typer.Option("--sites")]
CrsOption = Annotated[str | None, typer.Option("--crs", metavar="CRS")]
LayerOption = Annotated[str | None, typer.Option("--layer", metavar="LAYER")]
WardsCrsOption = Annotated[str | None, typer.Option("--wards-crs", metavar="CRS")]
WardsLayerOption = Annotated[str | None, typer.Option("--wards-layer", metavar="LAYER")]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", dir_okay=False)]
FileOption = Annotated[Path, typer.Option("-o", "--output", dir_okay=False)]
DayOption = Annotated[datetime | None, typer.Option("--day", formats=DAYS)]
DayArgument = Annotated[datetime, typer.Argument(formats=DAYS)]
KnownAtOption = Annotated[datetime | None, typer.Option("--known-at", formats=MOMENTS)]
CityOption = Annotated[str, typer.Option("--city", metavar="CITY", envvar=_envvar("city"))]
AnyCityOption = Annotated[str, typer.Option("--city", metavar="CITY", envvar=_envvar("city"))]
"""A city that a command may do without (default ''): it then looks in all of them."""
PublicOption = Annotated[bool, typer.Option("--public")]
WardArgument = Annotated[str, typer.Argument(metavar="CODE|NAME")]
WardOption = Annotated[str | None, typer.Option("--ward", metavar="CODE|NAME")]
SiteArgument = Annotated[str, typer.Argument(metavar="SITE_ID")]
AccountOption = Annotated[str, typer.Option("--account", metavar="ACCOUNT", envvar=_envvar("account"))]
OfficeOption = Annotated[str, typer.Option("--office", envvar=_envvar("office"))]
NoteOption = Annotated[str, typer.Option("--note")]
YesOption = Annotated[bool, typer.Option("--yes")]


def chosen_day(day: datetime | None) -> date:
    """The chosen day, or today in Việt Nam (UTC+7)."""
    if day is not None:
        return day.date()
    from geo.i18n.formats import VIET_NAM_TIME

    return datetime.now(VIET_NAM_TIME).date()


def register_day(day: datetime | None, wards: Path | None) -> date | None:
    """The day of the registers, None if none is chosen; wards of the user's own may be of any day."""
    from geo.reference.ward_names.units_since import refuse_before_units

    on = None if day is None else day.date()
    return on if on is None or wards is not None else refuse_before_units(on)


def known_at(moment: datetime | None) -> datetime | None:
    """The chosen moment, by the clock of Việt Nam."""
    from geo.i18n.formats import VIET_NAM_TIME

    return None if moment is None else moment.replace(tzinfo=VIET_NAM_TIME)


def with_options(kind: type) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """A command with the options that the fields of the dataclass `kind` declare; it is given them as `kind`.

    The first parameter of the decorated function takes the options together, the others are its own.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., None]:
        hints = get_type_hints(kind, include_extras=True)
        keyword = inspect.Parameter.KEYWORD_ONLY
        common = [
            inspect.Parameter(
                entry.name,
                keyword,
                default=inspect.Parameter.empty if entry.default is MISSING else entry.default,
                annotation=hints[entry.name],
            )
            for entry in fields(kind)
        ]
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        alone = [parameter.replace(kind=keyword) for parameter in own]

        def command(**values: Any) -> None:
            chosen = kind(**{entry.name: values.pop(entry.name) for entry in fields(kind)})
            function(chosen, **values)

        command.__doc__, command.__name__ = function.__doc__, function.__name__
        command.__signature__ = inspect.Signature([*alone, *common])  # type: ignore[attr-defined]
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in (*alone, *common)}
        return command

    return decorate
