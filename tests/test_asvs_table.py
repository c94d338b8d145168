"""The table of docs/asvs.md: every requirement of levels 1 and 2 once, and what is met says by what."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "asvs.md"
STATES = {"met", "partly", "not met", "operator", "none"}
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they come first in every section."""
_ROW = re.compile(r"^\| (\d[\d., -]*) \| ([a-z ]+) \| (.+) \|$", re.M)


def _rows() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [(one, state, how) for ids, state, how in found for one in _each(ids)]


def _each(ids: str) -> list[str]:
    """'10.3.1-10.3.4, 10.5.5' → each of them."""
    found = []
    for part in ids.split(", "):
        first, _, last = part.partition("-")
        section, number = first.rsplit(".", 1)
        found += [f"{section}.{at}" for at in range(int(number), int((last or first).rsplit(".", 1)[1]) + 1)]
    return found


def test_every_requirement_stands_once() -> None:
    wanted = {f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)}
    named = Counter(one for one, _, _ in _rows())
    assert len(wanted) == 253
    assert set(named) == wanted
    assert [one for one, count in named.items() if count > 1] == []


def test_what_is_met_names_a_test_or_a_page() -> None:
    assert {state for _, state, _ in _rows()} == STATES
    wanting = [
        one for one, state, how in _rows()
        if state == "met" and not re.search(r"tests/[\w/]+\.py|docs/[\w/.-]+|\]\([\w.-]*#|SECURITY|requirements|geo/", how)
    ]  # fmt: skip
    assert wanting == []


def test_the_summary_counts_what_the_table_says() -> None:
    counts = Counter(state for _, state, _ in _rows())
    security = (PAGE.parent / "security.md").read_text(encoding="utf-8")
    said = re.search(r"Of 253 requirements (\d+) are met, (\d+) partly, (\d+) not", security)
    assert said is not None
    assert tuple(map(int, said.groups())) == (counts["met"], counts["partly"], counts["not met"])
