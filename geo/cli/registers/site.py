"""`diaban site`: sites of the register, added, changed, cleared, returned, renamed, split, merged; their history."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import table, word, written
from geo.cli.base.options import CITY, CityOption, CrsOption, LayerOption, SiteArgument, WardOption, with_options
from geo.cli.common import emit, emit_tables, explained, format_option, opened
from geo.cli.geometry_files import say_notes
from geo.cli.registers.drafting import PaperOptions, draft, papers, titled, ward_labels

if TYPE_CHECKING:
    from geo.importing.registers.changes import Papers
    from geo.importing.registers.routes import Route
    from geo.records.kinds.spec import NewEntry
    from geo.records.store import Store

app = Commands(no_args_is_help=True)

NameOption = Annotated[str, typer.Option("--name")]
LevelOption = Annotated[str, typer.Option("--level", metavar="LEVEL")]
RouteFileOption = Annotated[Path | None, typer.Option("--file")]
PlaceOption = Annotated[str | None, typer.Option("--place", metavar="TEXT")]
ChooseOption = Annotated[int | None, typer.Option("--choose", metavar="N", min=1)]
DeclaredOption = Annotated[str | None, typer.Option("--declared", metavar="TEXT")]
HandedOverOption = Annotated[int | None, typer.Option("--handed-over", metavar="YEAR")]
MetresOption = Annotated[float | None, typer.Option("--accuracy")]
CorridorOption = Annotated[float | None, typer.Option("--corridor")]
StartOption = Annotated[str, typer.Option("--from", metavar="TEXT")]
FinishOption = Annotated[str, typer.Option("--to", metavar="TEXT")]
CorrectOption = Annotated[bool, typer.Option("--correct")]
OthersArgument = Annotated[list[str], typer.Argument(metavar="SITE_ID")]


@app.command()
@with_options(PaperOptions)
def add(
    options: PaperOptions,
    name: NameOption,
    level: LevelOption,
    group: Annotated[str | None, typer.Option("--group", metavar="GROUP")] = None,
    place: PlaceOption = None,
    choose: ChooseOption = None,
    ward: WardOption = None,
    file: RouteFileOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    declared: DeclaredOption = None,
    handed_over: HandedOverOption = None,
    accuracy: MetresOption = None,
    corridor: CorridorOption = None,
    start: StartOption = "",
    finish: FinishOption = "",
    number: Annotated[str, typer.Option("--number")] = "",
    city: CityOption = CITY,
) -> None:
    """A new site, by words or by a file, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import group_of_number, id_of_number, new_site, next_id, versions_on
        from geo.records.kinds.registers.site_version import NewSiteVersion
        from geo.records.model.vocabulary import vocabulary_of
        from geo.reference.cities import city as city_named
        from geo.reference.programmes import programme_of_city

        where, paper = city_named(city), papers(store, options)
        programme = programme_of_city(where)
        offered = vocabulary_of(programme)
        part = offered.find("group", group).id if group else group_of_number(programme.group_ids, number)
        route = _route(place or (None if file else name), choose, ward, (file, crs, layer), city)
        assert route is not None
        wards, text = _declared(declared, city, paper.day)
        known = list(versions_on(store, paper.day))
        version = NewSiteVersion(
            site_id=id_of_number(known, where, part, number) if number else next_id(known, where, part),
            name=name,
            group=part,
            level=offered.find("level", level).id,
            handed_over=handed_over,
            start=start,
            finish=finish,
            declared_wards=wards,
            declared_text=text,
            geometry=route.geometry,
            geometry_source=route.source,
            accuracy_m=accuracy or route.accuracy_m or 50.0,
            corridor_m=corridor or 50.0,
            **paper.said,
        )
        draft(
            store,
            where.slug,
            titled("new-site", site=version.site_id, name=name),
            new_site(version, paper),
            options,
        )


@app.command()
@with_options(PaperOptions)
def change(
    options: PaperOptions,
    site: SiteArgument,
    name: Annotated[str | None, typer.Option("--name")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="LEVEL")] = None,
    place: PlaceOption = None,
    choose: ChooseOption = None,
    ward: WardOption = None,
    file: RouteFileOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    declared: DeclaredOption = None,
    handed_over: HandedOverOption = None,
    accuracy: MetresOption = None,
    corridor: CorridorOption = None,
    start: StartOption = "",
    finish: FinishOption = "",
    correct: CorrectOption = False,
) -> None:
    """A further version of a site, as a draft; its level is in force from that day on.

    The words for its ends are not those of another route: they are blank then unless --from and --to say them.
    """
    with explained(), opened() as store:
        from geo.importing.registers.changes import city_of, redescribed, version_of

        paper = papers(store, options)
        old, where = version_of(store, site, paper.day), city_of(site).slug
        route = _route(place, choose, ward, (file, crs, layer), where)
        wards, text = _declared(declared, where, paper.day) if declared else (None, None)
        values: dict[str, Any] = {"name": name, "handed_over": handed_over, "corridor_m": corridor}
        values |= {"declared_wards": wards, "declared_text": text, "accuracy_m": accuracy}
        values |= {"start": start or None, "finish": finish or None}
        if route is not None:
            measured = accuracy or route.accuracy_m
            values |= {"geometry": route.geometry, "geometry_source": route.source, "accuracy_m": measured}
        known = _known_level(store, old.site_id, level)
        entries = redescribed(old, paper, known, **values)
        _draft(store, "changed-site", old.site_id, _corrected(store, entries, paper, correct), options)


@app.command()
@with_options(PaperOptions)
def clear(options: PaperOptions, site: SiteArgument) -> None:
    """Take a site off the list, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import event, version_of

        paper = papers(store, options)
        old = version_of(store, site, paper.day)
        _draft(store, "cleared-site", old.site_id, [event(old.site_id, "cleared", paper)], options)


@app.command("return")
@with_options(PaperOptions)
def return_(
    options: PaperOptions, site: SiteArgument, level: Annotated[str | None, typer.Option("--level")] = None
) -> None:
    """Put a site back on the list, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import returned, version_of

        paper = papers(store, options)
        old = version_of(store, site, paper.day)
        known = _known_level(store, old.site_id, level)
        _draft(store, "returned-site", old.site_id, returned(old, paper, known), options)


@app.command()
@with_options(PaperOptions)
def rename(options: PaperOptions, site: SiteArgument, name: NameOption, correct: CorrectOption = False) -> None:
    """Give a site another name, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import renamed, version_of

        paper = papers(store, options)
        old = version_of(store, site, paper.day)
        entries = _corrected(store, renamed(old, name, paper), paper, correct)
        _draft(store, "renamed-site", old.site_id, entries, options)


@app.command()
@with_options(PaperOptions)
def split(options: PaperOptions, site: SiteArgument, into: OthersArgument) -> None:
    """A site becomes several others, which are on the list already or in other drafts."""
    _became(options, site, into, "split")


@app.command()
@with_options(PaperOptions)
def merge(options: PaperOptions, site: SiteArgument, into: OthersArgument) -> None:
    """A site goes into another one."""
    _became(options, site, into, "merged")


@app.command()
def history(site: SiteArgument, format: Annotated[str | None, format_option("history")] = None) -> None:
    """The whole life of a site across plans: its versions, levels, events and agreements, in the order of time."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import version_of
        from geo.output.shared.formats import format_of

        chosen, old = format_of("history", None, format), version_of(store, site, store.today)
        rows = life(store, old.site_id)
        if chosen.name == "json":
            emit(json.dumps(rows, ensure_ascii=False, indent=2, default=str), None)
            return
        if chosen.name == "csv":
            import pandas as pd

            from geo.output.shared.crossing_rows import inert_texts

            emit(inert_texts(pd.DataFrame(rows)).to_csv(index=False), None)
            return
        drawn = table(word("title.life", site=old.site_id), "since", "event", "site", "document", "office", "note")
        for row in rows:
            drawn.add_row(*(written().day(v) if isinstance(v, date) else str(v) for v in row.values()))
        emit_tables([drawn], None)


def life(store: Store, site_id: str) -> list[dict[str, Any]]:
    """The versions, levels, events and agreements of a site, oldest first."""
    from geo.i18n.language import current
    from geo.i18n.message import shown
    from geo.situation.listing.lives import life as steps

    names = {term.id: shown(term, current()) for term in store.vocabulary.terms("level")} | ward_labels()
    return [
        {"day": step.day, "event": word(f"event.{step.what}"), "about": ", ".join(names.get(a, a) for a in step.about)}
        | {"document": step.document, "office": step.office, "note": step.note}
        for step in steps(store, site_id)
    ]


def _became(options: PaperOptions, site: str, into: list[str], what: str) -> None:
    with explained(), opened() as store:
        from geo.importing.registers.changes import event, version_of

        paper = papers(store, options)
        old, *others = (version_of(store, each, paper.day).site_id for each in (site, *into))
        _draft(store, f"{what}-site", old, [event(old, what, paper, others)], options)


def _known_level(store: Store, site: str, level: str | None) -> str | None:
    """The term of a level of the site's programme that was typed; None where none was."""
    return store.context.offered_at(site, None).find("level", level).id if level else None


def _corrected(store: Store, entries: list[NewEntry], paper: Papers, correct: bool) -> list[NewEntry]:
    """The entries; with `correct` those of the same day that they replace are taken back before them."""
    from geo.importing.registers.changes import correcting

    return correcting(store, entries, paper) if correct else entries


def _draft(store: Store, key: str, site: str, entries: list[NewEntry], options: PaperOptions) -> None:
    from geo.importing.registers.changes import city_of

    draft(store, city_of(site).slug, titled(f"{key}", site=site), entries, options)


def _route(
    place: str | None,
    choose: int | None,
    ward: str | None,
    brought: tuple[Path | None, str | None, str | None],
    city: str,
) -> Route | None:
    """The route that words describe, or that a file brings: the file, its system and its layer."""
    from geo.importing.geometries import Question
    from geo.importing.registers.routes import route_of_file, route_of_words
    from geo.reference.cities import city as city_named

    file, crs, layer = brought
    if file is not None:
        route = route_of_file(file, question=Question(crs, layer))
        say_notes(route.notes)
        return route
    return None if place is None else route_of_words(place, city_named(city), ward or "", choose)


def _declared(text: str | None, city: str, day: date) -> tuple[tuple[str, ...], str]:
    """The wards that a text declares, as a plan prints them; `InputError` where a name is not sure."""
    from geo.errors import InputError, Problem
    from geo.importing.plans.lists.places import PlaceReader
    from geo.reference.cities import city as city_named
    from geo.reference.wards import WardRegister

    if not text:
        return (), ""
    read = PlaceReader(WardRegister.load(city=city_named(city)), day).wards(text)
    if read.certainty != "sure":
        raise InputError(
            [Problem("importing.declared-not-sure", "--declared", reason=reason) for reason in read.reasons]
        )
    return read.codes, text
