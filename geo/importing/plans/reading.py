"""A plan read from its file: what is understood, how sure, and what is not. Nothing is recorded by reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.plans.deadlines import is_deadline, past_deadlines, read_deadlines
from geo.importing.plans.files.open import PlanFile, open_plan, plan_of_bytes
from geo.importing.plans.letterhead import is_of_committee, read_letterhead
from geo.importing.plans.lists.indicators import read_indicators, without_persons
from geo.importing.plans.lists.numbered_lines import tables_of_lines
from geo.importing.plans.lists.phases import read_phases
from geo.importing.plans.lists.places import PlaceReader
from geo.importing.plans.lists.site_lines import listed_in_lines
from geo.importing.plans.lists.sites import read_sites
from geo.importing.plans.lists.tables import Table, tables_of
from geo.importing.plans.paper import said_of_paper
from geo.importing.plans.persons import said_of_persons
from geo.importing.plans.province import said_of_city
from geo.importing.plans.understood import Letterhead, PlanReading
from geo.importing.plans.words.markers import FOOTNOTE_SIGN
from geo.importing.plans.words.matters import matters_of
from geo.reference.cities import city as city_named
from geo.reference.programmes import load_programmes, programme_of_city
from geo.reference.wards import WardRegister

_FOOTNOTE = re.compile(rf"\s*(?:\(?\*+\)?|{FOOTNOTE_SIGN}+|\(\d\)|\[\d\])\s*\S")
_OF_ROWS = re.compile(
    r"^\W*(?:ghi chú|lưu ý|chú thích|chú ý)\s*[:.]\s*\S"
    r"|\b(?:điểm|địa điểm|dòng|hàng)\s+(?:số|thứ|có số thứ tự|STT)\s*:?\s*\(?(?:\d|[IVX]+\b)"
    r"|\b(?:điểm|mức độ|danh sách|danh mục|bảng)\s+(?:nêu\s+)?(?:trên|dưới đây|sau đây)\b",
    re.I,
)
"""A line outside of the lists that says something of their rows."""


def read_plan(path: str | Path, city: str = "") -> PlanReading:
    """What is understood of the plan in a file.

    Parameters
    ----------
    path
        A `.docx`, `.pdf` with text, `.html`, `.txt` or `.xlsx` file.
    city
        Slug of the city where the plan does not name it.

    Raises
    ------
    DataFileMissingError, InputError
        As `open_plan`; the file holds nothing that a plan has.
    UnknownNameError
        There is no such city.
    """
    return reading_of(open_plan(path), city)


def read_plan_bytes(data: bytes, name: str, city: str = "") -> PlanReading:
    """The same of a file that was sent under a name."""
    return reading_of(plan_of_bytes(data, Path(name)), city)


def reading_of(file: PlanFile, city: str = "") -> PlanReading:
    """What is understood of a file that was opened."""
    tables, lines, lost = tables_of(file.blocks)
    if not lines and not tables:
        raise InputError(Problem("importing.no-plan", file.name))
    head = _head(read_letterhead(lines), city)
    places = PlaceReader(_register(head), head.day)
    own = _of_kind(tables, "sites")
    in_lines, read = tables_of_lines(lines, beside_tables=bool(own))
    sites = read_sites([*own, *in_lines], places, head.years, _matters(head))
    wards = read_phases(_of_kind(tables, "wards"), lines, places, head.years)
    indicators = read_indicators(_of_kind(tables, "indicators"), lines, head.years)
    own_indicators, private = without_persons(indicators.indicators)
    deadlines, strange = read_deadlines(lines, head.years)
    left = (*sites.not_understood, *wards.not_understood, *indicators.not_understood)
    found = [line for line in left if not is_deadline(line, head.years)]
    has_notes = any(reason.code == "importing.plan-footnote" for site in sites.sites for reason in site.reasons)
    read |= {site.printed for site in sites.sites}
    unread = [line for line in listed_in_lines(lines) if line not in read | wards.read]
    notes = [line for line in lines if has_notes and _FOOTNOTE.match(line)]
    notes += [line for line in lines if sites.sites and _OF_ROWS.search(line)]
    return PlanReading(
        file=file.name,
        digest=file.digest,
        head=head,
        sites=tuple(site for site in sites.sites if site.standing not in ("cleared", "other")),
        cleared=tuple(site for site in sites.sites if site.standing == "cleared"),
        wards=tuple(wards.wards),
        indicators=own_indicators,
        deadlines=tuple(deadlines),
        not_understood=tuple(dict.fromkeys([*found, *strange, *lost, *unread, *notes, *file.left_out])),
        remarks=(
            *said_of_city(head.named, city),
            *said_of_paper(lines, head),
            *past_deadlines(lines, head.day),
            *sites.remarks,
            *wards.remarks,
            *indicators.remarks,
            *_left_out(file),
            *private,
            *said_of_persons(file.blocks),
        ),
        others=tuple(site for site in sites.sites if site.standing == "other"),
    )


def _head(head: Letterhead, city: str) -> Letterhead:
    """The letterhead with the chosen city, where the plan may be of it and says of no other one that it is."""
    if not city or head.city:
        return head
    chosen = city_named(city)
    if head.named and chosen.province_code not in {one.code for one in head.named}:
        return head
    issuer = f"Ủy ban nhân dân {chosen.full_name.vi}" if is_of_committee(head.number) else ""
    return replace(head, city=chosen.slug, issuer=issuer)


def _left_out(file: PlanFile) -> Iterator[Message]:
    """That the file holds text that is struck out, hidden or deleted."""
    if file.left_out:
        yield Message("importing.plan-struck-left", count=len(file.left_out))


def _register(head: Letterhead) -> WardRegister:
    """The wards of the plan's city, or of the one province that it names: a name is in several provinces."""
    slug = head.city or (head.named[0].slug if len(head.named) == 1 else "")
    return WardRegister.load(city=city_named(slug)) if slug else WardRegister.load()


def _matters(head: Letterhead) -> tuple[str, ...]:
    """What programmes of the plan's city, or of any where it names none, call their matter, in plain words."""
    programmes = [programme_of_city(city_named(head.city))] if head.city else load_programmes()
    return matters_of(tuple(programmes))


def _of_kind(tables: list[Table], kind: str) -> list[Table]:
    return [table for table in tables if table.heading.kind == kind]
