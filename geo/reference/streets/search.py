"""A street by its name: which ways of the network bear it, under which spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import UnknownStreetError
from geo.i18n.message import Message
from geo.reference.names import fold, has_diacritics, plain, suggest
from geo.reference.streets.gazetteer import Gazetteer
from geo.reference.streets.network import StreetNetwork

BARE_REACH_M = 300.0
"""Ways that bear a street's name without its type (*Đường*, *Phố*) belong to it when they lie this near."""

# Keys of `fold` carry a syllable's tone at its end, so the words to look for are folded, too.
_TYPES = re.compile(
    rf"^(?:(?:{'|'.join(map(fold, ('đường', 'phố', 'đại lộ', 'tuyến')))}|duong|pho|dai lo|tuyen)\s+(?=\S))+"
)
_LANES = tuple(map(fold, ("ngõ", "ngách", "hẻm")))
_REF_KINDS = {
    fold(word): kind
    for kind, words in {
        "ql": ("ql", "quốc lộ", "quoc lo"),
        "đt": ("đt", "dt", "tl", "đường tỉnh", "duong tinh", "tỉnh lộ", "tinh lo"),
        "ct": ("ct", "cao tốc", "cao toc"),
    }.items()
    for word in words
}
_REF = re.compile(rf"^(?:{fold('đường')}\s+)?({'|'.join(map(re.escape, _REF_KINDS))})[\s.]*0*(\d+\w?)$")


@dataclass(frozen=True, slots=True)
class StreetMatch:
    """The ways (`rows` of the network's frame) of a street, the `names` they bear, and what had to be assumed."""

    asked: str
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    notes: tuple[Message, ...] = ()
    alternatives: tuple[str, ...] = ()


def find_street(network: StreetNetwork, name: str, gazetteer: Gazetteer | None = None) -> StreetMatch:
    """The ways of a street, by the first rule that finds any.

    A road number ('Quốc lộ 32' is `QL.32`, whatever its parts are named); the exact name; a recorded alias; the name
    whatever its type ('Phố Láng' finds 'Đường Láng', and says so); the same without diacritics, if the query has none.

    Raises
    ------
    UnknownStreetError
        No rule finds a way; with the nearest names of the network.
    """
    names = network.ways["name"]
    alias = (gazetteer or Gazetteer()).alias(name)
    match = _by_ref(network, name) or _by_name(network, names, name)
    if match is None and alias:
        match = _by_name(network, names, alias.network_name)
    if match and alias and match.asked != name:
        note = Message("reference.by-alias", name=name, network_name=alias.network_name, reason=alias.reason)
        match = StreetMatch(name, match.names, match.rows, (note, *match.notes), match.alternatives)
    match = match or _by_base(network, names, name)
    if match:
        return match
    raise UnknownStreetError(name, nearest_names(name, street_names(network)), ", ".join(network.sources))


def street_names(network: StreetNetwork, rows: Iterable[int] | None = None) -> list[str]:
    """The distinct names of the network, or of some rows of it, sorted."""
    column = network.ways["name"] if rows is None else network.ways["name"][list(rows)]
    return sorted(set(column) - {""})


def nearest_names(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The street names nearest to one that is not known, best first, compared without their types.

    Lanes (*ngõ, ngách, hẻm*) are left out unless a lane was asked for: there are ten to a street.
    """
    lane = base(name).startswith(_LANES)
    by_base: dict[str, str] = {}
    for other in known:
        if lane or not base(other).startswith(_LANES):
            by_base[base(other)] = max(by_base.get(base(other), other), other, key=lambda text: (len(text), text))
    return [by_base[key] for key in suggest(base(name), by_base, limit)]


@lru_cache(maxsize=65536)
def base(name: str) -> str:
    """The key of a street name without its type: 'Phố Láng Hạ' and 'đường Láng Hạ' have the same.

    >>> base("Phố Láng Hạ") == base("đường Láng Hạ")
    True
    """
    return _TYPES.sub("", fold(name))


def same_name(asked: str, name: str) -> bool:
    """Whether a name is the one asked for; without diacritics only if the query has none.

    >>> same_name("cau to", "Cầu Tó") and not same_name("Cầu To", "Cầu Tó")
    True
    """
    return fold(asked) == fold(name) or (not has_diacritics(asked) and plain(asked) == plain(name))


@lru_cache(maxsize=65536)
def road_number(text: str) -> tuple[str, str] | None:
    """Kind and number of a numbered road, None if it is not one.

    >>> road_number("QL.32") == road_number("Quốc lộ 32") == ("ql", "32")
    True
    """
    found = _REF.match(fold(text))
    return (_REF_KINDS[found[1]], found[2]) if found else None


def _by_name(network: StreetNetwork, names: NDArray[np.object_], name: str) -> StreetMatch | None:
    """Ways of exactly this name, and beside them those that bear it without its type, or with the other one."""
    key = fold(name)
    exact = _rows(fold(other) == key for other in names)
    if not len(exact):
        return None
    if base(name) == key:
        return _bare(network, names, name)
    bare = _rows(bool(other) and (base(other) == base(name) or _is_bridge_of(other, name)) for other in names)
    rows = _near(network, bare, exact)
    return StreetMatch(name, tuple(street_names(network, rows)), rows)


def _is_bridge_of(other: str, name: str) -> bool:
    """'Cầu Tó - Phan Trọng Tuệ' is the part of Đường Phan Trọng Tuệ on that bridge."""
    bridge, dash, street = other.partition(" - ")
    flyover = bridge.startswith("Cầu vượt")
    return bool(dash) and bridge.startswith("Cầu ") and not flyover and base(street) == base(name)


def _bare(network: StreetNetwork, names: NDArray[np.object_], name: str) -> StreetMatch | None:
    """A query without a type: all types of that name that hang together with the longest of them."""
    rows = _rows(bool(other) and (base(other) == base(name) or _is_bridge_of(other, name)) for other in names)
    if not len(rows):
        return None
    lengths: dict[str, float] = {}
    for row in rows:
        lengths[names[row]] = lengths.get(names[row], 0.0) + float(network.ways.lines[row].length)
    longest = max(lengths, key=lambda other: (lengths[other], other))
    seed = _rows(other == longest for other in names)
    own = _near(network, rows, seed)
    found = tuple(street_names(network, own))
    others = tuple(sorted(set(lengths) - set(found)))
    notes = () if set(found) == {name} else (Message("reference.taken-for", name=name, found=found),)
    return StreetMatch(name, found, own, notes, others)


def _by_base(network: StreetNetwork, names: NDArray[np.object_], name: str) -> StreetMatch | None:
    match = _bare(network, names, name)
    if match:
        return match
    key, marked = _TYPES.sub("", plain(name)), has_diacritics(name)
    near = {other for other in names if other and _TYPES.sub("", plain(other)) == key}
    spelled = sorted(other for other in near if not (marked and has_diacritics(other)))
    if len({base(other) for other in spelled}) != 1:
        return None
    return _bare(network, names, spelled[0])


def _by_ref(network: StreetNetwork, name: str) -> StreetMatch | None:
    number = road_number(name)
    if number is None:
        return None
    refs, named = network.ways["ref"], network.ways["name"]
    rows = _rows(
        any(road_number(part.strip()) == number for part in ref.split(";")) or road_number(other) == number
        for ref, other in zip(refs, named, strict=True)
    )
    if not len(rows):
        return None
    note = Message("reference.by-number", name=name)
    return StreetMatch(name, tuple(street_names(network, rows)), rows, (note,))


def _near(network: StreetNetwork, rows: NDArray[np.int64], seed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of some ways that lie near to the seed, or near to others that do."""
    lines, found, rest = network.ways.lines, seed, np.setdiff1d(rows, seed)
    while len(rest):
        whole = shapely.multilinestrings(list(lines[found]))
        shapely.prepare(whole)
        near = rest[shapely.dwithin(lines[rest], whole, BARE_REACH_M)]
        if not len(near):
            break
        found, rest = np.union1d(found, near), np.setdiff1d(rest, near)
    return found


def _rows(mask: Iterable[bool]) -> NDArray[np.int64]:
    return np.flatnonzero(np.fromiter(mask, dtype=bool)).astype(np.int64)
