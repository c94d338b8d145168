"""What the reports say of targets and results, in the words of the domain `reports`."""

from __future__ import annotations

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.language import Lang
from geo.i18n.translator import Translator, translator
from geo.output.reports.spans import Span
from geo.reference.cities import city
from geo.reference.programmes import Indicator, Period, Programme, Target

STATES = ("met", "not_met", "under_way", "incomplete", "missing")


def words(lang: Lang) -> Translator:
    """The words of the reports in a language."""
    return translator(lang, "reports")


def own_text(w: Translator, of: Programme | Indicator | Target | Period, name: str) -> str:
    """A text that a plan or a period has in both languages (`label` and `label_en`), the Vietnamese where one lacks."""
    return str((w.lang == "en" and getattr(of, f"{name}_en")) or getattr(of, name))


def carried(w: Translator, programme: Programme) -> str:
    """That the plan names no indicators, and by whose its years are counted; '' where it names its own."""
    if not programme.indicators_of:
        return ""
    return w.text("indicators_of", document=programme.document, source=programme.indicators_of)


def entry_label(w: Translator, target: Target, number: int) -> str:
    """The heading of the first or second figure that is entered for a target."""
    return own_text(w, target, ("label", "base_label")[number])


def aim(w: Translator, target: Target, needed: float | None = None) -> str:
    """What is promised, in short: 'ít nhất 60 %', '80 % (100 xã, phường)', 'không để phát sinh (0)'.

    `needed`: how many wards a share of them asks for, if that is known.
    """
    if target.rule == "none":
        return w.text("aim_none")
    if target.measure == "done":
        return w.text("aim_done")
    goal = _goal(w, target, needed)
    return w.text("aim_at_least", aim=goal) if target.rule == "at_least" else goal


def _goal(w: Translator, target: Target, needed: float | None) -> str:
    figure, unit = w.number(target.figure, 1), own_text(w, target, "unit")
    if target.measure not in ("share_of_items", "share_of_wards"):
        return f"{figure} {unit}"
    share = w.text("aim_share", figure=figure)
    if target.measure == "share_of_items":
        return share
    return w.text("aim_of_wards", share=share) if needed is None else f"{share} ({w.number(needed, 1)} {unit})"


def attained(w: Translator, result: Result) -> str:
    """What was reported, in short; nothing reported and suppressed figures say so, and are never written as zero."""
    target = result.target
    if result.suppressed:
        return w.text("suppressed")
    if result.value is None:
        return w.text("state_missing")
    if target.measure == "done":
        return w.text("yes" if result.value else "no")
    base = result.wards if target.measure == "share_of_wards" else result.base or 0 if target.has_base else None
    figure = w.number(result.value, 1) + ("" if base is None else f"/{w.number(base, 1)}")
    share = f" ({w.percent(result.share)})" if base is not None and result.share is not None else ""
    if result.of_year is not None:
        share = f" ({w.text('of_year', share=w.written.share(result.of_year))})"
    return f"{figure} {own_text(w, target, 'unit')}{share}"


def still_missing(w: Translator, result: Result) -> str:
    """The distance to the target in its unit; '' where it is not known or not there."""
    if not result.distance or result.suppressed:
        return ""
    unit = w.text("points") if result.target.has_base else own_text(w, result.target, "unit")
    return f"{w.number(result.distance, 1)} {unit}"


def due_text(w: Translator, attainment: Attainment) -> str:
    """When the report is due and how long the last day in time is from the day of the attainment."""
    due, left = attainment.deadline, attainment.days_left - 1
    days = {"day": w.day(due.day), "last_day": w.day(due.last_day)}
    if left < 0 and attainment.audience == "public":
        return w.text("due_over", **days)  # what was reported late is not for everybody to know
    rest = w.text("due_overdue", days=w.number(-left)) if left < 0 else w.text("due_last_day")
    rest = w.text("due_left", days=w.number(left)) if left > 0 else rest
    return w.text("due", **days, left=rest)


def phase_name(w: Translator, programme: Programme, phase: str) -> str:
    """The name of a phase; a city whose plan names no phases has one row, the whole city."""
    own = next((term for term in programme.terms.phase if term.id == phase), None)
    if own is not None:
        return w.pick(own)
    return w.text(f"phase_{phase}") if programme.phases else w.text("phase_all", kind=city_kind(w, programme))


def city_kind(w: Translator, programme: Programme) -> str:
    """What the city of a programme is: *tỉnh* or *thành phố*."""
    return w.pick(city(programme.city).kind)


def in_order(attainment: Attainment) -> list[tuple[Indicator, Result | None]]:
    """Every line of the plan's list with its result, in printed order: a line for each target, None for a heading."""
    lines: list[tuple[Indicator, Result | None]] = []
    for indicator in attainment.programme.indicators:
        lines += [(indicator, result) for result in attainment.results if result.indicator == indicator]
        lines += [] if indicator.targets else [(indicator, None)]
    return lines


def silent_wards(attainment: Attainment) -> list[tuple[str, str]]:
    """Code and name of the wards that reported nothing at all."""
    rows = attainment.rows("ward").drop_duplicates("code")[["code", "name"]]
    names = dict(rows.itertuples(index=False, name=None))
    return [(code, names.get(code, "")) for code in attainment.reporting.without]


def title(w: Translator, attainment: Attainment, span: Span | None = None, key: str = "title") -> str:
    """The report's title: what on, and for which period; `key` is `title_body` for that of a body in charge."""
    period = own_text(w, attainment.period, "label") if span is None else span.label(w)
    return w.text(key, document=attainment.programme.document, period=period)
