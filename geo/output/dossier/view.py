"""What a dossier knows of its situation: sites, stretches and wards by code, filtered for the edition's readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import shapely

from geo.analysis.reconcile import Agreement
from geo.errors import UnknownSiteError, UnknownWardError
from geo.i18n.rounding import piece_metres, rounded_parts
from geo.i18n.translator import Translator
from geo.output.dossier.edition import Edition
from geo.output.dossier.wording import listed, themed, words
from geo.output.maps.drawing.cards import rows
from geo.output.shared.stretches import OUTSIDE, Stretch, grouped, least_share, stretches
from geo.reference.cities import City
from geo.reference.cities import city as city_named
from geo.reference.names import suggest
from geo.reference.sites import site_number
from geo.spatial.measure import route_length
from geo.visibility import public

if TYPE_CHECKING:
    from geo.situation import Situation


@dataclass(frozen=True)
class View:
    """A situation as the readers of an `edition` may see it; make it with `view`.

    `names` are full ward names by code (`Phường Ba Đình`), and what stands for no ward by ''; `by_site` and `by_ward`
    the stretches.
    """

    situation: Situation
    edition: Edition
    words: Translator
    city: City
    names: Mapping[str, str]
    by_site: Mapping[str, tuple[Stretch, ...]]
    by_ward: Mapping[str, tuple[Stretch, ...]]

    @property
    def kind(self) -> str:
        """What the city is called in the edition's language: *thành phố* or *tỉnh*."""
        return self.words.pick(self.city.kind)

    @cached_property
    def sites(self) -> tuple[SiteView, ...]:
        """All sites in the order of the register."""
        return tuple(self._site(row) for row in rows(self.situation.sites))

    def site(self, site_id: str) -> SiteView:
        """The site with this id; `UnknownSiteError` with the nearest ids, if there is none."""
        for entry in self.sites:
            if entry.id == site_id:
                return entry
        known = [entry.id for entry in self.sites]
        raise UnknownSiteError(site_id, suggest(site_id, known) or known[:3])

    def ward(self, code: str) -> Any:
        """The register's row of the ward with this code; `UnknownWardError` if there is none."""
        for row in rows(self.situation.wards):
            if str(row.code) == code:
                return row
        raise UnknownWardError(code, suggest(code, [known for known in self.names if known]))

    def name(self, code: str) -> str:
        """The full name of a ward, or its code where the register does not hold it."""
        return self.names.get(code, code)

    def inside(self, code: str) -> str:
        """The full name of a ward inside a sentence: Vietnamese writes the unit small there (*phường Ba Đình*)."""
        name = self.name(code)
        return name[:1].lower() + name[1:] if self.words.lang == "vi" else name

    def named(self, codes: tuple[str, ...]) -> str:
        """Full names of wards as part of a sentence."""
        return listed(self.words, [self.inside(code) for code in codes])

    def _site(self, row: SimpleNamespace) -> SiteView:
        site_id = str(row.site_id)
        agreement = next((entry for entry in self.situation.agreements if entry.site_id == site_id), None)
        return SiteView(self, row, self.by_site.get(site_id, ()), agreement)


@dataclass(frozen=True)
class SiteView:
    """One site: its `row` of the register (`from_` for `from`), its stretches along the way, and its agreement.

    The last of its stretches may be what lies in no ward (`outside`).
    """

    view: View
    row: Any
    stretches: tuple[Stretch, ...]
    agreement: Agreement | None

    @property
    def id(self) -> str:
        """`HN-II-3`."""
        return str(self.row.site_id)

    @property
    def number(self) -> str:
        """The number that the plan prints: `II.3`."""
        return site_number(self.id)

    @property
    def name(self) -> str:
        """The name in the plan."""
        return str(self.row.name)

    @cached_property
    def dimension(self) -> int:
        """0 for points, 1 for lines, 2 for areas."""
        return int(shapely.get_dimensions(self.row.geometry))

    @cached_property
    def length_m(self) -> float:
        """Geodesic metres of the route, also of what lies outside all wards; 0 for areas and points."""
        return route_length(self.row.geometry) if self.dimension == 1 else 0.0

    @cached_property
    def within(self) -> tuple[Stretch, ...]:
        """The stretches that lie in wards."""
        return tuple(row for row in self.stretches if row.in_ward)

    @cached_property
    def outside(self) -> Stretch | None:
        """What lies in no ward."""
        return next((row for row in self.stretches if not row.in_ward), None)

    @cached_property
    def answering(self) -> tuple[Stretch, ...]:
        """The stretches without the slivers: whose wards answer for the site; all of them where none else is left."""
        slivers = self.agreement.slivers if self.agreement else ()
        return tuple(row for row in self.within if row.ward_code not in slivers) or self.within

    @cached_property
    def pieces(self) -> tuple[tuple[float, float, str], ...]:
        """Begin, end (metres from the route's start) and ward code of every piece, along the way."""
        return tuple(sorted((a, b, row.ward_code) for row in self.stretches for a, b in row.intervals_m))

    @cached_property
    def metres(self) -> Mapping[str, int]:
        """Whole metres by ward code: they add up to the chainages and to the total."""
        return piece_metres(self.pieces)

    @cached_property
    def _areas(self) -> Mapping[str, float]:
        """Whole square metres by ward code, rounded so that they add up."""
        parts = rounded_parts([row.area_m2 for row in self.stretches])
        return {row.ward_code: part for row, part in zip(self.stretches, parts, strict=True)}

    def extent(self, row: Stretch) -> str:
        """How much of the site a stretch is: metres, square metres, or the kind of place."""
        w = self.view.words
        if self.dimension == 1:
            whole = self.metres.get(row.ward_code, 0)
            return w.written.length(whole) if whole else w.written.some_length(min(row.length_m, 0.4))
        return w.written.square_metres(self._areas[row.ward_code]) if self.dimension == 2 else w.text("place_point")

    def extent_of(self, rows: Sequence[Stretch]) -> str:
        """As `extent`, of several stretches together: the sum of what is printed of each."""
        w = self.view.words
        if self.dimension == 1:
            return w.written.length(sum(self.metres.get(row.ward_code, 0) for row in rows))
        if self.dimension == 2:
            return w.written.square_metres(sum(self._areas[row.ward_code] for row in rows))
        return w.text("place_point")

    def share(self, row: Stretch) -> str:
        """The share of a stretch in the site, so that all add up; more than nothing is never written as zero."""
        return self.view.words.written.some_share(least_share(row.printed_share, row.share))

    @property
    def total(self) -> str:
        """How much of the site lies in wards: the sum of the stretches as they are printed."""
        return self.extent_of(self.stretches)

    @property
    def total_share(self) -> str:
        """The share of the site that lies in wards: the sum of the shares as they are printed."""
        return self.view.words.percent(sum(row.printed_share for row in self.stretches))


def view(situation: Situation, edition: Edition) -> View:
    """The view of an edition; that of a public one is made from the public situation and knows nothing else."""
    shown = public(situation) if edition.audience == "public" else situation
    found = stretches(shown)
    wards, own = shown.wards, words(edition)
    names = dict(zip(wards["code"].astype(str), wards["full_name"].astype(str), strict=True))
    return View(
        situation=shown,
        edition=edition,
        words=own,
        city=city_named(shown.city),
        names=names | {"": themed(own, OUTSIDE)},
        by_site=grouped(found, "site_id"),
        by_ward=grouped(found, "ward_code"),
    )
