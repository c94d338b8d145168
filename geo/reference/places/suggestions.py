"""Names as somebody types them, and names near to one that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.reference.crs import to_wgs84
from geo.reference.names import plain, split_unit, unmarked, y_as_i
from geo.reference.places.landmark_names import plain_key
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.shapes import multi
from geo.reference.places.street_groups import street_groups, title

LEAST = 72.0
FEWEST_LETTERS = 2
_KINDS = re.compile(r"^(?:duong|pho|dai lo|so|khu vuc|doan|truoc|doi dien)\s+(?=\S)")
_RANKS = ("ward", "site", "street", "landmark", "former")
_NO_STREETS = re.compile(r"^(?:ngo|ngach|hem|kiet|lan)\b")
_NOT_TYPED = ("number", "km", "bank_left", "bank_right", "bus_stop")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One name: its `kind` (ward, site, street, landmark, former), what tells it from others of the name (`detail`).

    `lonlat`: where it lies (WGS 84); `bbox`: west, south, east, north; `code`: of a ward or a site.
    """

    kind: str
    name: str
    city: str
    detail: str = ""
    lonlat: tuple[float, float] | None = None
    bbox: tuple[float, float, float, float] | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    name: str
    row: int
    key: str
    code: str = ""
    detail: str = ""


def suggest_places(
    index: PlaceIndex, text: str, limit: int = 8, sites: Iterable[tuple[str, str]] = (), *, alike: bool = True
) -> list[Suggestion]:
    """What a text may become as it is typed: wards, sites, streets, landmarks and former units, best first.

    Compared without diacritics, *i* and *y* as one. A name that begins with the text comes first, then one of which a
    word does; wards and sites before streets before landmarks. Where nothing does, the nearest names by likeness.

    Parameters
    ----------
    sites
        Id and name of the sites that may be suggested beside what the index holds.
    alike
        Whether the nearest names count where none holds the text.
    """
    wanted = _KINDS.sub("", plain(text))
    if len(wanted) < FEWEST_LETTERS:
        return []
    entries, keys = _entries(index)
    own = [_Entry("site", name, -1, plain(f"{code} {name}"), code) for code, name in sites]
    found = [*_matching(own, [entry.key for entry in own], wanted), *_in_any_spelling(index, wanted)]
    found.sort(key=lambda pair: (pair[0], _RANKS.index(pair[1].kind), len(pair[1].name), pair[1].name))
    chosen = [entry for _, entry in found] or (_alike(entries, keys, wanted, limit) if alike else [])
    rows = (row for entry in chosen for row in _described(index, entry))
    return list(islice(_distinct(rows), limit))


def warm(index: PlaceIndex) -> None:
    """Make everything that a search needs, so that the first letters are answered as fast as the next.

    One street of several ways is described, which loads what streets and their places are shown by.
    """
    _entries(index.warmed())
    _respelled(index)
    for rows in islice((rows for rows in index.by_base.values() if len(rows) > 1), 1):
        list(_described(index, _Entry("street", str(index.names[rows[0]]), -1, "")))


def _distinct(rows: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Each row once, as far as they are asked for."""
    seen = set()
    for row in rows:
        if row not in seen:
            seen.add(row)
            yield row


def _in_any_spelling(index: PlaceIndex, wanted: str) -> Iterator[tuple[int, _Entry]]:
    """The names that fit a text as it is written, or with *i* for *y* in either."""
    for spelling in dict.fromkeys((wanted, y_as_i(wanted))):
        yield from _matching(*_entries(index), spelling)
    yield from _matching(*_respelled(index), y_as_i(wanted))


def _matching(entries: list[_Entry], keys: list[str], wanted: str) -> list[tuple[int, _Entry]]:
    """Rank and entry of the keys that hold the text at the beginning of a word."""
    inner = f" {wanted}"
    return [
        (0 if key == wanted else 1 if key.startswith(wanted) else 2, entry)
        for key, entry in zip(keys, entries, strict=True)
        if key.startswith(wanted) or inner in key
    ]


def _alike(entries: list[_Entry], keys: list[str], wanted: str, limit: int) -> list[_Entry]:
    from rapidfuzz import fuzz, process

    found = process.extract(wanted, keys, scorer=fuzz.ratio, limit=limit, score_cutoff=LEAST)
    return [entries[row] for _, _, row in found]


@cache
def _entries(index: PlaceIndex) -> tuple[list[_Entry], list[str]]:
    """All names of an index that may be suggested, and their keys."""
    entries = [*_ward_entries(index), *_street_entries(index), *_landmark_entries(index), *_former_entries(index)]
    return entries, [entry.key for entry in entries]


@cache
def _respelled(index: PlaceIndex) -> tuple[list[_Entry], list[str]]:
    """The entries whose names have a *y* that is also written *i*, and their keys with *i*."""
    entries = [entry for entry in _entries(index)[0] if "y" in entry.key and y_as_i(entry.key) != entry.key]
    return entries, [y_as_i(entry.key) for entry in entries]


def _ward_entries(index: PlaceIndex) -> Iterator[_Entry]:
    for ward in index.register.wards:
        yield _Entry("ward", ward.full_name, -1, f"{plain(ward.name)} {plain(ward.full_name)}", ward.code)


def _street_entries(index: PlaceIndex) -> Iterator[_Entry]:
    for key, rows in index.by_base.items():
        bare = unmarked(key)
        name = min(set(index.names[rows]), key=lambda one: (_is_bridge(one), one))
        if not (_NO_STREETS.match(bare) or _is_bridge(name)):
            yield _Entry("street", str(name), -1, bare)


def _is_bridge(name: str) -> bool:
    """Whether a way is called as a bridge; a street of that name says what it is: Đường Cầu Giấy."""
    return f"{name} ".lower().startswith("cầu ")


def _landmark_entries(index: PlaceIndex) -> Iterator[_Entry]:
    for row, thing in enumerate(index.things):
        if thing.kind not in _NOT_TYPED:
            yield _Entry("landmark", thing.name, row, plain_key(thing.name, thing.key))
    for name, rows in index.bridges.items():
        shown = index.network.ways["bridge_name"][rows[0]] or index.names[rows[0]]
        yield _Entry("landmark", str(shown), -1, unmarked(name), detail=name)


def _former_entries(index: PlaceIndex) -> Iterator[_Entry]:
    today = {plain(ward.full_name) for ward in index.register.wards}
    own = {ward.code for ward in index.register.wards}
    for unit in index.register.former.units:
        heirs = [heir.code for heir in unit.heirs if heir.code in own]
        if heirs and plain(unit.name) not in today:
            key = f"{plain(split_unit(unit.name)[1])} {plain(unit.name)}"
            yield _Entry("former", unit.name, -1, key, heirs[0], unit.district)


def _described(index: PlaceIndex, entry: _Entry) -> Iterator[Suggestion]:
    """An entry with its place: a street once for each place in which it lies."""
    bare = Suggestion(entry.kind, entry.name, index.city.slug, entry.detail, code=entry.code)
    if entry.kind == "street":
        for group in street_groups(index, entry.name)[:3]:
            yield _placed(index, replace(bare, name=title(index, group)), multi(index.lines[group.rows]))
    elif entry.kind == "landmark" and entry.row >= 0:
        yield _placed(index, bare, index.shapes[entry.row])
    elif entry.kind == "landmark":
        yield _placed(index, replace(bare, detail=""), multi(index.lines[index.bridges[entry.detail]]))
    elif entry.kind in ("ward", "former"):
        yield _there(bare, index.outlines[entry.code])
    else:
        yield bare


def _placed(index: PlaceIndex, bare: Suggestion, shape: BaseGeometry) -> Suggestion:
    west, south, east, north = map(float, shapely.bounds(shape))
    middle = shapely.point_on_surface(shape)
    spots: list[BaseGeometry] = [shapely.Point(west, south), shapely.Point(east, north), middle]
    there = to_wgs84(np.array(spots, dtype=object), index.city.province_code)
    (west, south), (east, north), (lon, lat) = np.round(shapely.get_coordinates(there), 6).tolist()
    ward = index.register.at(lon, lat) if not bare.detail else None
    detail = ward.full_name if ward else bare.detail
    return replace(bare, lonlat=(lon, lat), bbox=(west, south, east, north), detail=detail)


def _there(bare: Suggestion, outline: BaseGeometry) -> Suggestion:
    """A ward with its place, by its outline in WGS 84: nothing is moved into metres for it."""
    lon, lat = np.round(shapely.get_coordinates(shapely.point_on_surface(outline))[0], 6).tolist()
    west, south, east, north = np.round(shapely.bounds(outline), 6).tolist()
    return replace(bare, lonlat=(lon, lat), bbox=(west, south, east, north))


def nearest_names(index: PlaceIndex, text: str, limit: int = 3) -> list[str]:
    """Streets and landmarks whose names are near to a text, best first, compared without diacritics and types.

    Likeness is rapidfuzz's normalised indel ratio; under `LEAST` of 100 nothing is near.
    """
    from rapidfuzz import fuzz, process

    head = re.split(r"\b(?:từ|đoạn|đến|tới|giao)\b|[(,]", text, maxsplit=1)[0].strip() or text
    wanted = _KINDS.sub("", plain(head))
    if len(wanted) < 3:
        return []
    found = process.extract(wanted, index.spoken, scorer=fuzz.ratio, limit=4 * limit, score_cutoff=LEAST)
    names = [index.spoken_names[row] for _, _, row in found]
    return list(dict.fromkeys(names))[:limit]
