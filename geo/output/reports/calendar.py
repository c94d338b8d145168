"""The reporting dates of a programme as a calendar file (RFC 5545), for any calendar program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from geo.i18n.language import Lang
from geo.i18n.translator import Translator
from geo.output.reports.wording import own_text, words
from geo.reference.programmes import Deadline, Programme

_REMINDERS_DAYS = (14, 3)
_FOLD_BYTES = 75


def deadlines_ics(programme: Programme, lang: Lang = "vi") -> bytes:
    """All reporting dates of `programme`, an all-day event each, in UTF-8; the same programme gives the same bytes.

    An event lies on the last day in time (the plans say 'before' the printed date) and ends where the printed date
    begins; reminders come 14 and 3 days earlier.
    """
    w = words(lang)
    name = w.text("calendar_name", document=programme.document)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//diaban//coverage//{lang.upper()}", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    for deadline in programme.deadlines:
        lines += _event(w, programme, deadline)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(w: Translator, programme: Programme, deadline: Deadline) -> Iterator[str]:
    kind, year = w.text(f"calendar_{deadline.report}"), str(deadline.period.year)
    due = w.text("calendar_due", kind=kind, year=year, document=programme.document, day=w.day(deadline.day))
    report_to = own_text(w, programme, "report_to")
    about = w.text("calendar_about", report_to=report_to, place=deadline.place, printed=deadline.printed)
    yield "BEGIN:VEVENT"
    yield f"UID:{deadline.period}.{programme.id}@diaban"
    yield f"DTSTAMP:{compact(programme.issued)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{compact(deadline.last_day)}"
    yield f"DTEND;VALUE=DATE:{compact(deadline.day)}"
    yield f"SUMMARY:{escaped(due)}"
    yield f"DESCRIPTION:{escaped(about)}"
    yield "TRANSP:TRANSPARENT"
    for days in _REMINDERS_DAYS:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D")
        reminder = w.text("calendar_reminder", days=str(days), kind=kind)
        yield from (f"DESCRIPTION:{escaped(reminder)}", "END:VALARM")
    yield "END:VEVENT"


def compact(day: date) -> str:
    """A day as calendars write it."""
    return f"{day:%Y%m%d}"


def escaped(text: str) -> str:
    """A text as a value of a calendar (RFC 5545, 3.3.11)."""
    for plain, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, instead)
    return text


def folded(line: str) -> bytes:
    """A content line, folded to 75 bytes without cutting a character in two (RFC 5545, 3.1)."""
    parts: list[bytes] = []
    part = b""
    for char in line:
        encoded = char.encode("utf-8")
        if len(part) + len(encoded) > _FOLD_BYTES - (1 if parts else 0):
            parts.append(part)
            part = b""
        part += encoded
    return b"\r\n ".join([*parts, part]) + b"\r\n"
