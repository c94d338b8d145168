"""`diaban risk`: where new activity may be starting, why we say so, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import (
    CityOption,
    DayOption,
    OutputOption,
    SitesOption,
    WardsOption,
    chosen_day,
    emit,
    explained,
    out,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from geo.analysis.exposure.score import WardExposure
    from geo.analysis.flags import Flag
    from geo.records.store import Store
    from geo.situation import Situation


class RiskFormat(StrEnum):
    """How the flags are given out."""

    TABLE = "table"
    JSON = "json"
    GEOJSON = "geojson"


class Language(StrEnum):
    """Language of the sentences."""

    VI = "vi"
    EN = "en"


FlagArgument = Annotated[str, typer.Argument(metavar="FLAG_ID", help="As `diaban risk` prints it.")]
AccountOption = Annotated[
    str,
    typer.Option("--account", envvar="DIABAN_ACCOUNT", help="Account that records: of an office, never of a person."),
]
OfficeOption = Annotated[str, typer.Option("--office", envvar="DIABAN_OFFICE", help="Office that records.")]
NoteOption = Annotated[str, typer.Option("--note", help="What was found or arranged; nothing about persons.")]
_STYLE = {"alert": "bold red", "warning": "red", "watch": "yellow"}
_LEVEL = {
    "vi": {"alert": "báo động", "warning": "cảnh báo", "watch": "theo dõi"},
    "en": {"alert": "alert", "warning": "warning", "watch": "watch"},
}
_STATUS = {
    "vi": {"raised": "mới", "acknowledged": "đã tiếp nhận", "closed": "đã đóng"},
    "en": {"raised": "raised", "acknowledged": "acknowledged", "closed": "closed"},
}

app = typer.Typer(help="Flags: where new activity may be starting, and why we say so.")


@app.callback(invoke_without_command=True)
def risk(
    context: typer.Context,
    day: DayOption = None,
    city: CityOption = "hanoi",
    format: Annotated[RiskFormat, typer.Option("--format", help="table, json or geojson.")] = RiskFormat.TABLE,
    output: OutputOption = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the table: vi or en.")] = Language.VI,
    closed: Annotated[bool, typer.Option("--closed", help="Show closed flags in the table too.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="From the registers alone, without any record.")] = False,
    wards: WardsOption = None,
    sites: SitesOption = None,
) -> None:
    """The flags of a day with their reasons, every site's exposure, and the wards that an active site touches."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        from geo.output.shared import flag_rows as risks
        from geo.output.shared.crossing_rows import to_json

        situation = _from_registers(day, city, wards, sites) if plan or wards or sites else _situation(day, city)
        if format is RiskFormat.JSON:
            emit(to_json(risks.risk_document(situation)), output)
        elif format is RiskFormat.GEOJSON:
            emit(risks.flags_geojson(situation), output)
        else:
            _print([*_flags(situation, lang, closed), _sites(situation, lang), _wards(situation, lang)], output)


@app.command("ack")
def acknowledge(
    flag_id: FlagArgument,
    note: NoteOption,
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = "hanoi",
    account: AccountOption = "local",
) -> None:
    """Record that a flag was seen and what is done about it; it comes up again at a higher level only."""
    _record(flag_id, "acknowledged", note, office, account, day=day, city=city)


@app.command("close")
def close(
    flag_id: FlagArgument,
    note: NoteOption,
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = "hanoi",
    account: AccountOption = "local",
) -> None:
    """Record that a matter is settled; it comes up again only when it grew: a higher level, or new reports."""
    _record(flag_id, "closed", note, office, account, day=day, city=city)


@app.command("record")
def record(
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = "hanoi",
    account: AccountOption = "local",
) -> None:
    """Record which flags stand on the day, each once; for a daily run."""
    with explained(), _opened() as store:
        from geo.records.model.entries import Actor, NewFlagEvent
        from geo.situation import at

        on = chosen_day(day)
        events = store.flag_events(on)
        last = dict(zip(events["flag_id"].tolist(), events["event"].tolist(), strict=True))
        standing = [flag for flag in at(on, city=city, store=store).flags or () if flag.status == "raised"]
        fresh = [flag for flag in standing if last.get(flag.event_id) != "raised"]
        for flag in fresh:
            store.add(NewFlagEvent(flag_id=flag.event_id, event="raised", day=on), Actor(account, office, "cli"))
        out().print(f"{len(fresh)} flags recorded as raised on {on:%d/%m/%Y}", highlight=False)


def _record(flag_id: str, event: str, note: str, office: str, account: str, *, day: datetime | None, city: str) -> None:
    with explained(), _opened() as store:
        from geo.errors import InputError, Problem
        from geo.records.model.entries import Actor, NewFlagEvent
        from geo.situation import at

        on = chosen_day(day)
        if not note.strip():
            raise InputError(Problem("is empty", "--note", "say what was found or arranged"))
        flag = _named(flag_id, at(on, city=city, store=store).flags or ())
        entry = NewFlagEvent(flag_id=flag.event_id, event=event, day=on, note=note)
        receipt = store.add(entry, Actor(account, office, "cli"))
        out().print(f"{flag.flag_id}: {event} on {on:%d/%m/%Y}  [dim]#{receipt.id}[/]", highlight=False)


def _named(flag_id: str, flags: tuple[Flag, ...]) -> Flag:
    from geo.errors import UnknownNameError
    from geo.reference.names import suggest

    for flag in flags:
        if flag_id in (flag.flag_id, flag.event_id):
            return flag
    raise UnknownNameError("flag", flag_id, suggest(flag_id, [flag.flag_id for flag in flags]))


def _situation(day: datetime | None, city: str) -> Situation:
    from geo.situation import at

    with _opened() as store:
        return at(chosen_day(day), city=city, store=store)


def _from_registers(day: datetime | None, city: str, wards: Path | None, sites: Path | None) -> Situation:
    from geo.reference.cities import city as city_named
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards
    from geo.situation import at, from_registers

    if not wards and not sites:
        return at(chosen_day(day), city=city)
    place, listed = city_named(city), load_sites(sites)
    own = listed["site_id"].str.startswith(f"{place.site_prefix}-")
    chosen = listed if sites else listed.loc[own].reset_index(drop=True)
    return from_registers(chosen_day(day), place.slug, load_wards(wards, city=place), chosen)


@contextmanager
def _opened() -> Iterator[Store]:
    from geo.records.open import opened_store

    with opened_store() as store:
        yield store


def _flags(situation: Situation, lang: Language, closed: bool) -> list[Table | str]:
    """The table of flags under its heading; the heading alone says that there is none."""
    from rich.table import Table

    shown = [flag for flag in situation.flags or () if closed or flag.is_open]
    on, basis = f"{situation.day:%d/%m/%Y}", _basis(situation, lang)
    heading = _words(lang, f"Cảnh báo ngày {on} ({basis})", f"Flags on {on} ({basis})")
    if not shown:
        return [f"{heading}: {_words(lang, 'không có cờ nào đang mở', 'no flag is open')}"]
    table = Table(title=heading, title_justify="left", show_lines=True)
    columns = _words(lang, "mã|mức|trạng thái|tin báo|thường lệ|p|điểm số", "flag|level|status|reports|usual|p|score")
    for number, name in enumerate(columns.split("|")):
        table.add_column(name, justify="right" if number > 2 else "left", no_wrap=True)
    table.add_column(_words(lang, "nội dung", "what it says"), ratio=1)
    for flag in shown:
        _add_flag(table, flag, lang)
    return [table]


def _add_flag(table: Table, flag: Flag, lang: Language) -> None:
    from rich.text import Text

    told = flag.text_vi if lang is Language.VI else flag.text_en
    note = f"\n[{flag.note}]" if flag.note else ""
    table.add_row(
        flag.flag_id,
        Text(_LEVEL[lang][flag.level], style=_STYLE[flag.level]),
        _STATUS[lang][flag.status],
        "" if flag.observed is None else str(flag.observed),
        "" if flag.expected is None else f"{flag.expected:.1f}",
        "" if flag.p is None else f"{flag.p:.2g}",
        "" if flag.score is None else f"{flag.score:.1f}",
        Text(told + note),
    )


def _basis(situation: Situation, lang: Language) -> str:
    if situation.reports is None:
        return _words(lang, "chỉ theo sổ đăng ký", "by the registers alone")
    count = len(situation.reports)
    if not count:
        return _words(lang, "chưa có tin báo nào, chỉ theo sổ đăng ký", "no report yet, by the registers alone")
    return _words(lang, f"theo sổ đăng ký và {count} tin báo", f"by the registers and {count} reports")


def _sites(situation: Situation, lang: Language) -> Table:
    from rich.table import Table
    from rich.text import Text

    from geo.analysis.exposure.reasons import LEVEL_NAMES
    from geo.output.shared.flag_rows import exposed_sites

    title = _words(lang, "Bối cảnh của từng điểm, theo sổ đăng ký", "Exposure of every site, by the registers")
    table = Table(title=title, title_justify="left", show_lines=True)
    headings = _words(lang, "#|điểm|mức độ|cờ|điểm số", "#|site|level|flag|score")
    for heading in headings.split("|"):
        table.add_column(heading, no_wrap=True, justify="right" if heading in ("#", "score", "điểm số") else "left")
    table.add_column(_words(lang, "vì sao", "why"), ratio=1)
    for rank, found in enumerate(exposed_sites(situation), start=1):
        name = LEVEL_NAMES.get(found.facts.level)
        why = [f"{r.points:+.1f}  {r.vi if lang is Language.VI else r.en}" for r in found.reasons]
        table.add_row(
            str(rank),
            found.site_id,
            (name.vi if lang is Language.VI else name.en) if name else found.facts.level,
            Text(_LEVEL[lang][found.flag], style=_STYLE[found.flag]) if found.flag else "",
            f"{found.score:.1f}",
            Text("\n".join([found.facts.name, *why])),
        )
    return table


def _wards(situation: Situation, lang: Language) -> Table:
    from rich.table import Table

    from geo.output.shared.flag_rows import exposed_wards

    title = _words(
        lang,
        "Xã, phường ngoài chương trình cạnh điểm có hoạt động",
        "Wards outside the programme that an active site touches",
    )
    table = Table(title=title, title_justify="left")
    for heading in (
        _words(lang, "xã, phường", "ward"),
        *_words(lang, "đi qua|giáp|liền kề", "in|along|next to").split("|"),
    ):
        table.add_column(heading)
    for found in exposed_wards(situation):
        if found.outside:
            table.add_row(f"{found.ward.full_name} ({found.code})", *_touching(found, lang))
    return table


def _touching(found: WardExposure, lang: Language) -> tuple[str, str, str]:
    from geo.i18n.formats import formats

    written = formats("vi" if lang is Language.VI else "en")
    inside = ", ".join(f"{site} ({written.number(m)} m)" if m else site for site, m in found.inside)
    return inside, ", ".join(found.along), ", ".join(found.near)


def _words(lang: Language, vi: str, en: str) -> str:
    return vi if lang is Language.VI else en


def _print(parts: list[Table | str], output: Path | None) -> None:
    import io

    from rich.console import Console

    shown = [part for part in parts if isinstance(part, str) or part.row_count]
    console = out() if output is None else Console(width=160, record=True, file=io.StringIO())
    for part in shown:
        console.print(part)
    if output is not None:
        emit(console.export_text(), output)
