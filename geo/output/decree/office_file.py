"""Changes to the offices that issue papers, in the office's own `offices.toml`; the shipped file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from geo.errors import UnknownNameError
from geo.files import write_atomic
from geo.output.decree.offices import checked_offices, office_entries

NAME = "offices.toml"
WARD = "ward"
"""The entry that all wards share."""
ONE_LINE = ("symbol", "unit", "spoken", "place")
SEVERAL = ("name", "parent")
"""Fields of several lines in one text."""
LISTS = ("signing", "addressed", "recipients")
_HEAD = (
    "# The offices that issue papers. Written by the page of the offices; what each field means stands in the file of\n"
    "# this name in the data set.\n"
)

Entry = Mapping[str, str | Sequence[str]]


def offices(folder: Path | None) -> dict[str, Entry]:
    """The entries by id, those of all wards as `WARD`: from the folder's own file, else the shipped one.

    Raises
    ------
    InputError, DataFileMissingError
        As `city_office`.
    """
    found = office_entries(_own(folder))
    return {**{str(entry["id"]): entry for entry in found["office"]}, WARD: found["ward"]}


def changed_offices(folder: Path | None, office: str, values: Mapping[str, str]) -> str:
    """The file as text with other values of an office; lists and fields of several lines have a line each.

    Raises
    ------
    UnknownNameError
        There is no such office.
    InputError
        A field is missing or blank, or the office would sign in a form that the decree does not have.
    """
    entries = offices(folder)
    if office not in entries:
        raise UnknownNameError("office", office, list(entries))
    given = {name: _value(name, text) for name, text in values.items() if name.removesuffix("_en") in _FIELDS}
    entries[office] = {**entries[office], **given}
    ward = entries.pop(WARD)
    checked_offices({"office": list(entries.values()), "ward": ward}, NAME)
    tables = [("[[office]]", entry) for entry in entries.values()] + [("[ward]", ward)]
    return _HEAD + "".join(f"\n{heading}\n{_lines(entry)}" for heading, entry in tables)


def write_offices(folder: Path, text: str) -> Path:
    """Put the file in its place, whole or not at all; errors as `write_atomic`."""
    return write_atomic(folder / NAME, text)


_FIELDS = {*ONE_LINE, *SEVERAL, *LISTS}


def _own(folder: Path | None) -> Path | None:
    file = folder / NAME if folder else None
    return file if file is not None and file.is_file() else None


def _value(name: str, text: str) -> str | list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines if name.removesuffix("_en") in LISTS else "\n".join(lines)


def _lines(entry: Entry) -> str:
    # A basic string of TOML is written as JSON writes a string.
    return "".join(
        f"{key} = {json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)}\n"
        for key, value in entry.items()
    )
