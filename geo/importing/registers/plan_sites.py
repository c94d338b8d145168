"""Which sites of the register the rows of a plan mean: by name and place first, by number second."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.i18n.message import Message, either
from geo.importing.plans import PlanSite
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.reference.names import fold, plain

Versions = Mapping[str, NewSiteVersion]
_ALIKE = 80.0
"""Names this alike (of 100, words in any order) may be the same place in other words."""
_LEAD = 5.0
"""So much nearer the best name has to be than the next one."""
_PLACE = 10.0
"""What another ward takes of that, and the same one adds."""
_AKIN = 85.0
"""Names of which one's words are this alike (of 100) to a part of the other's may be the same place too."""
_NUMBER = re.compile(r"[IVX]+\.\d+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The site that a row means, '' for none; the name it had, where it is another one; what speaks against it."""

    site_id: str = ""
    before: str = ""
    doubts: tuple[Message, ...] = ()


def meanings(rows: Sequence[PlanSite], known: Versions, listed_now: Collection[str], prefix: str) -> list[Meaning]:
    """What each row of a plan means.

    Parameters
    ----------
    rows
        The sites of the plan, those that it takes off the list behind the others.
    known
        Every site of the city as it was on the plan's day.
    listed_now
        Those of them that are on the list.
    prefix
        What the ids of the city begin with, `HN`.
    """
    found: dict[int, Meaning] = dict(_by_name(rows, known))
    met = {meaning.site_id for meaning in found.values()}
    for at, meaning in _in_other_words(rows, known, found, met, prefix):
        found[at] = meaning
        met.add(meaning.site_id)
    left = {site_id: version for site_id, version in known.items() if site_id not in met}
    for at, row in enumerate(rows):
        if at not in found:
            found[at] = Meaning(doubts=tuple(_perhaps(row, left, listed_now)))
    found |= {at: replace(found[at], doubts=(*found[at].doubts, doubt)) for at, doubt in _named_twice(rows)}
    moved = _out_of_order(rows, found, prefix)
    made = [_against(rows[at], found[at], known) for at in range(len(rows))]
    return [
        replace(one, doubts=(*one.doubts, _moved(rows[at], known, prefix))) if at in moved else one
        for at, one in enumerate(made)
    ]


def _by_name(rows: Sequence[PlanSite], known: Versions) -> Iterator[tuple[int, Meaning]]:
    """The rows that bear the name of one site; of sites of one name, that in the row's wards."""
    met: set[str] = set()
    for at, row in enumerate(rows):
        named = {key: version for key, version in known.items() if fold(version.name) == fold(row.name)}
        free = [key for key in named if key not in met]
        near = [key for key in free if _shares(row, named[key])] or free
        if not free:
            continue
        doubts = () if len(free) == 1 or len(near) == 1 else (_several(free, known),)
        met.add(near[0])
        yield at, Meaning(near[0], "", doubts)


def _in_other_words(
    rows: Sequence[PlanSite], known: Versions, found: Mapping[int, Meaning], met: Collection[str], prefix: str
) -> Iterator[tuple[int, Meaning]]:
    """Rows whose names are near that of a site which no row bears, the nearest pairs first."""
    left = [key for key in known if key not in met]
    open_rows = [at for at in range(len(rows)) if at not in found]
    scores = {at: _scores(rows[at], {key: known[key] for key in left}) for at in open_rows}
    pairs = sorted(((score, at, key) for at, row in scores.items() for key, score in row.items()), reverse=True)
    taken: set[str] = set()
    done: set[int] = set()
    for score, at, key in pairs:
        if at in done or key in taken:
            continue
        close = [k for k, other in scores[at].items() if k not in taken and other > score - _LEAD]
        best = _one_of(rows[at], close, known, prefix)
        if not best:
            continue
        done.add(at)
        taken.add(best)
        yield at, Meaning(best, known[best].name)


def _scores(row: PlanSite, known: Versions) -> dict[str, float]:
    """Sites whose names are near that of a row → how near, in the row's wards nearer."""
    near = {key: score for key, version in known.items() if (score := _alike(row.name, version.name)) >= _ALIKE}
    return {key: score + _beside(row, known[key]) for key, score in near.items()}


def _beside(row: PlanSite, version: NewSiteVersion) -> float:
    if not row.wards or not version.declared_wards:
        return 0.0
    return _PLACE if _shares(row, version) else -_PLACE


def _one_of(row: PlanSite, close: Sequence[str], known: Versions, prefix: str) -> str:
    """Of sites whose names are as near, the one in the row's wards, else the one with its number; '' for none."""
    near = [key for key in close if _shares(row, known[key])] or list(close)
    numbered = [key for key in near if key == _id_of(row.number, prefix)]
    return near[0] if len(near) == 1 else numbered[0] if numbered else ""


def _named_twice(rows: Sequence[PlanSite]) -> Iterator[tuple[int, Message]]:
    """Rows that bear one name: which of them the site is, if it is one at all, only a reader can say."""
    times = Counter(fold(row.name) for row in rows)
    return ((at, Message("importing.plan-named-twice")) for at, row in enumerate(rows) if times[fold(row.name)] > 1)


def _perhaps(row: PlanSite, left: Versions, listed_now: Collection[str]) -> Iterator[Message]:
    """What speaks for it that a row which looks new is a site which the plan names nowhere else."""
    akin = [key for key, version in left.items() if _akin(row.name, version.name)]
    beside = [key for key in left if key in listed_now and key not in akin and _shares(row, left[key])]
    if akin or beside:
        yield _several([*akin, *beside], left)
    if row.standing == "returned":
        yield Message("importing.plan-returned-unknown")


def _against(row: PlanSite, meaning: Meaning, known: Versions) -> Meaning:
    """The meaning with what the row's place and the plan's own words say against it."""
    version = known.get(meaning.site_id)
    if version is None or row.standing == "cleared":
        return meaning
    doubts = list(meaning.doubts)
    if row.wards and version.declared_wards and not _shares(row, version):
        said = version.declared_text or " ".join(version.declared_wards)
        doubts.append(Message("importing.plan-place-differs", site=version.site_id, place=said))
    if row.standing == "new":
        doubts.append(Message("importing.plan-new-known", site=version.site_id))
    return replace(meaning, doubts=tuple(doubts))


def _out_of_order(rows: Sequence[PlanSite], found: Mapping[int, Meaning], prefix: str) -> set[int]:
    """Rows that bear the number of another site, though the others stand in the order of theirs.

    Where a plan numbers its sites anew because one left, all of them move and none changes its place among the others.
    """
    placed = [
        (at, _order(found[at].site_id))
        for at, row in enumerate(rows)
        if row.standing == "listed" and found[at].site_id and _NUMBER.fullmatch(row.number)
    ]
    stays = _longest_rising([order for _, order in placed])
    return {
        at
        for place, (at, _) in enumerate(placed)
        if place not in stays and _id_of(rows[at].number, prefix) != found[at].site_id
    }


def _longest_rising(values: Sequence[tuple[tuple[int, str], ...]]) -> set[int]:
    """The places of a longest rising row among values."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for at, value in enumerate(values):
        length = bisect_left([values[end] for end in ends], value)
        before[at] = ends[length - 1] if length else None
        ends[length : length + 1] = [at]
    found: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _order(site_id: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in site_id.split("-"))


def _moved(row: PlanSite, known: Versions, prefix: str) -> Message:
    other = known.get(_id_of(row.number, prefix))
    return Message("importing.plan-number-of-other", number=row.number, name=other.name if other else "–")


def _several(ids: Iterable[str], known: Versions) -> Message:
    return Message("importing.plan-perhaps", sites=either([f"{key} {known[key].name}" for key in ids]))


def _id_of(number: str, prefix: str) -> str:
    return f"{prefix}-{number.replace('.', '-')}" if _NUMBER.fullmatch(number) else ""


def _shares(row: PlanSite, version: NewSiteVersion) -> bool:
    return not set(row.wards).isdisjoint(version.declared_wards)


def _alike(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.token_sort_ratio(plain(one), plain(other)))


def _akin(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return _alike(one, other) >= _ALIKE or fuzz.token_set_ratio(plain(one), plain(other)) >= _AKIN
