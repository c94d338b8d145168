"""What a reader chooses of the rows of a plan: the group of a new site, or the site that a row means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.errors import InputError, Problem
from geo.importing.plans import PlanReading, PlanSite
from geo.importing.registers.plan_sites import Meaning, Versions, meanings

GROUPS = ("establishment", "public")
NEW = "new"
"""What a row is whose site the register has not, though it looks like one."""


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """A row of a plan with its key and what it means, as it is read or as a reader chose."""

    key: str
    site: PlanSite
    meaning: Meaning


def keys_of(rows: Iterable[PlanSite]) -> list[str]:
    """The key of each row: its number, with a count where that was printed before (`II.3/2`)."""
    times: Counter[str] = Counter()
    keys = []
    for row in rows:
        times[row.number] += 1
        keys.append(row.number if times[row.number] == 1 and row.number else f"{row.number}/{times[row.number]}")
    return keys


def read_choices(texts: Iterable[str]) -> dict[str, str]:
    """Choices as a command or a request writes them: `II.3=public`, `4=HN-II-4`, `5=new`; `InputError` otherwise."""
    pairs = {text: text.partition("=") for text in texts}
    wrong = [text for text, (key, _, value) in pairs.items() if not key.strip() or not value.strip()]
    if wrong:
        raise InputError([Problem("importing.choice-form", text) for text in wrong])
    return {key.strip(): value.strip() for key, _, value in pairs.values()}


def chosen_rows(
    reading: PlanReading, choices: Mapping[str, str], known: Versions, listed_now: Collection[str], prefix: str
) -> list[ChosenRow]:
    """The rows of a plan, those that it takes off the list last; `InputError` where a choice fits no row."""
    sites = [*reading.sites, *reading.cleared]
    keys = keys_of(sites)
    problems = _problems(choices, keys, known)
    if problems:
        raise InputError(problems)
    # A site that a reader gave to one row is no longer there for the others.
    given = {value.upper() for value in choices.values()}
    free = {site_id: version for site_id, version in known.items() if site_id not in given}
    open_rows = [site for key, site in zip(keys, sites, strict=True) if key not in choices]
    read = iter(meanings(open_rows, free, listed_now, prefix))
    pairs = zip(keys, sites, strict=True)
    return [
        _chosen(key, site, choices[key]) if key in choices else ChosenRow(key, site, next(read)) for key, site in pairs
    ]


def _chosen(key: str, site: PlanSite, choice: str) -> ChosenRow:
    """A row as a reader chose; what it means is not doubtful any more."""
    if choice in GROUPS:
        return ChosenRow(key, replace(site, group=choice), Meaning())
    return ChosenRow(key, site, Meaning("" if choice == NEW else choice.upper()))


def _problems(choices: Mapping[str, str], keys: Sequence[str], known: Versions) -> list[Problem]:
    problems = []
    for key, value in choices.items():
        if key not in keys:
            problems.append(Problem("importing.choice-no-row", f"{key}={value}", key=key, known=list(keys)))
        elif value not in (*GROUPS, NEW) and value.upper() not in known:
            allowed = [*GROUPS, NEW, *known]
            problems.append(Problem("importing.choice-unknown", f"{key}={value}", value=value, known=allowed))
    times = Counter(value.upper() for value in choices.values())
    twice = [value for value, count in times.items() if count > 1 and value in known]
    return problems + [Problem("importing.choice-twice", value, site=value) for value in twice]
