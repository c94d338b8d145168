"""The sites that a plan lists in its tables: name, place, wards, level, handover."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from geo.i18n.message import Message, listed
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.columns import aligned, named, open_columns
from geo.importing.plans.lists.doubts import bare, beyond, footnotes, handed_above, without_value
from geo.importing.plans.lists.places import PlaceReader, Wards, as_district, balanced, mentioned
from geo.importing.plans.lists.site_lines import lists_all
from geo.importing.plans.lists.tables import Table
from geo.importing.plans.understood import Certainty, PlanSite, worst
from geo.importing.plans.words.handover import handed_over, year_of_plan
from geo.importing.plans.words.levels import is_complex_alone, is_level_alone, is_mark, is_unmarked, level_of
from geo.importing.plans.words.markers import Outline, full_number, leading_marker, marker, sort_of
from geo.importing.plans.words.numbering import Place, numbered
from geo.importing.plans.words.other_lists import other_list, other_matter
from geo.importing.plans.words.plain_words import words_of
from geo.importing.plans.words.removals import heads_removals, own_removal, says_removal
from geo.importing.plans.words.standing import is_open_name, standing_of
from geo.records.validation.privacy import screen

Years = tuple[int, int] | None
_OTHER = "importing.plan-other-list"
_TOTAL = re.compile(r"^(?:tong|cong|tong cong|tong so)\b")
_COUNT = re.compile(r"(\d{1,3})\s*(?:điểm|địa điểm|tụ điểm|tuyến|khu vực)", re.I)
_ESTABLISHMENT = re.compile(r"\b(?:co so (?:kinh doanh|dich vu|luu tru)|trong cac co so|nha hang|khach san)\b")
_PUBLIC = re.compile(r"\b(?:cong cong|ngoai (?:duong|troi)|duong pho|via he|dia ban mo)\b")
_SITE_WORDS = re.compile(r"\b(?:diem|tu diem|dia ban|khu vuc|tuyen|loai|nhom|danh sach|danh muc)\b")
_NOT_THESE = r"\b(?:ngoai|tru|khong thuoc|khong o|khong nam|khong phai)(?: \w+){0,3} "
_NO_SITES = re.compile(r"\(0+ |không có", re.I)
_OF_BEFORE = re.compile(r"\b(?:cu|truoc|dau ky|dau nam)\b")
"""Of a column about levels: the one that held before."""
_SIGNED = re.compile(r"\b(?:noi nhan|tm uy ban|kt chu tich|pho chu tich|chu tich|pho giam doc|giam doc)\b")


@dataclass(slots=True)
class SiteList:
    """What came of the tables of sites; `places` has where each of them stands."""

    sites: list[PlanSite] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parts: int = 0
    not_understood: list[str] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)


def read_sites(tables: Sequence[Table], places: PlaceReader, years: Years, matters: Collection[str]) -> SiteList:
    """The sites of all tables of sites, in the order of the plan; `years` are the first and the last of the plan,
    `matters` the plain words for what it is about.

    Sites of lists of other years stand as `other`; where the plan has no list of its own, they are listed, to look at.
    """
    found = SiteList()
    reader: _Reader | None = None
    for table in tables:
        if reader is not None and _goes_on(table, reader.table):
            reader.go_on(table)
            continue
        if reader is not None:
            reader.close()
        titles = tuple(title for title in table.titles if not lists_all(title))
        reader = _Reader(replace(table, titles=titles), places, years, matters, found)
        reader.begin()
    if reader is not None:
        reader.close()
    if not any(site.standing in ("listed", "new", "returned") for site in found.sites):
        found.sites = [replace(site, standing="listed") if site.standing == "other" else site for site in found.sites]
    found.sites = numbered(found.sites, found.places)
    found.remarks += _of_others(found.sites)
    return found


def _of_others(sites: Sequence[PlanSite]) -> Iterator[Message]:
    """The lists that are not the plan's own, with how many sites each has."""
    others = (reason for site in sites if site.standing == "other" for reason in site.reasons if reason.code == _OTHER)
    for title, count in Counter(str(reason.parameters["title"]) for reason in others).items():
        yield Message("importing.plan-other-list-left", title=title, count=count)


def _goes_on(table: Table, before: Table) -> bool:
    """Whether a table is the one before it on a further page: the same head again, and no title."""
    return not table.titles and table.heading.roles == before.heading.roles


def _says(pattern: re.Pattern[str], words: str) -> bool:
    """Whether words say so, and not that something else than that is meant."""
    return any(not re.search(f"{_NOT_THESE}$", words[: found.start()]) for found in pattern.finditer(words))


@dataclass(slots=True)
class _Reader:
    table: Table
    places: PlaceReader
    years: Years
    matters: Collection[str]
    found: SiteList
    outline: Outline = field(default_factory=Outline)
    counted: int = 0
    announced: int | None = None
    automatic: int = 0
    empty: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Read the first table of a list."""
        self.found.parts += 1
        self._enter_title()
        self._read()

    def go_on(self, table: Table) -> None:
        """Read a further part of the list."""
        self.table = table
        self._read()

    def close(self) -> None:
        """The list is at its end."""
        self._compare()
        self._lose("")

    def _read(self) -> None:
        rows = aligned(self.table.rows, self.table.heading)
        if unread := self.table.heading.unread(self.table.rows):
            self.found.remarks.append(Message("importing.plan-columns-unread", columns=listed(unread)))
        numbered = any(marker(self.table.heading.text(row, "number")) for row, _ in rows)
        for row, moved in rows:
            self._row(row, moved is not None, numbered=numbered)

    def _enter_title(self) -> None:
        """The title of a list may number it, and say of which class its sites are."""
        titles = self.table.titles[-4:]
        numbered = [at for at, title in enumerate(titles) if leading_marker(title)[0]]
        near = [title for title in titles[numbered[-1] if numbered else 0 :] if _SITE_WORDS.search(words_of(title))]
        if near:
            number, _ = leading_marker(near[0])
            self.outline.entitle(number, " ".join(near))

    def _row(self, row: GridRow, moved: bool, *, numbered: bool) -> None:
        heading = self.table.heading
        own = [row.cells[column] for column in row.filled]
        if not own:
            return
        printed, row = row, bare(row)
        number, name = marker(heading.text(row, "number")), named(heading, row)
        words = words_of(name or own[0])
        if _SIGNED.search(words_of(row.text)) and not number:
            return
        if _TOTAL.match(words):
            self._total(row)
        elif removal := own_removal(name or own[-1]):
            self._removal(row, printed, number, removal)
        elif self._is_heading(row, number, name) and says_removal(row.text) and not heads_removals(own[-1]):
            self.found.not_understood.append(row.text)
        elif self._is_heading(row, number, name):
            self._heading(number, own[-1] if number else own[0])
        elif not name:
            self.found.not_understood.append(row.text)
            if not number:
                self._doubt_last(Message("importing.plan-row-below", text=row.text[:80]))
        elif numbered and not heading.text(row, "number") and self._continues(row):
            self._append(name)
        else:
            self._site(row, printed, number or self._counted(numbered), name, moved)

    def _removal(self, row: GridRow, printed: GridRow, number: str, removal: tuple[str, str]) -> None:
        """A row that says in the cell of its name, or in one cell alone, that its own site leaves the list."""
        name, said = removal
        text = self.table.heading.text(row, "name") or row.cells[row.filled[-1]]
        number = number or leading_marker(text)[0]
        row = replace(row, cells=tuple("" if cell == text else cell for cell in row.cells))
        self._site(row, printed, number, name, moved=False, said=said)

    def _is_heading(self, row: GridRow, number: str, name: str) -> bool:
        """Whether a row divides the list: a number and words, or words alone, and nothing in the other columns."""
        texts = [row.cells[column] for column in row.filled]
        if len(texts) > 2 or (len(texts) == 2 and not number):
            return False
        if number and (number[0].isdigit() and not _COUNT.search(name or texts[-1])):
            return False
        if not number and len(texts) == 1:
            printed, _ = leading_marker(texts[0])
            return bool((printed and _SITE_WORDS.search(words_of(texts[0]))) or _COUNT.search(texts[0]))
        return True

    def _heading(self, number: str, text: str) -> None:
        self._compare()
        self.found.parts += 1
        self._lose(number)
        if number:
            self.empty.append((number, f"{number} | {text}"))
        printed, rest = ("", text) if number else leading_marker(text)
        if number or printed:
            self.outline.leave_title()
        self.outline.enter(number or printed, rest)
        found = _COUNT.search(text)
        self.announced, self.counted = (int(found[1]) if found else None), 0

    def _compare(self) -> None:
        """Whether as many sites were read as a heading announces."""
        if self.announced is not None and self.announced != self.counted:
            title = next(iter(self.outline.texts), "")[:80]
            counts = {"announced": self.announced, "count": self.counted}
            self.found.remarks.append(Message("importing.plan-count-differs", title=title, **counts))
        self.announced = None

    def _lose(self, number: str) -> None:
        """Rows that looked like headings, but no site stands below them before the next of their sort."""
        same = [text for held, text in self.empty if not number or sort_of(held) == sort_of(number)]
        self.found.not_understood += [text for text in same if not _NO_SITES.search(text)]
        if same:
            self.empty.clear()

    def _total(self, row: GridRow) -> None:
        self._compare()
        found = re.search(r"\d{1,3}", row.text)
        read = len(self.found.sites)
        if found and int(found[0]) not in (read, self.counted):
            counts = {"announced": int(found[0]), "count": read}
            self.found.remarks.append(Message("importing.plan-total-differs", **counts))

    def _counted(self, numbered: bool) -> str:
        """The number of a row in a list that numbers itself (Word leaves such numbers out of the text)."""
        if numbered or self.table.heading.column("number") is None:
            return ""
        self.automatic += 1
        return str(self.automatic)

    def _continues(self, row: GridRow) -> bool:
        """Whether a row without a number only goes on with the words of the one before."""
        others = [role for role in ("ward", "levels", "handover", "note") if self.table.heading.text(row, role).strip()]
        marked = any(is_mark(row.cells[column]) for column in self.table.heading.levels if column < len(row.cells))
        return bool(self.found.sites) and not others and not marked

    def _append(self, words: str) -> None:
        last = self.found.sites[-1]
        reason = Message("importing.plan-joined", text=words)
        name = balanced(f"{last.name.removesuffix(')')} {words}" if last.name.count("(") else f"{last.name} {words}")
        self.found.sites[-1] = replace(last, name=name, certainty="look", reasons=(*last.reasons, reason))

    def _doubt_last(self, reason: Message) -> None:
        """What stands below a site without a name of its own may belong to it."""
        if not self.counted:
            return
        last = self.found.sites[-1]
        certainty = worst([last.certainty, "look"])
        self.found.sites[-1] = replace(last, certainty=certainty, reasons=(*last.reasons, reason))

    def _site(self, row: GridRow, printed: GridRow, number: str, name: str, moved: bool, said: str = "") -> None:
        """A row of a site; `said`: what the cell of its name says of its place on the list."""
        heading, self.counted = self.table.heading, self.counted + 1
        self.empty.clear()
        place, wards = self._place(row, name)
        level, level_reasons = self._level(row)
        note = "; ".join(filter(None, (said, " ".join(heading.text(row, "note").split()))))
        now = year_of_plan(self.years, self.places.day)
        year, year_reasons = handed_over(heading.text(row, "handover"), note, now)
        titles = (*self.table.titles[-4:], *reversed(self.outline.texts))
        matter, is_other = other_matter(titles, self.matters)
        other = other_list(titles, self.years) or (matter if is_other else "")
        standing, open_words = standing_of(note, (*self.outline.texts, *self.table.titles[-4:]), now)
        doubts = [
            *open_words,
            *footnotes(printed),
            *without_value(row, heading.labels),
            *beyond(row, note, level),
            *self._doubts(row, number, place, moved=moved),
            *self._doubts_of_name(f"{name} {said}".strip(), other or matter),
        ]
        doubts += [*handed_above(self.outline.texts, year), *self._part_of(number), *self._other_wards(name, wards)]
        if standing == "cleared" and not level:
            level_reasons = [reason for reason in level_reasons if reason.code != "importing.plan-no-level"]
        reasons = [*wards.reasons, *level_reasons, *year_reasons, *doubts]
        certainty: Certainty = worst([wards.certainty, "look" if reasons else "sure"])
        self.found.places.append(Place(self.found.parts, number))
        self.found.sites.append(
            PlanSite(
                number=full_number(self.outline.numbers, number),
                name=balanced(name),
                place=place,
                wards=wards.codes,
                level=level,
                handed_over=year,
                certainty="look" if certainty == "none" and (level or year) else certainty,
                group=self._group(row),
                standing="other" if other else standing,
                note=note,
                suggested=wards.suggested,
                reasons=tuple(dict.fromkeys(reasons)),
                printed=printed.text,
            )
        )

    def _place(self, row: GridRow, name: str) -> tuple[str, Wards]:
        heading = self.table.heading
        printed = heading.text(row, "ward")
        district = as_district(heading.text(row, "district"))
        if printed:
            return self.places.wrapped(printed, district)
        within = mentioned(name)
        if within:
            wards = self.places.wards(within, district)
            reason = Message("importing.plan-ward-in-name", text=within)
            return within, replace(wards, certainty=worst([wards.certainty, "look"]), reasons=(*wards.reasons, reason))
        return district, self.places.wards(district) if district else Wards()

    def _level(self, row: GridRow) -> tuple[str, list[Message]]:
        heading = self.table.heading
        cells = {column: row.cells[column] for column in heading.levels if column < len(row.cells)}
        marked = [column for column, text in cells.items() if is_mark(text)]
        strange = [text for text in cells.values() if not is_mark(text) and not is_unmarked(text)]
        text = self._level_text(row) if not heading.levels else ""
        level = heading.levels[marked[0]] if len(marked) == 1 else level_of(text)
        if not level and strange:
            level = level_of(strange[0])
        beside = self._marked_beside(row)
        if len(marked) + len(beside) > 1:
            return "", [Message("importing.plan-several-levels")]
        hedged = (text,) if text and not is_level_alone(text) else ()
        heads = [heading.labels[at] for at in marked[:1] if at < len(heading.labels)]
        aside = [label for label in heads if level_of(label) and not is_level_alone(label)]
        odd = (*strange, *beside, *hedged, *aside)[:1]
        reasons = [Message("importing.plan-strange-mark", text=cell[:40]) for cell in odd]
        if heading.other_scale:
            reasons.append(Message("importing.plan-other-scale"))
        if level or heading.levels or text:
            return level, [*reasons, *([] if level else [Message("importing.plan-no-level")])]
        level = next(filter(None, map(level_of, (*self.outline.texts, *reversed(self.table.titles)))), "")
        if level:
            return level, reasons
        if any(map(is_complex_alone, self.outline.texts)):
            return "complex", [*reasons, Message("importing.plan-level-in-heading")]
        level = level_of(heading.text(row, "note"))
        return level, [*reasons, Message("importing.plan-level-in-note" if level else "importing.plan-no-level")]

    def _level_text(self, row: GridRow) -> str:
        """What the columns of the level say; of a column of the level before only where there is no other one."""
        columns = self.table.heading.roles.get("levels", ())
        now = [at for at in columns if not _OF_BEFORE.search(words_of(self.table.heading.labels[at]))]
        return "\n".join(row.cells[at] for at in now or columns if at < len(row.cells) and row.cells[at])

    def _marked_beside(self, row: GridRow) -> list[str]:
        """Marks in a column about levels whose head names none of them alone ('Mức độ: phức tạp')."""
        heading = self.table.heading
        columns = heading.roles.get("levels", ()) if heading.levels else ()
        return [row.cells[column] for column in columns if column < len(row.cells) and is_mark(row.cells[column])]

    def _part_of(self, number: str) -> Iterator[Message]:
        """Whether a row is a part of the one that bears the number before its last point."""
        parent = number.rpartition(".")[0]
        if parent and Place(self.found.parts, parent) in self.found.places:
            yield Message("importing.plan-part-of", number=parent)

    def _other_wards(self, name: str, wards: Wards) -> Iterator[Message]:
        """Whether the name of a site is in other wards than its row."""
        within = mentioned(name)
        if within and wards.codes and not set(self.places.wards(within).codes) <= set(wards.codes):
            yield Message("importing.plan-ward-of-name-differs", text=within)

    def _doubts_of_name(self, name: str, other: str) -> Iterator[Message]:
        yield from (Message(code) for code in screen(name))
        if self.places.is_whole_unit(name):
            yield Message("importing.plan-whole-unit", name=name)
        if is_open_name(name):
            yield Message("importing.plan-name-open", name=name[:80])
        if other:
            yield Message(_OTHER, title=other[:120])

    def _doubts(self, row: GridRow, number: str, place: str, *, moved: bool) -> Iterator[Message]:
        heading = self.table.heading
        if self.table.reason is not None:
            yield self.table.reason
        if row.joined:
            yield Message("importing.plan-joined", text=row.joined)
        if len(heading.roles["name"]) > 1:
            columns = [" ".join(heading.labels[at].split()) for at in heading.roles["name"]]
            yield Message("importing.plan-name-of-columns", columns=listed(columns))
        yield from open_columns(heading, row)
        if not number:
            yield Message("importing.plan-no-number")
        if moved:
            yield Message("importing.plan-cell-from-above", text=place)
        elif not place:
            yield Message("importing.plan-no-place")
        if heading.other_scale and not heading.levels:
            yield Message("importing.plan-other-scale")

    def _group(self, row: GridRow) -> str:
        own = self.table.heading.text(row, "group")
        for text in (own, *self.outline.texts, *reversed(self.table.titles[-4:])):
            words = words_of(text)
            found = [
                name for name, test in (("establishment", _ESTABLISHMENT), ("public", _PUBLIC)) if _says(test, words)
            ]
            if len(found) == 1:
                return found[0]
        return ""
