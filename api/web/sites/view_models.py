"""What several pages show of a situation, as rows that templates can write down: sites, stretches, flags, history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.resources.feature_collections import Row, collection
from api.resources.visibility import history_rows, visible
from api.web.base.page_context import PageContext
from geo.output.shared.stretches import added_shares, least_share, printed_metres
from geo.output.shared.theme import rule_label, theme
from geo.records.model.vocabulary import vocabulary, vocabulary_of
from geo.reference.programmes import Programme, programme_of_city
from geo.reference.sites import site_number
from geo.reference.tolerances import SHORTEST_SHOWN_M
from geo.situation import Situation
from geo.situation.site_reports import of_site
from geo.visibility.flags import concerns

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.analysis.flags import Flag


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in a list; `wards` are (code, full name), `length_m` 0 for areas and junctions.

    `flags`: how many open flags rest on reports; `exposure`, `exposure_label`: what the registers alone say, '' for
    nothing.
    """

    site_id: str
    number: str
    name: str
    level: str
    level_label: str
    group: str
    wards: tuple[tuple[str, str], ...]
    length_m: float
    flags: int
    exposure: str
    exposure_label: str


@dataclass(frozen=True, slots=True)
class StretchLine:
    """How much of a site lies in a ward, or in none (`ward_code` ''); `verdict` compares that with what the plan
    declares ('' for no)."""

    site_id: str
    site_name: str
    number: str
    level: str
    level_label: str
    ward_code: str
    ward_name: str
    extent: str
    share: str
    along: str
    border: str
    verdict: str


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag as a page shows it; counts are None where the visitor may not see them, `event_id` '' who can't act."""

    flag_id: str
    level: str
    level_label: str
    rule_label: str
    site_id: str
    site_number: str
    wards: tuple[tuple[str, str], ...]
    text: str
    days: str
    observed: int | None
    expected: float | None
    score: float | None
    reasons: tuple[tuple[float, str], ...]
    status: str
    status_label: str
    note: str
    event_id: str
    is_reported: bool
    handled_by: str
    until: str
    result: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something recorded of a site: `what` in words, by which office and document; '' where that is hidden.

    `record` is the path of the record's own page, '' for those to whom it is closed.
    """

    day: str
    what: str
    level: str
    document: str
    office: str
    note: str
    record: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as those who work on it see it."""

    report_id: int
    day: str
    kind: str
    channel: str
    place: str
    site_id: str
    ward_code: str
    ward_name: str
    status: str
    note: str
    same_as: int | None = None
    """The number of an earlier report of the same matter."""


def ward_label(situation: Situation) -> dict[str, str]:
    """Full names of wards by code."""
    return {row["code"]: row["full_name"] for row in collection("wards", situation).rows}


def site_lines(context: PageContext, situation: Situation) -> list[SiteLine]:
    """All sites of a situation, in the order of the plan."""
    names = ward_label(situation)
    open_flags = [f for f in visible(context.service, situation, context.identity).flags or () if f.is_open]
    return [_site_line(context, row, names, open_flags) for row in collection("sites", situation).rows]


def _site_line(context: PageContext, row: Row, names: dict[str, str], flags: Iterable[Flag]) -> SiteLine:
    here = [flag for flag in flags if flag.site_id == row["site_id"]]
    exposed = next((flag.level for flag in here if not flag.is_reported), "")
    return SiteLine(
        site_id=row["site_id"],
        number=site_number(row["site_id"]),
        name=row["name"],
        level=row["level"],
        level_label=context.words.pick(theme().lines[row["level"]].label),
        group=row["group"],
        wards=tuple((code, names.get(code, code)) for code in row["wards"]),
        length_m=row["length_m"],
        flags=sum(flag.is_reported for flag in here),
        exposure=exposed,
        exposure_label=context.words.pick(theme().areas[f"flag-{exposed}"].label) if exposed else "",
    )


def stretch_lines(context: PageContext, situation: Situation, *, site: str = "", ward: str = "") -> list[StretchLine]:
    """The stretches of one site, or of one ward, along the route or by site."""
    every = collection("crossings", situation).rows
    shares = added_shares([(row["site_id"], row["share"]) for row in every])
    rows = [
        (row, share)
        for row, share in zip(every, shares, strict=True)
        if (not site or row["site_id"] == site) and (not ward or row["ward_code"] == ward)
    ]
    names = ward_label(situation)
    return [_stretch_line(context, row, share, names) for row, share in rows]


def _stretch_line(context: PageContext, row: Row, share: float, names: dict[str, str]) -> StretchLine:
    w, code = context.words, row["ward_code"] or ""
    return StretchLine(
        site_id=row["site_id"],
        site_name=row["site_name"],
        number=site_number(row["site_id"]),
        level=row["site_level"],
        level_label=w.pick(theme().lines[row["site_level"]].label),
        ward_code=code,
        ward_name=names.get(code, code) if code else w.pick(theme().text("outside")),
        extent=extent(context, printed_metres(row["intervals_m"] or (), row["length_m"]), row["area_m2"]),
        share=w.written.some_share(least_share(share, row["share"])),
        along="; ".join(f"{w.number(a)}–{w.metres(b)}" for a, b in row["intervals_m"] or ()),
        border=_border(context, row, names),
        verdict=w.pick(theme().text(row["verdict"])) if code and row["verdict"] else "",
    )


def extent(context: PageContext, length_m: float, area_m2: float) -> str:
    """How much there is of a site: metres of a line, square metres of an area, the word for a point."""
    if length_m > 0:
        return context.words.written.some_length(length_m)
    if area_m2 > 0:
        return context.words.written.square_metres(area_m2)
    return context.words.text("figure.point")


def _border(context: PageContext, row: Row, names: dict[str, str]) -> str:
    if row["border_m"] < SHORTEST_SHOWN_M:
        return ""
    others = ", ".join(names.get(code, code) for code in row["border_with"])
    return context.words.metres(row["border_m"]) + (f" ({others})" if others else "")


def flag_lines(context: PageContext, situation: Situation, *, site: str = "", ward: str = "") -> list[FlagLine]:
    """The flags of one site, or of one ward, that this visitor may see; the gravest first, closed ones last."""
    names = ward_label(situation)
    return [
        _flag_line(context, flag, names, situation.programme)
        for flag in visible(context.service, situation, context.identity).flags or ()
        if (not site or flag.site_id == site) and (not ward or ward in {code for code, _ in flag.wards})
    ]


def flag_status(context: PageContext, status: str) -> str:
    """How a flag stands: raised means that nobody has taken it up yet."""
    return context.words.text("alerts.new") if status == "raised" else term(context, "flag_event", status)


def _flag_line(context: PageContext, flag: Flag, names: dict[str, str], programme: Programme) -> FlagLine:
    w, look, own = context.words, theme(), concerns(flag, context.identity.viewer)
    # A statement about one day (what the registers say) is not a window of observation.
    days = " – ".join(w.day(day) for day in dict.fromkeys((flag.first_day, flag.last_day)))
    return FlagLine(
        flag_id=flag.flag_id,
        level=flag.level,
        level_label=w.pick(look.areas[f"flag-{flag.level}"].label),
        rule_label=w.pick(rule_label(flag.rule, programme)),
        site_id=flag.site_id or "",
        site_number=site_number(flag.site_id) if flag.site_id else "",
        wards=tuple((code, names.get(code, code)) for code, _ in flag.wards),
        text=flag.text_vi if w.lang == "vi" else flag.text_en,
        days=days,
        observed=flag.observed,
        expected=flag.expected,
        score=flag.score,
        reasons=tuple((points, vi if w.lang == "vi" else en) for points, vi, en in flag.reasons),
        status=flag.status,
        status_label=flag_status(context, flag.status),
        note=flag.note,
        event_id=flag.event_id if own else "",
        is_reported=flag.is_reported,
        handled_by=flag.handled_by,
        until=w.day(flag.until) if flag.until else "",
        result=term(context, "flag_result", flag.result) if flag.result else "",
    )


def history_lines(context: PageContext, situation: Situation, site_id: str) -> list[HistoryLine]:
    """What was recorded of a site, newest first: levels, reviews, measures, from when it is observed."""
    shown = visible(context.service, situation, context.identity)
    rows = [(str(row["day"]), _history_line(context, row)) for row in history_rows(shown, site_id)]
    rows += [*_dealt_lines(context, shown, site_id), *_observed_lines(context, shown, site_id)]
    return [line for _, line in sorted(rows, key=lambda row: row[0])[::-1]]


def observed_lines(context: PageContext, situation: Situation, place: str) -> list[HistoryLine]:
    """From when a place (id of a site, code of a ward) is observed, as it was recorded, newest first."""
    shown = visible(context.service, situation, context.identity)
    return [line for _, line in reversed(_observed_lines(context, shown, place))]


def _dealt_lines(context: PageContext, shown: Situation, site_id: str) -> list[tuple[str, HistoryLine]]:
    return _place_lines(context, shown.measures, ("measures", "history.measure"), "site_id", site_id)


def _observed_lines(context: PageContext, shown: Situation, place: str) -> list[tuple[str, HistoryLine]]:
    return _place_lines(context, shown.observations, ("observations", "history.observed"), "place", place)


def _place_lines(
    context: PageContext, frame: DataFrame | None, of: tuple[str, str], column: str, place: str
) -> list[tuple[str, HistoryLine]]:
    """(ISO day, line) of the rows of a place; `of` is the path of the kind and the key of the words for it."""
    if frame is None or not context.identity.viewer.works:
        return []
    path, words = of
    rows = frame[frame[column] == place].to_dict("records")
    return [(f"{row['day']:%Y-%m-%d}", _place_line(context, row, path, context.words.text(words))) for row in rows]


def _place_line(context: PageContext, row: dict[Any, Any], path: str, what: str) -> HistoryLine:
    return HistoryLine(
        day=context.words.day(row["day"]),
        what=what,
        level="",
        document=row["document"] or "",
        office=row["office"] or "",
        note=row["note"] or "",
        record=f"/records/{path}/{row['id']}",
    )


def _history_line(context: PageContext, row: Row) -> HistoryLine:
    is_review = row["kind"] == "review"
    own = context.identity.viewer.works and "note" in row
    what = term(context, "conclusion", row["conclusion"]) if is_review else term(context, "level", row["level"])
    return HistoryLine(
        day=context.words.day(row["day"]),
        what=context.words.text("history.review", conclusion=what) if is_review else what,
        level="" if is_review else row["level"],
        document=row["document"],
        office=row.get("office") or "",
        note=row.get("note") or "",
        record=f"/records/{'reviews' if is_review else 'assessments'}/{row['id']}" if own else "",
    )


def report_lines(
    context: PageContext, situation: Situation, *, site: str = "", ward: str = ""
) -> list[ReportLine] | None:
    """The reports on one site or in one ward, newest first; None for those who may see none."""
    if not context.identity.viewer.works:
        return None
    frame = visible(context.service, situation, context.identity).reports
    if frame is None:
        return []
    chosen = of_site(situation, site, frame) if site else frame["ward_code"] == ward
    return list(_reports(context, situation, frame[chosen].iloc[::-1].to_dict("records")))


def report_lines_of(context: PageContext, situation: Situation, frame: DataFrame) -> list[ReportLine]:
    """The reports of a frame, in its order."""
    return list(_reports(context, situation, frame.to_dict("records")))


def report_line(context: PageContext, situation: Situation, report_id: int) -> ReportLine | None:
    """One report; None where there is none of this number, or none that the visitor may see."""
    frame = visible(context.service, situation, context.identity).reports
    if frame is None:
        return None
    return next(_reports(context, situation, frame[frame["report_id"] == report_id].to_dict("records")), None)


def _reports(context: PageContext, situation: Situation, records: Iterable[dict[Any, Any]]) -> Iterator[ReportLine]:
    names = ward_label(situation)
    for record in records:
        code = record["ward_code"] if isinstance(record["ward_code"], str) else ""
        yield ReportLine(
            report_id=int(record["report_id"]),
            day=context.words.day(record["day"]),
            kind=term(context, "kind", record["kind"]),
            channel=term(context, "channel", record["channel"]),
            place=_place(context, record),
            site_id=record["site_id"] if isinstance(record["site_id"], str) else "",
            ward_code=code,
            ward_name=names.get(code, code),
            status=context.words.text(f"report.status.{record['status']}"),
            note=record["note"] or "",
            same_as=_number(record.get("same_as")),
        )


def _number(value: Any) -> int | None:
    """A number of a record; None where a frame has none (None, NaN, NA)."""
    return int(value) if isinstance(value, int | float) and value == value else None


def _place(context: PageContext, record: dict[Any, Any]) -> str:
    w = context.words
    if not isinstance(record["site_id"], str):
        return f"{record['lon']:.5f}, {record['lat']:.5f}"
    chainage = record["chainage_m"]
    where = site_number(record["site_id"])
    return where if chainage is None or chainage != chainage else f"{where}, {w.metres(chainage)}"


def term(context: PageContext, group: str, name: str) -> str:
    """The words for a term of the vocabulary."""
    found = vocabulary().groups[group].get(name)
    return context.words.pick(found) if found is not None else name


def site_choices(context: PageContext, situation: Situation) -> list[tuple[str, str]]:
    """(id, number and name) of the sites that a visitor works on: for a ward account those that meet its wards."""
    own = set(context.identity.wards)
    return [
        (row["site_id"], f"{site_number(row['site_id'])} · {row['name']}")
        for row in collection("sites", situation).rows
        if not own or own & set(row["wards"])
    ]


def choices(context: PageContext, group: str) -> list[tuple[str, str]]:
    """(id, words) of every term of a group of the vocabulary that the city's programme uses, for a form."""
    offered = vocabulary_of(programme_of_city(context.city)).terms(group)
    return [(found.id, context.words.pick(found)) for found in offered]
