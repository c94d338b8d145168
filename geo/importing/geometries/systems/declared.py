"""The coordinate system that a file names, in whatever way: a `crs` member, a number, an address, WKT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from geo.i18n.message import Message
from geo.importing.geometries.model import unusable

if TYPE_CHECKING:
    from pyproj import CRS

_CRS84 = re.compile(r"(?:^|[:/])(?:OGC|CRS)[:/].*CRS:?84h?$|^CRS84$", re.I)
_EPSG = re.compile(r"(?:EPSG|epsg)[^0-9]*(?:[\d.]+[:/]+)?(\d{4,6})\s*/?(?:$|[^\d])")
_SPELLED = re.compile(r"[\[+{]|^[A-Za-z]+:|^urn|^https?:", re.I)
"""A system spelled out, or by an authority, and not by its bare name."""
_FILES = re.compile(r"(?:init|grids)\s*=\s*(?!@?null)|parameterfile|\bfile\b", re.I)
"""What has PROJ open a file of this machine: one to which nothing writes is waited for, by the whole process."""
_SHORT = re.compile(r"\[([A-Za-z]+:\w+)\]")
"""As JSON-FG writes `EPSG:5897`."""
_NUMBER = re.compile(r"\s*(\d{4,6})\s*")


def declared_crs(member: Any, where: str) -> CRS | None:
    """The system of a `crs` member; None where it says that none is known.

    Understood are `{"type": "name", "properties": {"name": …}}` as well as its variants of practice: a name alone, a
    number, `{"type": "EPSG", "properties": {"code": …}}`, an address that ends in an EPSG code (never opened), Esri's
    `wkid` and `wkt`, and those of `coordRefSys` in JSON-FG.

    Raises
    ------
    InputError
        It names a system that is not known.
    """
    name = system_name(member)
    if name is None:
        return None
    return named_crs(name, where, "importing.crs-unknown")


def named_crs(name: str, where: str, code: str) -> CRS:
    """The system of a name: `EPSG:5897`, `5897`, a URN, a PROJ or WKT text; `code` says that it is not known.

    Raises
    ------
    InputError
        It is not.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    text = name.strip()
    if _CRS84.search(text):
        return CRS.from_epsg(4326)
    number = _NUMBER.fullmatch(text) or (None if "[" in text or "+proj" in text else _EPSG.search(text))
    if not number and _FILES.search(text):
        raise unusable(code, where, name=text[:80], reason=Message("importing.crs-names-file"))
    try:
        crs = CRS.from_epsg(int(number[1])) if number else CRS.from_user_input(text)
    except (CRSError, ValueError, OverflowError) as error:
        raise unusable(code, where, name=text[:80], reason=str(error).split(": (")[0][:200]) from error
    if not number and not _SPELLED.search(text) and _letters(crs.name) != _letters(text):
        raise unusable(code, where, name=text[:80], reason=f"{crs.name}?")  # the library guesses at names
    return crs.sub_crs_list[0] if crs.is_compound else crs


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def system_name(member: Any) -> str | None:
    """What a `crs` member calls the system; None where it says that none is known."""
    if isinstance(member, bool) or not member:
        return None  # of before RFC 7946 too: `null` says that no system is known
    if isinstance(member, str | int):
        short = _SHORT.fullmatch(str(member))
        return short[1] if short else str(member)
    if not isinstance(member, dict):
        return repr(member)[:80]
    if isinstance(member.get("href"), str):
        return str(member["href"])
    inner = member.get("properties")
    return _of_esri(member) or (_of_properties(inner) if isinstance(inner, dict) else repr(member)[:80])


def _of_esri(member: dict[str, Any]) -> str | None:
    for key in ("latestWkid", "wkid"):
        if isinstance(member.get(key), int):
            return f"{'ESRI' if member[key] >= 100_000 else 'EPSG'}:{member[key]}"
    return str(member["wkt"]) if isinstance(member.get("wkt"), str) else None


def _of_properties(inner: dict[str, Any]) -> str | None:
    for key in ("name", "code", "href"):
        if isinstance(inner.get(key), str | int):
            return f"EPSG:{inner[key]}" if key == "code" else str(inner[key])
    return None if inner.get("name", "") is None else repr(inner)[:80]
