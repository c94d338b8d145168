"""The figures of a programme as lines of a page: by target, by phase, by ward, each with the bar drawn of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.web.base.page_context import PageContext
from api.web.coverage.access import VisibleCoverage
from geo.analysis.coverage.attainment import Attainment, Result
from geo.analysis.coverage.new_sites import NewSites
from geo.output.reports.new_sites import NEW_SITE_COLUMNS, all_rows, new_site_row, new_sites_said
from geo.output.reports.wording import aim, own_text, phase_name
from geo.output.reports.wording import words as report_words
from geo.reference.names import plain
from geo.reference.programmes import Indicator, Target

_UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0 to 100 (`width`, per cent of what is asked); `look` says how it is filled, `text` what it shows."""

    width: float
    look: str
    text: str


@dataclass(frozen=True, slots=True)
class ArisenView:
    """New sites on the page: sentences, headings, and rows of an id of a site ('' for a candidate) with the cells."""

    target: str
    title: str
    said: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target: what is asked, what was attained, who has reported; '' where a figure does not apply.

    `entered` is 'wards that reported / wards that answer (share)', `zero` and `missing` how many of these reported
    zero or nothing.
    """

    id: str
    indicator: str
    label: str
    printed: str
    asked: str
    attained: str
    entered: str
    zero: str
    missing: str
    distance: str
    state: str
    state_label: str
    bar: Bar
    by_ward: bool


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A phase or a ward under one target; `code` is that of a ward, '' for a phase."""

    code: str
    name: str
    phase: str
    value: str
    entered: str
    missing: str
    state: str
    state_label: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class EntryLine:
    """How many of the figures that a ward was asked for it has entered."""

    code: str
    name: str
    phase: str
    done: int
    asked: int
    own: bool


def target_lines(context: PageContext, shown: VisibleCoverage) -> list[TargetLine]:
    """Every target in the plan's own order."""
    results = {entry.target.id: entry for entry in shown.attainment.results} if shown.attainment else {}
    return [
        _target_line(context, indicator, target, results.get(target.id))
        for indicator in shown.programme.indicators
        for target in indicator.targets
    ]


def _target_line(context: PageContext, indicator: Indicator, target: Target, result: Result | None) -> TargetLine:
    w = context.words
    by_ward = target.level == "ward"
    tally = result if result is not None and by_ward else None
    state = _UNPUBLISHED if result is None else "suppressed" if result.suppressed else result.state
    return TargetLine(
        id=target.id,
        indicator=indicator.id,
        label=own_text(w, target, "label"),
        printed=own_text(w, indicator, "text"),
        asked=aim(report_words(w.lang), target, result.needed if result else None),
        attained=_attained(context, result),
        entered=_share(context, tally.reporting, tally.wards) if tally else "",
        zero=w.number(tally.zero) if tally else "",
        missing=w.number(tally.missing) if tally else "",
        distance=_distance(context, result),
        state=state,
        state_label=w.text("coverage.not_published")
        if result is None
        else _state_label(context, "state", result.state),
        bar=Bar(_progress(result), state, _attained(context, result)),
        by_ward=by_ward,
    )


def _state_label(context: PageContext, kind: str, state: str) -> str:
    """The words for the state of a target (`state`) or of a ward's figure (`cell`)."""
    return report_words(context.words.lang).text(f"{kind}_{state}")


def _phase(context: PageContext, shown: VisibleCoverage, phase: str) -> str:
    return phase_name(report_words(context.words.lang), shown.programme, phase)


def _share(context: PageContext, part: int, whole: int) -> str:
    w = context.words
    share = f" ({w.percent(part / whole)})" if whole else ""
    return f"{w.number(part)}/{w.number(whole)}{share}"


def _attained(context: PageContext, result: Result | None) -> str:
    """What was reported; nothing reported is not zero, and a suppressed figure says so."""
    w = context.words
    if result is None:
        return ""
    if result.suppressed:
        return w.text("coverage.suppressed")
    if result.value is None:
        return w.text("figure.none")
    if result.target.measure == "done":
        return w.text("word.yes" if result.value else "word.no")
    share = f" ({w.percent(result.share)})" if result.share is not None else ""
    if result.target.measure == "share_of_wards":
        return f"{w.number(result.value)}/{w.number(result.wards)}{share}"
    if result.of_year is not None:
        share = f" ({report_words(w.lang).text('of_year', share=w.written.share(result.of_year))})"
    whole = f"/{w.number(result.base)}" if result.target.has_base else ""
    return f"{w.number(result.value)}{whole}{share}"


def _distance(context: PageContext, result: Result | None) -> str:
    if result is None or not result.distance or result.suppressed:
        return ""
    points = (
        context.words.text("coverage.points")
        if result.target.has_base
        else own_text(context.words, result.target, "unit")
    )
    return f"{context.words.number(result.distance, 1)} {points}"


def _progress(result: Result | None) -> float:
    """How much of what is asked was attained, in per cent up to 100; 0 where that is not known."""
    if result is None or result.suppressed or result.value is None:
        return 0.0
    if result.target.rule == "none" or not result.needed:
        return 100.0 if not result.distance else 0.0
    reached = (result.share or 0.0) * 100 if result.target.has_base else result.value
    return round(min(1.0, reached / result.needed) * 100, 1)


def phase_lines(context: PageContext, shown: VisibleCoverage, target: Target) -> list[AreaLine]:
    """The phases under one target; none for a plan that names no phases."""
    if not shown.programme.phases:
        return []
    rows = _rows(shown, "phase", target)
    largest = _largest(rows, target)
    return [
        _area_line(context, shown, row, target, name=_phase(context, shown, str(row["phase"])), largest=largest)
        for row in rows
    ]


def ward_lines(context: PageContext, shown: VisibleCoverage, target: Target) -> list[AreaLine]:
    """The wards under one target, by name."""
    rows = _rows(shown, "ward", target)
    largest = _largest(rows, target)
    lines = [_area_line(context, shown, row, target, name=str(row["name"]), largest=largest) for row in rows]
    return sorted(lines, key=lambda line: plain(line.name.split(" ", 1)[-1]))


_Row = Mapping[Hashable, Any]


def _rows(shown: VisibleCoverage, level: str, target: Target) -> list[_Row]:
    chosen = shown.rows[(shown.rows["level"] == level) & (shown.rows["target"] == target.id)]
    return list(chosen.to_dict("records"))


def _largest(rows: Iterable[_Row], target: Target) -> float:
    """What a full bar stands for: a share of 1, a yes, or the largest count."""
    if target.has_base or target.measure == "share_of_wards":
        return 1.0
    return max((float(row["value"]) for row in rows if row["value"] == row["value"]), default=0.0) or 1.0


def _area_line(
    context: PageContext, shown: VisibleCoverage, row: _Row, target: Target, *, name: str, largest: float
) -> AreaLine:
    w, is_ward = context.words, row["level"] == "ward"
    state = "suppressed" if row["suppressed"] else str(row["state"])
    label = w.text("coverage.suppressed") if row["suppressed"] else _state_label(context, "cell", str(row["state"]))
    figure = row["share"] if target.has_base or (target.measure == "share_of_wards" and not is_ward) else row["value"]
    width = 0.0 if figure != figure or row["suppressed"] else min(1.0, float(figure) / largest) * 100
    value = _figure(context, row, target)
    return AreaLine(
        code=str(row["code"]) if is_ward else "",
        name=name,
        phase=_phase(context, shown, str(row["phase"])) if is_ward else "",
        value=value,
        entered="" if is_ward else _share(context, int(row["reporting"]), int(row["wards"])),
        missing="" if is_ward else w.number(int(row["missing"])),
        state=state,
        state_label=label,
        bar=Bar(round(width, 1), state, value),
    )


def _figure(context: PageContext, row: _Row, target: Target) -> str:
    w, value, base = context.words, row["value"], row["base"]
    if row["suppressed"]:
        return w.text("coverage.suppressed")
    if value != value:
        return w.text("figure.none")
    if target.is_yes_or_no and row["level"] == "ward":
        return w.text("word.yes" if value else "word.no")
    if target.has_base and base == base:
        share = f" ({w.percent(row['share'])})" if row["share"] == row["share"] else ""
        return f"{w.number(value)}/{w.number(base)}{share}"
    return w.number(value)


def arisen_view(context: PageContext, found: NewSites, shown: Attainment | None) -> ArisenView:
    """The sites that came in since the plan was issued, beside the target that asks for none."""
    w = report_words(context.words.lang)
    heads = tuple(w.text(f"head_{name}") for name in NEW_SITE_COLUMNS)
    rows = tuple(("" if site.origin == "candidate" else site.id, new_site_row(w, site)) for site in all_rows(found))
    title = w.text("section_new_sites", target=found.target)
    return ArisenView(found.target, title, tuple(new_sites_said(w, found, shown)), heads, rows)


def entry_lines(context: PageContext, shown: VisibleCoverage) -> list[EntryLine]:
    """The wards by name, with how much of what they are asked they have entered."""
    wards = shown.rows[shown.rows["level"] == "ward"]
    asked = wards[wards["state"] != "outside"]
    done = asked["state"].isin(["reported", "zero"]).groupby(asked["code"]).sum()
    count = asked.groupby("code").size()
    listed = wards.drop_duplicates("code")[["code", "name", "phase"]].itertuples(index=False, name=None)
    lines = [
        EntryLine(
            code=code,
            name=name,
            phase=_phase(context, shown, phase) if shown.programme.phases else "",
            done=int(done.get(code, 0)),
            asked=int(count.get(code, 0)),
            own=code in context.identity.wards,
        )
        for code, name, phase in listed
    ]
    return sorted(lines, key=lambda line: plain(line.name.split(" ", 1)[-1]))
