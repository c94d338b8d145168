"""Declared against computed: does the plan name the wards that a site really crosses?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from geo.reference.tolerances import SLIVER_M, SLIVER_M2

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


_MM = 0.001


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the plan declares for a site against what is computed; all are tuples of ward codes.

    `confirmed`: declared and met; `undeclared`: crossed, not declared (for a blank declaration, the answer);
    `absent`: declared and not met; `slivers`: crossed for less than 25 m, or by less than 625 m² of an area beside the
    border; `on_border`: those of `confirmed` that the site meets only within the border band (it runs within 25 m of
    them, or crosses them for no more than a sliver).
    """

    site_id: str
    declared: tuple[str, ...]
    confirmed: tuple[str, ...]
    undeclared: tuple[str, ...]
    absent: tuple[str, ...]
    slivers: tuple[str, ...]
    on_border: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the plan names all wards that the site crosses, and no other."""
        return not self.undeclared and not self.absent


VERDICTS = {"undeclared": "undeclared", "confirmed": "confirmed", "slivers": "sliver", "on_border": "on_border"}
"""The lists of an `Agreement` with wards that a site meets, and the word for a ward in each; the last one holds."""


def verdicts(agreements: Iterable[Agreement]) -> dict[tuple[str, str], str]:
    """The word for each ward that a site meets, by the site's id and the ward's code.

    `confirmed`, `on_border` (confirmed, on the border only), `undeclared`, `sliver`, or `answered` where nothing is
    declared and the computed wards are the answer.
    """
    found: dict[tuple[str, str], str] = {}
    for entry in agreements:
        words = VERDICTS if entry.declared else {**VERDICTS, "undeclared": "answered"}
        for name, word in words.items():
            found |= {(entry.site_id, code): word for code in getattr(entry, name)}
    return found


def reconcile(sites: GeoDataFrame, crossings: GeoDataFrame, *, sliver_m: float = SLIVER_M) -> tuple[Agreement, ...]:
    """One agreement a site, in the order of `sites`.

    Parameters
    ----------
    sites
        `site_id` and `declared_wards` (lists of codes).
    crossings
        As `geo.crossings` returns them; what lies in no ward confirms and accuses nobody.
    sliver_m
        Lines that cross a ward for less than this many metres do not confirm it; a site that is itself shorter than
        twice that is held to half of its length. Of an area the part in a ward is a sliver that lies beside a border
        and is smaller than `SLIVER_M2`, and than half of the area. Points have no slivers.
    """
    computed = _met(crossings)
    return tuple(
        _agreement(site, tuple(declared), computed.get(site, []), sliver_m)
        for site, declared in zip(sites["site_id"], sites["declared_wards"], strict=True)
    )


class _Met(NamedTuple):
    """A row of the crossings: `ward` None for what lies in none; `beside`: the wards within the border band."""

    ward: str | None
    length: float
    area: float
    border: float
    beside: tuple[str, ...]


def _met(crossings: GeoDataFrame) -> dict[str, list[_Met]]:
    wards = crossings["ward_code"].astype(object).where(crossings["ward_code"].notna(), None)
    borders = crossings["border_m"] if "border_m" in crossings else [0.0] * len(crossings)
    areas = crossings["area_m2"] if "area_m2" in crossings else [0.0] * len(crossings)
    beside = crossings["border_with"] if "border_with" in crossings else [()] * len(crossings)
    found: dict[str, list[_Met]] = {}
    for site, ward, length, area, border, others in zip(
        crossings["site_id"], wards, crossings["length_m"], areas, borders, beside, strict=True
    ):
        found.setdefault(site, []).append(_Met(ward, float(length), float(area), float(border), tuple(others)))
    return found


def _slivers(rows: Sequence[tuple[str, _Met]], sliver_m: float) -> tuple[str, ...]:
    """The wards that are met by no more than the accuracy of boundaries."""
    length, area = (sum(getattr(row, name) for _, row in rows) for name in ("length", "area"))
    shortest, smallest = min(sliver_m, length / 2.0), min(SLIVER_M2, area / 2.0)
    return tuple(
        ward
        for ward, row in rows
        if (row.length < shortest if length > 0 else area > 0 and row.area < smallest and row.beside)
    )


def _agreement(site: str, declared: tuple[str, ...], found: Sequence[_Met], sliver_m: float) -> Agreement:
    rows = [(row.ward, row) for row in found if row.ward is not None]
    slivers = _slivers(rows, sliver_m)
    wards = tuple(ward for ward, _ in rows if ward not in slivers)
    near = {ward for row in found for ward in row.beside}
    near |= {ward for ward, row in rows if ward in slivers and row.border >= row.length - _MM}
    on_border = tuple(ward for ward in declared if ward not in wards and ward in near)
    return Agreement(
        site_id=site,
        declared=declared,
        confirmed=tuple(ward for ward in declared if ward in wards or ward in on_border),
        undeclared=tuple(ward for ward in wards if ward not in declared),
        absent=tuple(ward for ward in declared if ward not in wards and ward not in on_border),
        slivers=slivers,
        on_border=on_border,
    )
