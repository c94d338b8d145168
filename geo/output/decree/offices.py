"""The offices that issue papers: how they are called, what their symbols are, in which form they sign.

Read from `data/offices.toml`, or from a file of the same name among the office's own templates.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.errors import InputError, Problem, UnknownNameError
from geo.files import read_bytes
from geo.i18n.language import Lang
from geo.reference.cities import city as city_named
from geo.reference.programmes import programme_of_city
from geo.reference.provinces import find_province

FORMS = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
"""Forms of signing: together, for the head, on order, by delegation, acting."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office in one language; `name`, `parent` may have several lines, `signing` are the lines over a signature."""

    id: str
    name: str
    spoken: str
    parent: str
    symbol: str
    unit: str
    place: str
    signing: tuple[str, ...]
    addressed: tuple[str, ...]
    recipients: tuple[str, ...]


_TEXTS = ("name", "spoken", "parent", "place")
_LISTS = ("signing", "addressed", "recipients")
_PLAIN = ("symbol", "unit")
_KNOWN = {*_PLAIN, *(f"{name}{end}" for name in (*_TEXTS, *_LISTS) for end in ("", "_en"))}


def city_office(city: str, lang: Lang, file: Path | None = None) -> Office:
    """The office that issues a city's papers: that of `DIABAN_ISSUER`, else the first of the city in the file.

    A city of which the file has none has that of a province, with what its programme says of its office.

    Raises
    ------
    InputError
        The file is not TOML, or an entry lacks a field or has one that there is not.
    UnknownNameError
        There is no such office.
    """
    found = _read(*_stamp(file))
    listed = found["office"]
    own = [entry for entry in listed if entry["city"] == city]
    wanted = str(settings.text("issuer"))
    chosen = [entry for entry in own if entry["id"] == wanted] if wanted else own[:1]
    if not own and (not wanted or city_named(city).further_of):  # the wanted one is of the city's own list
        own_words = dict(programme_of_city(city_named(city)).office)
        return _of_province(city, lang, {**found["province"], **own_words})
    if not chosen:
        raise UnknownNameError("office", wanted or city, [str(entry["id"]) for entry in own or listed])
    return _office(chosen[0], lang, str(chosen[0]["id"]), {})


def ward_office(ward: Mapping[str, str], city: str, above: Office, lang: Lang, file: Path | None = None) -> Office:
    """The people's committee of a ward (`code`, its full name `ward`, the bare `name`); `city` is the city's name.

    `above` is the office of the city, which gets what the ward writes.
    """
    entry, name, code = _read(*_stamp(file))["ward"], ward["name"], ward["code"]
    places = {"ward": ward["ward"], "city": city, "kind": kind_of(city, lang), "office": above.spoken}
    made = _office(entry, lang, code, places)
    upper = {key: value.upper() for key, value in places.items()}
    return _with(
        made, name=_filled(entry, "name", lang, upper), parent=_filled(entry, "parent", lang, upper), place=name
    )


def kind_of(city: str, lang: Lang) -> str:
    """What a city is, by its name: *thành phố* or *tỉnh*."""
    found = find_province(city)
    if lang == "en":
        return "province" if found and found.kind == "tỉnh" else "city"
    return found.kind if found else "thành phố"


def _of_province(slug: str, lang: Lang, entry: Mapping[str, Any]) -> Office:
    """The office of a city without an entry of its own."""
    place = city_named(slug)
    name = place.name_en if lang == "en" else place.name
    places = {"city": name, "kind": kind_of(place.name, lang)}
    upper = {key: value.upper() for key, value in places.items()}
    return _with(_office(entry, lang, f"{slug}-health", places), parent=_filled(entry, "parent", lang, upper))


def _with(office: Office, **changed: Any) -> Office:
    return Office(**{field.name: changed.get(field.name, getattr(office, field.name)) for field in fields(office)})


def _office(entry: Mapping[str, Any], lang: Lang, id: str, places: Mapping[str, str]) -> Office:
    values: dict[str, Any] = {name: _filled(entry, name, lang, places) for name in _TEXTS}
    values |= {name: str(entry[name]) for name in _PLAIN}
    values |= {name: tuple(str(part).format_map(places) for part in _in(entry, name, lang)) for name in _LISTS}
    return Office(id=id, **values)


def _filled(entry: Mapping[str, Any], name: str, lang: Lang, places: Mapping[str, str]) -> str:
    return str(_in(entry, name, lang)).format_map(places)


def _in(entry: Mapping[str, Any], name: str, lang: Lang) -> Any:
    return entry.get(f"{name}_en", entry[name]) if lang == "en" else entry[name]


def _stamp(file: Path | None) -> tuple[Path, int]:
    path = file or settings.data_dir() / "offices.toml"
    return path, path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> Mapping[str, Any]:
    del stamp  # part of the key only: a changed file is read again
    try:
        raw = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("output.broken-words", str(path), reason=str(error))) from error
    found = {"office": list(raw.get("office", [])), "ward": raw.get("ward", {})}
    found["province"] = raw.get("province") or _shipped_province()
    checked_offices(found, str(path))
    return found


def _shipped_province() -> Mapping[str, Any]:
    """The entry of a province in the file of the data set: an office's own file may have none."""
    raw = tomllib.loads(read_bytes(settings.data_dir() / "offices.toml").decode("utf-8"))
    return dict(raw.get("province", {}))


def office_entries(file: Path | None = None) -> Mapping[str, Any]:
    """The entries of the file as they stand: `office`, a list, and `ward`; errors as `city_office`."""
    return _read(*_stamp(file))


def checked_offices(found: Mapping[str, Any], path: str) -> None:
    """Refuse entries that lack a field or leave it blank, have one that there is not, or sign in no form of the decree.

    Raises
    ------
    InputError
        Every one of them is named.
    """
    wrong = [*_wrong(path, found["ward"], "ward")]
    for number, entry in enumerate(found["office"], 1):
        wrong += _wrong(path, entry, str(entry.get("id", number)), ("id", "city"))
    if wrong:
        raise InputError(wrong)


def _wrong(path: str, entry: Mapping[str, Any], which: str, more: tuple[str, ...] = ()) -> list[Problem]:
    needed = [*_PLAIN, *_TEXTS, *_LISTS, *more]
    lacking = [Problem("output.office-lacks", f"{path}: {which}", key=key) for key in needed if not entry.get(key)]
    known = {*_KNOWN, *more}
    unknown = [
        Problem("output.office-unknown-key", f"{path}: {which}", key=key, known=sorted(known))
        for key in entry
        if key not in known
    ]
    return [*lacking, *unknown, *_unsigned(path, entry, which), *_unfilled(path, entry, which)]


def _unfilled(path: str, entry: Mapping[str, Any], which: str) -> list[Problem]:
    """Braces that nothing fills: that of a ward has `{ward}`, `{city}`, `{kind}`, `{office}`, another office none."""
    known = () if "city" in entry else ("{ward}", "{city}", "{kind}", "{office}")
    wrong = []
    for key, value in entry.items():
        text = value if isinstance(value, str) else " ".join(map(str, value))
        for place in known:
            text = text.replace(place, "")
        if "{" in text or "}" in text:
            wrong.append(Problem("output.office-braces", f"{path}: {which}", key=key, known=list(known)))
    return wrong


def _unsigned(path: str, entry: Mapping[str, Any], which: str) -> list[Problem]:
    """A form of signing that the decree does not have, as in 'T/M GIÁM ĐỐC'."""
    lines = [str(line) for line in entry.get("signing", ())]
    first = [line.split()[0] for line in lines[:-1] if line.split()]
    return [
        Problem("output.office-signs-otherwise", f"{path}: {which}", form=form, known=list(FORMS))
        for form in first
        if form not in FORMS
    ]
