"""The streets that bear a name: ways of one name that lie far apart are different streets.

71 names of Hà Nội lie in places over 1.2 km apart: Phố Bà Triệu in the centre and in Hà Đông. Each place is a group
of ways, and which of them is meant is decided by the limits, a ward, a district, or the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.i18n.message import Message
from geo.reference.names import fold, half_marked, has_diacritics, plain
from geo.reference.places.place_index import PlaceIndex, Rows, Shapes, dated
from geo.reference.streets.search import StreetMatch, base, road_number

APART_M = 1500.0
"""Ways of one name farther apart than this, without any between them, are two streets."""
LANES_APART_M = 250.0
"""Lanes of one number (*ngõ 74*) farther apart than this are two."""
_BARE_NUMBER = re.compile(r"^(?:duong|tuyen|truc)\s+(?:so\s+)?(\d{1,3}[a-z]?)$")
_TYPE = re.compile(r"^(?:đường|tuyến|trục)\s+(?=\S)", re.I)
_EXTRA = re.compile(r"\s+(?:kéo dài|cũ|mới|nối dài)$", re.I)


@dataclass(frozen=True, slots=True)
class StreetGroup:
    """One street: the `rows` of its ways, the `names` they bear, what was assumed (`notes`).

    `exact`: the name was asked for with its type as it stands; `numbered`: found by the number of the road.
    """

    asked: str
    names: tuple[str, ...]
    rows: Rows
    exact: bool = True
    numbered: bool = False
    notes: tuple[Message, ...] = ()

    def match(self, rows: Rows) -> StreetMatch:
        """The street as `geo.reference.streets` takes it; `rows`: where its ways stand in a part of the network."""
        return StreetMatch(self.asked, self.names, rows, self.notes)


def street_groups(index: PlaceIndex, name: str) -> tuple[StreetGroup, ...]:
    """The streets that a name may mean, those of exactly this name first, long ones before short ones; () for none."""
    text = name.strip(" .,;:()")
    if not text:
        return ()
    number = road_number(text) or road_number(_EXTRA.sub("", text))
    if number:
        return _numbered(index, text, number)
    keys, notes = _keys(index, text)
    found = [group for key in keys for group in _grouped(index, text, key, notes)]
    if not found:
        return _bare_number(index, text)
    return tuple(sorted(found, key=lambda group: (not group.exact, -_metres(index, group.rows))))


def separated(index: PlaceIndex, rows: Rows, apart_m: float) -> list[Rows]:
    """Ways in groups that are more than so many metres apart."""
    return [rows[group] for group in apart(index.lines[rows], apart_m)]


def apart(lines: Shapes, apart_m: float) -> list[Rows]:
    """Where each group of lines stands, when groups are more than so many metres apart."""
    rows = np.arange(len(lines), dtype=np.int64)
    if len(rows) == 1:
        return [rows]
    pairs = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=apart_m)
    label = np.arange(len(rows))
    while True:  # each takes the lowest label of those beside it, and of that one: SciPy takes longer to be imported
        lowest = label.copy()
        np.minimum.at(lowest, pairs[0], label[pairs[1]])
        lowest = lowest[lowest]
        if np.array_equal(lowest, label):
            return [rows[label == group] for group in np.unique(label)]
        label = lowest


def title(index: PlaceIndex, group: StreetGroup) -> str:
    """What a street is called: of the names of its ways the one of most metres; a road by its number as asked for."""
    if group.numbered or not group.names:
        return group.asked
    lengths = dict.fromkeys(group.names, 0.0)
    for row in group.rows.tolist():
        lengths[str(index.names[row])] += float(index.lines[row].length)
    return max(lengths, key=lambda name: (lengths[name], name))


def _keys(index: PlaceIndex, text: str) -> tuple[list[str], tuple[Message, ...]]:
    """The keys of `by_base` that a name means: as written, by a recorded alias, without diacritics."""
    key = dated(base(text))
    alias = index.gazetteer.alias(text) or index.gazetteer.alias(_TYPE.sub("", text))
    if key in index.by_base and not (alias and base(alias.network_name) in index.by_base):
        # Typed without marks, a name may be one that is recorded so, and others.
        return ([key] if has_diacritics(text) else sorted({key, *_plain_keys(index, text)})), ()
    if alias and base(alias.network_name) in index.by_base:
        known = {"name": text, "network_name": alias.network_name, "reason": alias.reason}
        return [base(alias.network_name)], (Message("reference.by-alias", **known),)
    dotted = base(re.sub(r"(?<=\d),(?=\d)", ".", text))
    if dotted in index.by_base:
        return [dotted], ()
    short = base(_EXTRA.sub("", text))
    if short in index.by_base:
        return [short], (Message("places.shortened", name=text, found=_EXTRA.sub("", text)),)
    return _plain_keys(index, text), ()


def _plain_keys(index: PlaceIndex, text: str) -> list[str]:
    """Keys that are the name without diacritics; of a name with diacritics only those recorded without any."""
    bare = re.sub(r"^(?:duong|pho|dai lo|tuyen)\s+(?=\S)", "", plain(text))
    keys = sorted({*index.by_plain.get(plain(text), []), *index.by_plain.get(bare, [])})
    if not has_diacritics(text):
        return keys
    recorded_bare = [key for key in keys if key in (plain(text), bare)]
    return recorded_bare or [key for key in keys if half_marked(base(text), key)]


def _grouped(index: PlaceIndex, text: str, key: str, notes: tuple[Message, ...]) -> Iterable[StreetGroup]:
    rows = index.by_base[key]
    apart_m = LANES_APART_M if index.is_lane(key) else APART_M
    for own in separated(index, rows, apart_m):
        names = tuple(sorted(set(index.names[own])))
        exact = any(_same(text, name) for name in names)
        bare = all(base(name) == fold(name) for name in names)  # the network leaves the type out
        unmarked_name = has_diacritics(text) and not any(has_diacritics(name) for name in names)
        assumed = (
            ()
            if (exact or bare or notes) and not unmarked_name
            else (Message("reference.taken-for", name=text, found=names[:3]),)
        )
        yield StreetGroup(text, names, own, exact, notes=(*notes, *assumed))


def _same(text: str, name: str) -> bool:
    """Whether a street was asked for under this name, or without any type."""
    return fold(text) == fold(name) or base(text) == fold(text) or (not has_diacritics(text))


def _numbered(index: PlaceIndex, text: str, number: tuple[str, str]) -> tuple[StreetGroup, ...]:
    """A road by its number; 'Quốc lộ 1A' is Quốc lộ 1 where no 1A is recorded, and the other way round."""
    kind, digits = number
    other = digits.removesuffix("a") if digits.endswith("a") else f"{digits}a"
    spelled = [n for n in (number, (kind, other)) if n in index.by_number]
    if not spelled:
        return ()
    one_road = number in (("ql", "1"), ("ql", "1a"))  # other letters are other roads: TL.10 and TL.10A
    spelled = spelled if one_road else spelled[:1]
    assumed = (
        () if one_road or number in spelled else (Message("reference.taken-for", name=text, found=[_plate(spelled)]),)
    )
    rows = np.unique(np.concatenate([index.by_number[n] for n in spelled]))
    names = tuple(name for name in sorted(set(index.names[rows])) if name)
    return (StreetGroup(text, names, rows, True, True, (Message("reference.by-number", name=text), *assumed)),)


def _plate(spelled: list[tuple[str, str]]) -> str:
    return ".".join(spelled[0]).upper()


def _bare_number(index: PlaceIndex, text: str) -> tuple[StreetGroup, ...]:
    """'Đường 32' is a numbered road where no street bears that name; a national road before a provincial one."""
    found = _BARE_NUMBER.match(plain(text))
    if not found:
        return ()
    roads = (_numbered(index, text, (kind, found[1])) for kind in ("ql", "đt"))
    return next((groups for groups in roads if groups), ())


def _metres(index: PlaceIndex, rows: NDArray[np.int64]) -> float:
    return float(shapely.length(index.lines[rows]).sum())
