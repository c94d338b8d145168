"""`diaban risk`: where new activity may be starting, why we say so, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import say, table, word, written
from geo.cli.base.options import (
    ACCOUNT,
    CITY,
    AccountOption,
    CityOption,
    DayOption,
    NoteOption,
    OfficeOption,
    OutputOption,
    chosen_day,
    known_at,
    with_options,
)
from geo.cli.common import (
    RegisterOptions,
    actor,
    emit_made,
    emit_tables,
    explained,
    format_option,
    of_files,
    opened,
    viewer,
)
from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.settings import text

if TYPE_CHECKING:
    from rich.table import Table

    from geo.analysis.exposure.score import WardExposure
    from geo.analysis.flags import Flag
    from geo.situation import Situation

FlagArgument = Annotated[str, typer.Argument(metavar="FLAG_ID")]
ResultOption = Annotated[str, typer.Option("--result", metavar="dealt|nothing|passed_on")]
_STYLE = {
    "alert": "bold red",
    "warning": "red",
    "watch": "yellow",
    "high": "bold cyan",
    "notable": "cyan",
    "slight": "",
}

app = Commands()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOptions(RegisterOptions):
    """The options of the list of flags."""

    output: OutputOption = None
    format: Annotated[str | None, format_option("flags")] = None
    closed: Annotated[bool, typer.Option("--closed")] = False
    plan: Annotated[bool, typer.Option("--plan")] = False


@app.callback(invoke_without_command=True)
@with_options(RiskOptions)
def risk(options: RiskOptions, context: typer.Context) -> None:
    """The flags of a day with their reasons, every site's exposure, and the wards that an active site touches."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        from geo.output.shared.formats import format_of

        chosen = format_of("flags", options.output, options.format)
        found = _situation(options)
        if chosen.writer:
            emit_made(chosen, options.output, found)
        else:
            parts = [*_flags(found, options.closed), _sites(found), _wards(found)]
            emit_tables([part for part in parts if isinstance(part, str) or part.row_count], options.output)


@app.command("ack")
def acknowledge(
    flag_id: FlagArgument,
    note: NoteOption,
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = CITY,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record that a flag was seen and what is done about it; it comes up again at a higher level only."""
    _record(flag_id, "acknowledged", note, office, account, day=day, city=city)


@app.command("close")
def close(
    flag_id: FlagArgument,
    result: ResultOption,
    note: NoteOption,
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = CITY,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record that a matter is settled; it comes up again only when it grew: a higher level, or new reports."""
    _record(flag_id, "closed", note, office, account, day=day, city=city, result=result)


@app.command("record")
def record(
    office: OfficeOption,
    day: DayOption = None,
    city: CityOption = CITY,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record which flags stand on the day, each once; for a daily run."""
    with explained(), opened() as store:
        from geo.situation.flag_recorder import record_flags

        on = chosen_day(day)
        found = record_flags(store, city, on, actor(account, office))
        say(word("flags-recorded", count=len(found.raised), day=on))
        if found.over:
            say(word("flags-over", count=len(found.over), day=on))


@app.command("daily")
def daily(office: OfficeOption, account: AccountOption = ACCOUNT) -> None:
    """Record the flags of all cities since the last run, and send what notices are due; the service does so itself."""
    with explained(), opened() as store:
        from geo.output.tasks.daily import run_daily

        done = run_daily(store, actor(account, office), text("public_url").rstrip("/"))
        say(
            word("risk-daily-busy")
            if done is None
            else word("risk-daily", raised=done.raised, over=done.over, sent=done.sent)
        )


@app.command("observed")
def observed(day: DayOption = None, city: CityOption = CITY) -> None:
    """From when each site and ward is observed: as recorded, else as its first reports suggest."""
    with explained():
        from geo.analysis.detection.thresholds import load_thresholds
        from geo.analysis.flags.city import city_of_situation, observed_places
        from geo.situation import at

        rules = load_thresholds()
        with opened() as store:
            found = city_of_situation(at(chosen_day(day), city=city, store=store), rules)
        if found is None:
            raise InputError(Problem("cli.no-reports"))
        drawn = table(word("title.observed"), "place", "since", "basis")
        for place, since, recorded in observed_places(found, rules):
            if since is None:
                drawn.add_row(place, word("observed.never"), "")
                continue
            basis = word("observed.recorded" if recorded else "observed.proposed")
            drawn.add_row(place, written().day(since), basis)
        emit_tables([drawn, word("observed.hint")], None)


def _record(
    flag_id: str,
    event: str,
    note: str,
    office: str,
    account: str,
    *,
    day: datetime | None,
    city: str,
    result: str | None = None,
) -> None:
    with explained(), opened() as store:
        from geo.records.entries import NewFlagEvent
        from geo.records.kinds.registry import kind_of
        from geo.situation import at

        on = chosen_day(day)
        if not note.strip():
            raise InputError(Problem("cli.empty-note", "--note"))
        flag = _named(flag_id, at(on, city=city, store=store).flags or ())
        entry = NewFlagEvent(flag_id=flag.event_id, event=event, day=on, note=note, result=result)
        kind_of(entry).refuse_reserved(entry)
        receipt = store.add(entry, actor(account, office))
        say(word("flag-event", flag=flag.flag_id, event=word(f"flag.{event}"), day=on, number=f"#{receipt.id}"))


def _named(flag_id: str, flags: tuple[Flag, ...]) -> Flag:
    from geo.errors import UnknownNameError
    from geo.reference.names import suggest

    for flag in flags:
        if flag_id in (flag.flag_id, flag.event_id):
            return flag
    raise UnknownNameError("flag", flag_id, suggest(flag_id, [flag.flag_id for flag in flags]))


def _situation(options: RiskOptions) -> Situation:
    """Of the records; of the registers alone with --plan."""
    from geo.situation import at
    from geo.visibility import Published, visible

    if options.wards or options.sites:
        return visible(of_files(options, options.files.load_register_sites()), viewer(options))
    if options.plan:
        return visible(at(chosen_day(options.day), city=options.city), viewer(options))
    moment = known_at(options.known_at)
    with opened() as store:
        found = at(chosen_day(options.day), city=options.city, store=store, known_at=moment)
        return visible(found, viewer(options), Published(store, store.today))


def _flags(situation: Situation, closed: bool) -> list[Table | str]:
    """The table of flags under its heading; the heading alone says that there is none."""
    shown = [flag for flag in situation.flags or () if closed or flag.is_open]
    heading = word("title.flags", day=situation.day, basis=_basis(situation))
    hidden = [str(Message("visibility.flags-of-reports-hidden"))] if situation.hides("flags") else []
    if not shown:
        return [*hidden] or [f"{heading}: {word('no-open-flag')}"]
    right = ("reports", "usual", "p", "recurrence", "score")
    drawn = table(heading, "flag", "level", "status", *right, right=right, show_lines=True)
    for column in drawn.columns:
        column.no_wrap = True
    drawn.add_column(word("column.says"), ratio=1)
    for flag in shown:
        _add_flag(drawn, flag)
    return [drawn, *hidden]


def _add_flag(drawn: Table, flag: Flag) -> None:
    from rich.text import Text

    from geo.i18n.language import current

    text = written()
    says = flag.text_vi if current() == "vi" else flag.text_en
    note = f"\n[{flag.note}]" if flag.note else ""
    drawn.add_row(
        flag.flag_id,
        Text(word(f"level.{flag.level}"), style=_STYLE[flag.level]),
        word(f"flag.{flag.status}"),
        "" if flag.observed is None else text.number(flag.observed),
        "" if flag.expected is None else text.fixed(flag.expected, 1),
        "" if flag.p is None else _chance(flag.p),
        "" if flag.recurrence_years is None else word("recurrence-years", count=round(flag.recurrence_years)),
        "" if flag.score is None else text.fixed(flag.score, 1),
        Text(says + note),
    )


def _chance(p: float) -> str:
    """A probability with two digits that count."""
    from math import floor, log10

    decimals = 1 - floor(log10(p)) if 0 < p < 1 else 1
    return written().fixed(p, decimals)


def _basis(situation: Situation) -> str:
    if situation.reports is None:
        return word("basis.registers")
    count = len(situation.reports)
    return word("basis.reports", count=count) if count else word("basis.no-reports")


def _sites(situation: Situation) -> Table:
    from rich.text import Text

    from geo.analysis.exposure.reasons import level_name
    from geo.i18n.language import current
    from geo.i18n.message import shown as in_language
    from geo.output.shared.flag_rows import exposed_sites

    lang = current()
    columns = ("rank", "site", "activity", "flag", "score")
    drawn = table(word("title.exposure"), *columns, right=("rank", "score"), show_lines=True)
    for column in drawn.columns:
        column.no_wrap = True
    drawn.add_column(word("column.why"), ratio=1)
    for rank, found in enumerate(exposed_sites(situation), start=1):
        why = [f"{_signed(r.points)}  {in_language(r, lang)}" for r in found.reasons]
        drawn.add_row(
            str(rank),
            found.site_id,
            in_language(level_name(found.facts.level), lang),
            Text(word(f"level.{found.flag}"), style=_STYLE[found.flag]) if found.flag else "",
            _ranged(found.score, found.range),
            Text("\n".join([found.facts.name, *why])),
        )
    return drawn


def _ranged(score: float, within: tuple[float, float]) -> str:
    """A score, with what it may be within the route's own accuracy where that differs."""
    text = written()
    low, high = (text.fixed(end, 1) for end in within)
    return text.fixed(score, 1) if low == high else f"{text.fixed(score, 1)} ({low}–{high})"


def _signed(points: float) -> str:
    return ("+" if points >= 0 else "") + written().fixed(points, 1)


def _wards(situation: Situation) -> Table:
    from geo.output.shared.flag_rows import exposed_wards

    drawn = table(word("title.outside"), "ward", "through", "along", "next-to")
    for found in exposed_wards(situation):
        if found.outside:
            drawn.add_row(f"{found.ward.full_name} ({found.code})", *_touching(found))
    return drawn


def _touching(found: WardExposure) -> tuple[str, str, str]:
    text = written()
    inside = ", ".join(f"{site} ({text.length(metres)})" if metres else site for site, metres in found.inside)
    return inside, ", ".join(found.along), ", ".join(found.near)
