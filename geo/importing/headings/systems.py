"""Coordinate systems that headings, and lines above a table, name in words: read where they say which, else asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from geo.reference.names import plain

_EPSG = re.compile(r"\bepsg\W*(\d{4,6})\b")
_VN2000 = re.compile(r"vn[ _]?2000|\bvn2k\b")
_WGS84 = re.compile(r"wgs[ _]?(?:19)?84|crs[ _]?84")
_UTM = re.compile(r"(?:\b|_)utm(?:\b|_|\d)")
_UTM_ZONE = re.compile(r"(?:utm|zone|mui)[\W_]*(?:chieu\W*)?(48|49)\s?[nb]?\b|\b(48|49)\s?n\b")
_SIX = re.compile(r"(?:mui|zone)\W*(?:chieu\W*)?6\b|\b6 ?(?:do|°)")
_MERIDIAN = re.compile(
    r"(?:\bktt\w*|kinh tuyen(?: truc| trung uong| giua)?)\W*(10[2-9])(?:([.,]\d+)|\W*(?:do|o|d)?\W*(\d{1,2})?)"
)
_OPEN = re.compile(
    r"\bhn ?72\b|\bindian\b|\bpulkovo\b|\bkras{1,2}ow?v?sk|\bgauss|web mercator|pseudo mercator"
    r"|toa do (?:gia dinh|dia phuong|cong trinh|doc lap)|\ban do (?:19)?(?:54|60|75)\b"
)
"""Systems that have no one meaning here, or none that a table can say."""
_UTM_OF = {("vn", 48): 3405, ("vn", 49): 3406, ("wgs", 48): 32648, ("wgs", 49): 32649}
_BEHIND = re.compile(
    r"(?i)[\s_-]+(?:vn[-_ ]?2000|wgs[-_ ]?(?:19)?84|utm[-_ ]?(?:zone)?[-_ ]?(?:4[89])?n?)(?=\s*(?:[(\[{*]|$))"
)
OF_WGS84 = ("EPSG:4326", "EPSG:32648", "EPSG:32649")
_ZONES = {105.0: 48, 111.0: 49}


@dataclass(frozen=True, slots=True)
class NamedSystem:
    """A system as `text` names it: its `crs` as a code; '' where that is open, or another field says it.

    `meridian`: the central one of a zone of VN-2000 (TM-3), 0 for none. `in_degrees`: the system of degrees, where the
    text says no projection: metres are of some zone of it.
    """

    text: str
    crs: str = ""
    in_degrees: str = ""
    meridian: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say which system is meant."""
        return not (self.crs or self.in_degrees or self.meridian)


def system_of(texts: Iterable[str]) -> NamedSystem | None:
    """The system that texts name; None where they name none, an open one where they name several.

    >>> system_of(["Kinh độ (VN-2000)"]).in_degrees, system_of(["X (EPSG:5897)"]).crs, system_of(["X", "Y"])
    ('EPSG:4756', 'EPSG:5897', None)
    >>> system_of(["Hệ tọa độ VN-2000, múi 6 độ, KTT 105°"]).crs, system_of(["E (UTM 48N)"]).is_open
    ('EPSG:3405', True)
    """
    found = [named for text in texts if text and (named := _named(text)) is not None]
    surest = [named for named in found if not named.in_degrees] or found
    if any(named.crs in OF_WGS84 for named in surest):
        surest = found
    different = {(named.crs, named.in_degrees, named.meridian): named for named in surest}
    if len(different) > 1:
        return NamedSystem("; ".join(dict.fromkeys(named.text for named in surest)))
    return next(iter(different.values()), None)


def without_system(heading: str) -> str:
    """A heading without a system that it names outside brackets: `Kinh độ VN2000`, `lon_wgs84`.

    >>> without_system("Kinh độ VN-2000"), without_system("x_utm48n")
    ('Kinh độ', 'x')
    """
    return _BEHIND.sub("", heading)


def _named(text: str) -> NamedSystem | None:
    words, shown = plain(text), " ".join(text.split())[:60]
    if code := _EPSG.search(words):
        return NamedSystem(shown, f"EPSG:{code[1]}")
    if _OPEN.search(words):
        return NamedSystem(shown)
    meridian = _meridian(words)
    is_utm = bool(_UTM.search(words) or _SIX.search(words) or _UTM_ZONE.search(words))
    if _VN2000.search(words) or meridian is not None:
        if is_utm:
            return _utm("vn", words, shown, meridian)
        return NamedSystem(shown, in_degrees="EPSG:4756") if meridian is None else NamedSystem(shown, meridian=meridian)
    if _WGS84.search(words):
        return _utm("wgs", words, shown, meridian) if is_utm else NamedSystem(shown, "EPSG:4326")
    return NamedSystem(shown) if _UTM.search(words) else None


def _utm(datum: str, words: str, shown: str, meridian: float | None) -> NamedSystem:
    found = _UTM_ZONE.search(words)
    zone = int(found[1] or found[2]) if found else _ZONES.get(meridian or 0.0)
    return NamedSystem(shown) if zone is None else NamedSystem(shown, f"EPSG:{_UTM_OF[datum, zone]}")


def _meridian(words: str) -> float | None:
    found = _MERIDIAN.search(words)
    if not found:
        return None
    decimals = float(f"0{found[2]}".replace(",", ".")) if found[2] else int(found[3] or 0) / 60
    return int(found[1]) + decimals
