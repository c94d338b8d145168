"""The crossings of a situation as rows that cards and maps read: one `Stretch` a site and ward, with its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.analysis.reconcile import verdicts
from geo.i18n.rounding import rounded_parts

if TYPE_CHECKING:
    from geo.analysis.reconcile import Agreement
    from geo.situation import Situation


OUTSIDE = "outside"
"""The verdict on what lies in no ward, and the key of its words in the theme."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one ward has of one site (*đoạn tuyến*), or what of it lies in no ward: there code and name are ''.

    Lengths in metres, `share` 0 to 1, `intervals_m` from the route's start, `border_with` ward codes, `geometry` in
    WGS 84. `printed_share` is the share to a tenth of a percent so that those of a site add up. `verdict` is the word
    of the reconciliation (`confirmed`, `on_border`, `undeclared`, `sliver`, `answered`), `outside` for what lies in no
    ward, '' without.
    """

    site_id: str
    ward_code: str
    ward_name: str
    length_m: float
    area_m2: float
    share: float
    intervals_m: tuple[tuple[float, float], ...]
    border_m: float
    border_with: tuple[str, ...]
    geometry: BaseGeometry
    verdict: str
    printed_share: float = 0.0

    @property
    def printed_m(self) -> float:
        """Whole metres between its rounded chainages, so that maps and papers say the same; its length without any."""
        return printed_metres(self.intervals_m, self.length_m)

    @property
    def in_ward(self) -> bool:
        """Whether it lies in a ward."""
        return self.verdict != OUTSIDE


def stretches(situation: Situation) -> tuple[Stretch, ...]:
    """All stretches of a situation, in the order of its `crossings`."""
    words = verdicts(situation.agreements)
    found = [_stretch(row, words) for row in situation.crossings.itertuples(index=False)]
    shares = added_shares([(row.site_id, row.share) for row in found])
    return tuple(replace(row, printed_share=share) for row, share in zip(found, shares, strict=True))


def printed_metres(intervals_m: Iterable[tuple[float, float]], length_m: float) -> float:
    """Whole metres between rounded chainages, so that pages, maps and papers say the same; the length without any."""
    whole = sum(round(end) - round(begin) for begin, end in intervals_m)
    return float(whole) if whole else length_m


def added_shares(rows: Sequence[tuple[str, float]]) -> list[float]:
    """The shares of (site, share) to a tenth of a percent, so that those of a site add up (largest remainder).

    >>> added_shares([("a", 0.0124), ("a", 0.7433), ("a", 0.2443), ("b", 1.0)])
    [0.013, 0.743, 0.244, 1.0]
    """
    places: dict[str, list[int]] = {}
    for place, (site, _) in enumerate(rows):
        places.setdefault(site, []).append(place)
    found = [0.0] * len(rows)
    for own in places.values():
        parts = rounded_parts([rows[place][1] * 100 for place in own], 1)
        for place, part in zip(own, parts, strict=True):
            found[place] = round(part / 100, 6)
    return found


def least_share(printed: float, share: float) -> float:
    """The share to print: more than nothing is never printed as zero."""
    return printed or min(share, 0.0004)


def unmet_wards(situation: Situation, site_id: str) -> dict[str, tuple[str, ...]]:
    """Codes of the wards that the plan names for a site and that have no stretch of it, by the word for that.

    `absent`: the site does not meet them; `on_border`: it runs within 25 m of them.
    """
    for agreement in situation.agreements:
        if agreement.site_id == site_id:
            return {"absent": agreement.absent, "on_border": tuple(beside_only(agreement))}
    return {"absent": (), "on_border": ()}


def beside_only(agreement: Agreement) -> Iterable[str]:
    """Codes of the declared wards that a site runs beside and does not enter."""
    return (code for code in agreement.on_border if code not in agreement.slivers)


def codes(value: Any) -> tuple[str, ...]:
    """A cell of ward codes (list, array, JSON null or NaN) as a tuple."""
    if value is None or isinstance(value, float):
        return ()
    return tuple(map(str, value))


def grouped(rows: Iterable[Stretch], key: str) -> dict[str, tuple[Stretch, ...]]:
    """Stretches by their field `key` (`site_id` or `ward_code`), in their order within each group.

    Under no ward stands none of what lies in no ward.
    """
    groups: dict[str, list[Stretch]] = {}
    for row in rows:
        if key == "ward_code" and not row.in_ward:
            continue
        groups.setdefault(getattr(row, key), []).append(row)
    return {name: tuple(members) for name, members in groups.items()}


def _stretch(row: Any, words: dict[tuple[str, str], str]) -> Stretch:
    outside = pd.isna(row.ward_code)
    return Stretch(
        site_id=str(row.site_id),
        ward_code="" if outside else str(row.ward_code),
        ward_name="" if outside else str(row.ward_name),
        length_m=_number(row.length_m),
        area_m2=_number(getattr(row, "area_m2", 0.0)),
        share=_number(row.share),
        intervals_m=tuple((float(a), float(b)) for a, b in row.intervals_m),
        border_m=_number(row.border_m),
        border_with=codes(row.border_with),
        geometry=row.geometry,
        verdict=OUTSIDE if outside else words.get((str(row.site_id), str(row.ward_code)), ""),
    )


def _number(value: Any) -> float:
    return 0.0 if value is None or pd.isna(value) else float(value)
