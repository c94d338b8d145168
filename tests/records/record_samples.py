"""A small register, an actor and a clock for the tests of the records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geo.records.entries import Actor
from geo.records.model.register_lookup import RegisterLookup

ACTOR = Actor("yen-hoa", "UBND phường Yên Hòa", "cli")
START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 09:00 on 10 March 2026 in Việt Nam


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **amount: float) -> datetime:
        """Move the clock; the new moment."""
        self.moment += timedelta(**amount)
        return self.moment


def _wards_at(lons: object, lats: object) -> list[str | None]:
    """Two wards beside each other, west and east of 105.8 degrees, between 20.9 and 21.1 north."""
    pairs = zip(lons, lats, strict=True)  # type: ignore[call-overload]
    return [("00004" if lon < 105.8 else "00008") if 20.9 <= lat <= 21.1 else None for lon, lat in pairs]


REGISTERS = RegisterLookup(
    site_lengths={"HN-I-1": 9000.0, "HN-I-4": 1450.0, "HN-II-5": 0.0},
    ward_codes=frozenset({"00004", "00008", "09877"}),
    wards_at=_wards_at,
    place_at=lambda site, chainage: (105.7 + (chainage or 0) / 1e5, 21.0) if site != "HN-II-5" else None,
)
