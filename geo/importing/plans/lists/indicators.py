"""The indicators of a plan: from a table, else from the list below the heading 'Chỉ tiêu'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geo.i18n.message import Message, listed
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.tables import Table
from geo.importing.plans.lists.targets import Targets, targets_of
from geo.importing.plans.understood import PlanIndicator
from geo.importing.plans.words.figures import figure_of_cells, figures_of
from geo.importing.plans.words.markers import leading_marker, marker, sort_of
from geo.importing.plans.words.other_lists import other_list
from geo.importing.plans.words.plain_words import words_of
from geo.records.validation.privacy import screen

_BULLET = re.compile(r"^\s*[-–—+•●*▪✓]\s*(?=\S)")
_HEADING = re.compile(
    r"(?:cac )?chi tieu(?: cu the| chu yeu| phan dau| thuc hien| cua ke hoach)?(?: den nam \d+| nam \d+)?"
)
_YEARLY = re.compile(r"\bhang nam\b|\bmoi nam\b")
_BY_YEAR = re.compile(r"\b(?:den|nam) (?:nam )?(20\d\d)\b")


@dataclass(slots=True)
class IndicatorList:
    """What came of the lists of indicators."""

    indicators: list[PlanIndicator] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)


def without_persons(indicators: Sequence[PlanIndicator]) -> tuple[tuple[PlanIndicator, ...], list[Message]]:
    """The indicators that say nothing about a person, and why the others are left out: texts of these are published."""
    public: list[PlanIndicator] = []
    said: list[Message] = []
    for entry in indicators:
        texts = [text for one in (entry, *entry.items) for text in (one.text, one.lead, one.support, one.period)]
        reasons = [Message(code) for code in dict.fromkeys(code for text in texts for code in screen(text))]
        public += [] if reasons else [entry]
        said += [Message("importing.plan-private", number=entry.number, reasons=listed(reasons))] if reasons else []
    return tuple(public), said


def read_indicators(tables: Sequence[Table], lines: Sequence[str], years: tuple[int, int] | None) -> IndicatorList:
    """The indicators, those with sub-items as headings of them; tables of other years or of results are set aside."""
    found = IndicatorList()
    for table in tables:
        if title := other_list(table.titles[-4:], years):
            found.not_understood += [row.text for row in table.rows]
            said = {"title": title[:120], "count": len(table.rows)}
            found.remarks.append(Message("importing.plan-other-list-left", **said))
            continue
        _read_table(table, found, years)
    if not found.indicators:
        found.indicators = _of_lines(lines)
    found.indicators = _nested(found.indicators)
    return found


def _read_table(table: Table, found: IndicatorList, years: tuple[int, int] | None) -> None:
    section = ""
    targets = targets_of(table.heading, table.rows, years)
    found.remarks += targets.said
    for row in table.rows:
        number, text = marker(table.heading.text(row, "number")), _text(table, row)
        own = [row.cells[column] for column in row.filled]
        if not own or re.match(r"^(?:tong|cong)\b", words_of(text)):
            continue
        if number and not number[0].isdigit() and len(own) <= 2:
            section = text or own[-1]
        elif not number and len(own) == 1:
            section, found.indicators = _more(own[0], section, found.indicators)
        elif text:
            found.indicators.append(_indicator(table, row, targets, number, text, section))
        else:
            found.not_understood.append(row.text)


def _more(text: str, section: str, before: list[PlanIndicator]) -> tuple[str, list[PlanIndicator]]:
    """A row of one cell: a heading where it is numbered or comes first, else more words of the row above it."""
    if leading_marker(text)[0] or not before:
        return text, before
    last = before[-1]
    longer = f"{last.text} {text}"
    return section, [*before[:-1], replace(last, text=longer, figures=figures_of(longer))]


def _text(table: Table, row: GridRow) -> str:
    return " ".join(table.heading.text(row, "indicator").split())


def _indicator(table: Table, row: GridRow, targets: Targets, number: str, text: str, section: str) -> PlanIndicator:
    heading = table.heading
    target = figure_of_cells(_cell(row, targets.column), _cell(row, targets.unit))
    printed, rest = ("", text) if number else leading_marker(text)
    return PlanIndicator(
        number=number or printed,
        text=rest,
        figures=target or figures_of(rest),
        lead=" ".join(heading.text(row, "lead").split()),
        support=" ".join(heading.text(row, "support").split()),
        period=_period(section),
    )


def _cell(row: GridRow, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _nested(listed: Sequence[PlanIndicator]) -> list[PlanIndicator]:
    """Those numbered 3.1, 3.2 below the one numbered 3."""
    made: list[PlanIndicator] = []
    for indicator in listed:
        parent = indicator.number.rpartition(".")[0]
        if parent and made and made[-1].number == parent:
            made[-1] = replace(made[-1], items=(*made[-1].items, indicator))
        else:
            made.append(indicator)
    return made


def _period(section: str) -> str:
    words = words_of(section)
    if _YEARLY.search(words):
        return "yearly"
    found = _BY_YEAR.search(words)
    return found[1] if found else ""


# ---- without a table


def _of_lines(lines: Sequence[str]) -> list[PlanIndicator]:
    start = next((at for at, line in enumerate(lines) if _is_heading(line)), None)
    if start is None:
        return []
    number, _ = leading_marker(lines[start])
    made: list[PlanIndicator] = []
    section, part, count = "", "", 0
    for line in lines[start + 1 :]:
        own, rest = leading_marker(line)
        if own and _closes(number, own):
            break
        if own and not _BULLET.match(line) and (sort_of(own) != "digits" or not figures_of(rest)):
            section, part, count = rest, own.casefold() if sort_of(own) == "letter" else own, 0
        elif _BULLET.match(line) or own:
            count += 1
            text = _BULLET.sub("", rest if own else line).strip()
            made.append(PlanIndicator(_numbered(part, own, count), text, figures_of(text), period=_period(section)))
        elif made:
            made[-1] = replace(made[-1], text=f"{made[-1].text} {line}", figures=figures_of(f"{made[-1].text} {line}"))
    return made


def _is_heading(line: str) -> bool:
    _, rest = leading_marker(line)
    return len(line) < 80 and bool(_HEADING.fullmatch(words_of(rest.rstrip(" :;."))))


def _closes(number: str, own: str) -> bool:
    """Whether a heading with this number ends the section of the other one."""
    if not number:
        return sort_of(own) == "roman"
    sorts = ("roman", "digits", "letter")
    mine, other = sorts.index(sort_of(number)), sorts.index(sort_of(own))
    return other <= mine and own.count(".") <= number.count(".")


def _numbered(part: str, own: str, count: int) -> str:
    if own:
        return f"{part}.{own}" if part else own
    return f"{part}{count}" if part else str(count)
