"""`diaban phase` and `diaban responsibility`: phases of wards, and who agreed to answer for a stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import word
from geo.cli.base.options import CITY, CityOption, SiteArgument, with_options
from geo.cli.common import explained, opened
from geo.cli.registers.drafting import PaperOptions, draft, papers

if TYPE_CHECKING:
    from geo.importing.registers.changes import NamedWards

phase_app = Commands(no_args_is_help=True)
responsibility_app = Commands(no_args_is_help=True)

PhaseArgument = Annotated[str, typer.Argument(metavar="PHASE")]
WardsArgument = Annotated[list[str], typer.Argument(metavar="CODE|NAME")]
FromOption = Annotated[float | None, typer.Option("--from")]
ToOption = Annotated[float | None, typer.Option("--to")]


@phase_app.callback()
def _phases() -> None:
    """Phases of wards in the support programme."""


@phase_app.command("set")
@with_options(PaperOptions)
def set_phase(options: PaperOptions, phase: PhaseArgument, wards: WardsArgument, city: CityOption = CITY) -> None:
    """The phase of wards from a day on, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import named_wards, phases
        from geo.reference.cities import city as city_named

        term, where = store.vocabulary.find("phase", phase), city_named(city)
        named = named_wards(wards, where)
        entries = phases(named, term.id, papers(store, options))
        title = word("draft.phases", count=len(entries), wards=_names(named))
        draft(store, where.slug, title, entries, options, note=named.note)


@responsibility_app.callback()
def _responsibilities() -> None:
    """Agreed responsibility for stretches on borders."""


@responsibility_app.command("set")
@with_options(PaperOptions)
def set_responsibility(
    options: PaperOptions,
    site: SiteArgument,
    wards: WardsArgument,
    from_m: FromOption = None,
    to_m: ToOption = None,
) -> None:
    """Who agreed to answer for a stretch of a site, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import city_of, named_wards, responsibility, version_of

        old = version_of(store, site)
        where = city_of(old.site_id)
        named = named_wards(wards, where)
        entry = responsibility(old.site_id, named, papers(store, options), from_m, to_m)
        title = word("draft.responsibility", site=old.site_id, wards=_names(named))
        draft(store, where.slug, title, [entry], options, note=named.note)


def _names(wards: NamedWards) -> str:
    """What the wards are called today."""
    from geo.reference.wards import WardRegister

    register = WardRegister.load()
    return ", ".join(register.by_code(code).full_name for code in wards.codes)
