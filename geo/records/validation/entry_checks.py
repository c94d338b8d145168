"""What must hold before an entry is stored; every check returns all problems at once, with what to do."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from geo.errors import Problem
from geo.records.model.entries import (
    Actor,
    NewAssessment,
    NewCoverageEntry,
    NewEntry,
    NewFlagEvent,
    NewPhaseChange,
    NewReport,
    NewReview,
    NewVerification,
)
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.vocabulary import Vocabulary
from geo.records.validation.privacy import screen
from geo.reference.names import suggest

FIRST_DAY = date(2010, 1, 1)
MAX_NOTE = 1000
MAX_TEXT = 200
VIET_NAM = (102.0, 6.5, 118.0, 24.0)
"""West, south, east, north in degrees, with Hoàng Sa and Trường Sa: a point outside is a slip of the hand."""
CHAINAGE_SLACK_M = 1.0
"""A chainage may pass the register's length by rounding."""
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


@dataclass(frozen=True, slots=True)
class Context:
    """What entries are checked against; without `registers` ids and places are checked for their form alone."""

    vocabulary: Vocabulary
    registers: RegisterLookup | None
    today: date


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of one field of an entry; `private` when it is about a person."""

    field: str
    problem: Problem
    private: bool = False


def faults(entry: NewEntry, context: Context, where: str = "") -> list[Fault]:
    """Everything that is wrong with an entry; empty when it may be stored. `where` goes into each problem."""
    check = _CHECKS[type(entry)]
    return [
        Fault(fault.field, Problem(fault.problem.what, where or fault.field, fault.problem.remedy), fault.private)
        for fault in check(entry, context)
    ]


def actor_faults(actor: Actor) -> list[Fault]:
    """Everything that is wrong with who writes: the name of an account, its office, the origin."""
    found = [*text_faults("who", actor.who, MAX_TEXT), *text_faults("office", actor.office, MAX_TEXT)]
    if not USERNAME.fullmatch(actor.who):
        remedy = "use the name of an office account: 3 to 40 of a-z, 0-9, '.', '_', '-'"
        found.append(_fault("who", f"'{actor.who[:60]}' is not an account name", remedy))
    if not re.fullmatch(r"[a-z][a-z:-]{0,39}", actor.origin):
        found.append(_fault("origin", "is not the name of a way in", "use cli, api, import, with a class of network"))
    return found


def text_faults(field: str, text: str, limit: int, *, required: bool = True) -> list[Fault]:
    """What is wrong with a text: missing, too long, not printable, like a formula, or about a person."""
    if not text.strip():
        return [_fault(field, "is missing", "fill it in")] if required else []
    found = [Fault(field, Problem(reason, field, _PRIVACY_REMEDY), private=True) for reason in screen(text[:limit])]
    if len(text) > limit:
        found.append(_fault(field, f"has {len(text)} characters", f"at most {limit}"))
    if any(unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") for char in text if char not in "\n\t"):
        found.append(_fault(field, "holds characters that can't be printed", "take them out"))
    if like_formula(text):
        found.append(_fault(field, "begins like a spreadsheet formula", "begin with a letter or a figure"))
    if legacy_encoded(text):
        found.append(_fault(field, "looks like text of an old font (TCVN3, VNI)", "convert it to Unicode"))
    return found


def like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula (`=1+1`, `@SUM(A1)`, `+cmd|...`)."""
    return bool(re.match(r"\s*(?:[=@\t\r]|[+\-](?![\s\d.,–-]|$))", text))


def legacy_encoded(text: str) -> bool:
    """Whether letters touch signs that Vietnamese never has there, as when TCVN3 or VNI text is read as Unicode."""
    return bool(_LEGACY.search(unicodedata.normalize("NFC", text)))


def clean(text: str) -> str:
    """A text as it is stored: NFC, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


_PRIVACY_REMEDY = "write about the place only; this tool holds nothing about persons"
_LEGACY = re.compile(r"[A-Za-zÀ-ỹ][¡-©¬-¯´µ¶¸¹¼¾ÆÇËÎÏÑÖ×ØÛÜÞßåæçëîïðñöøûüþÿ]|[¡-©¬®¯´µ¶¸¹¼¾][A-Za-z]")


def _fault(field: str, what: str, remedy: str) -> Fault:
    return Fault(field, Problem(what, field, remedy))


def _day(field: str, day: date, context: Context) -> Iterator[Fault]:
    if day > context.today:
        yield _fault(field, f"{day:%d/%m/%Y} lies in the future", f"today is {context.today:%d/%m/%Y}")
    if day < FIRST_DAY:
        yield _fault(field, f"{day:%d/%m/%Y} lies before {FIRST_DAY.year}", "check the year")


def _term(field: str, group: str, value: str, context: Context) -> Iterator[Fault]:
    if not context.vocabulary.holds(group, value):
        known = ", ".join(term.id for term in context.vocabulary.terms(group))
        yield _fault(field, f"'{value[:60]}' is not known", f"choose one of {known}")


def _ward(field: str, code: str, context: Context) -> Iterator[Fault]:
    known = context.registers.ward_codes if context.registers else None
    if not re.fullmatch(r"\d{5}", code) or (known is not None and code not in known):
        yield _fault(field, f"no ward has the code '{code[:60]}'", "use the 5-character official code")


def _site(field: str, site_id: str, context: Context) -> Iterator[Fault]:
    if context.registers is None:
        if not re.fullmatch(r"[A-Z]{2,4}-[A-Z0-9-]{1,20}", site_id):
            yield _fault(field, f"'{site_id[:60]}' is not a site id", "write it like HN-I-1")
    elif site_id not in context.registers.site_lengths:
        near = suggest(site_id, context.registers.site_lengths)
        yield _fault(field, f"no site has the id '{site_id[:60]}'", f"did you mean {', '.join(near)}?" if near else "")


def _assessment(entry: NewAssessment, context: Context) -> Iterator[Fault]:
    yield from _site("site_id", entry.site_id, context)
    yield from _term("level", "level", entry.level, context)
    yield from _day("day", entry.day, context)
    yield from text_faults("document", entry.document, MAX_TEXT)
    yield from text_faults("office", entry.office, MAX_TEXT)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


def _review(entry: NewReview, context: Context) -> Iterator[Fault]:
    yield from _day("day", entry.day, context)
    for code in entry.wards:
        yield from _ward("wards", code, context)
    for site_id in entry.sites:
        yield from _site("sites", site_id, context)
    if not entry.wards or not entry.sites:
        yield _fault("wards" if entry.sites else "sites", "none is given", "name at least one")
    yield from _term("conclusion", "conclusion", entry.conclusion, context)
    if entry.next_day is not None and entry.next_day <= entry.day:
        yield _fault("next_day", "is not after the review", "give a later day, or none")
    yield from text_faults("document", entry.document, MAX_TEXT)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


def _report(entry: NewReport, context: Context) -> Iterator[Fault]:
    yield from _day("day", entry.day, context)
    yield from _term("kind", "kind", entry.kind, context)
    yield from _term("channel", "channel", entry.channel, context)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)
    has_point = entry.lon is not None or entry.lat is not None
    if has_point == (entry.site_id is not None):
        yield _fault("lon", "one place is needed", "give either longitude and latitude, or a site and a chainage")
    elif has_point:
        yield from _point(entry.lon, entry.lat)
    elif entry.site_id is not None:
        yield from _stretch(entry.site_id, entry.chainage_m, context)


def _point(lon: float | None, lat: float | None) -> Iterator[Fault]:
    west, south, east, north = VIET_NAM
    if lon is None or lat is None:
        missing = "lon" if lon is None else "lat"
        yield _fault(missing, "is missing", "give longitude and latitude")
    elif not (math.isfinite(lon) and math.isfinite(lat)):
        yield _fault("lon", "is not a number", "give degrees, like 105.8542")
    elif not (west <= lon <= east and south <= lat <= north):
        swapped = west <= lat <= east and south <= lon <= north
        remedy = "longitude and latitude are swapped" if swapped else "give WGS 84 degrees, like 105.8542 and 21.0285"
        yield _fault("lon", f"the point {lon:g}, {lat:g} lies outside the country", remedy)


def _stretch(site_id: str, chainage_m: float | None, context: Context) -> Iterator[Fault]:
    unknown = list(_site("site_id", site_id, context))
    yield from unknown
    if chainage_m is None:
        return
    if not math.isfinite(chainage_m) or chainage_m < 0:
        yield _fault("chainage_m", "is not a distance", "give metres from the start of the route, 0 or more")
    elif context.registers is not None and not unknown:
        length = context.registers.site_lengths[site_id]
        if chainage_m > length + CHAINAGE_SLACK_M:
            what = f"{chainage_m:.0f} m lies beyond the end of {site_id} ({length:.0f} m)"
            yield _fault("chainage_m", what, "measure from the start of the route")


def _verification(entry: NewVerification, context: Context) -> Iterator[Fault]:
    yield from _term("outcome", "outcome", entry.outcome, context)
    yield from _day("day", entry.day, context)
    yield from text_faults("document", entry.document, MAX_TEXT, required=False)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


def _coverage(entry: NewCoverageEntry, context: Context) -> Iterator[Fault]:
    if entry.ward_code is not None:
        yield from _ward("ward_code", entry.ward_code, context)
    for field in ("programme", "indicator", "period"):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", getattr(entry, field)):
            yield _fault(field, f"'{getattr(entry, field)[:60]}' is not an id", "use the id of the programme file")
            return
    yield from _target(entry.programme, entry.indicator, context)
    if not math.isfinite(entry.value) or entry.value < 0:
        yield _fault("value", "is not a number of 0 or more", "give a figure")
    yield from _day("day", entry.day, context)
    yield from text_faults("document", entry.document, MAX_TEXT)
    yield from text_faults("office", entry.office, MAX_TEXT)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


def _target(programme: str, indicator: str, context: Context) -> Iterator[Fault]:
    known = context.registers.targets if context.registers else None
    if known is None:
        return
    if programme not in known:
        yield _fault("programme", f"there is no programme '{programme}'", f"choose one of {', '.join(sorted(known))}")
    elif indicator not in known[programme]:
        what = f"'{indicator}' is no target of {programme}"
        yield _fault("indicator", what, f"choose one of {', '.join(sorted(known[programme]))}")


def _phase(entry: NewPhaseChange, context: Context) -> Iterator[Fault]:
    yield from _ward("ward_code", entry.ward_code, context)
    yield from _term("phase", "phase", entry.phase, context)
    yield from _day("day", entry.day, context)
    yield from text_faults("document", entry.document, MAX_TEXT)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


def _flag(entry: NewFlagEvent, context: Context) -> Iterator[Fault]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}", entry.flag_id):
        yield _fault("flag_id", f"'{entry.flag_id[:60]}' is not the id of a flag", "copy it from the flag")
    yield from _term("event", "flag_event", entry.event, context)
    yield from _day("day", entry.day, context)
    yield from text_faults("note", entry.note, MAX_NOTE, required=False)


_CHECKS: dict[type, Callable[..., Iterator[Fault]]] = {
    NewAssessment: _assessment,
    NewReview: _review,
    NewReport: _report,
    NewVerification: _verification,
    NewCoverageEntry: _coverage,
    NewPhaseChange: _phase,
    NewFlagEvent: _flag,
}


def report_wards(reports: Sequence[NewReport], registers: RegisterLookup | None) -> list[str | None]:
    """The ward in which each report's place lies; None where the registers can't tell, or outside all wards."""
    if registers is None:
        return [None] * len(reports)
    places = [_place(report, registers) for report in reports]
    known = [place for place in places if place is not None]
    if not known:
        return [None] * len(reports)
    codes = iter(registers.wards_at([lon for lon, _ in known], [lat for _, lat in known]))
    return [next(codes) if place is not None else None for place in places]


def outside_fault(
    report: NewReport, ward_code: str | None, registers: RegisterLookup | None, where: str = ""
) -> Fault | None:
    """The fault of a report whose point lies in no ward; None for any other."""
    if registers is None or report.lon is None or ward_code is not None:
        return None
    what = f"the point {report.lon:g}, {report.lat:g} lies in no ward of the register"
    return Fault("lon", Problem(what, where or "lon", "check longitude and latitude"))


def _place(report: NewReport, registers: RegisterLookup) -> tuple[float, float] | None:
    if report.lon is not None and report.lat is not None:
        return report.lon, report.lat
    if registers.place_at is None or report.site_id is None:
        return None
    return registers.place_at(report.site_id, report.chainage_m)
