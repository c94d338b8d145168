"""The days on which a site is on the list, from its versions and events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from geo.situation.listing.lives import Listing, _listing

JAN, MAR, JUN, SEP = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 6, 9))


def made(*events: tuple[datetime, str]) -> Listing:
    rows: list[dict[str, Any]] = [{"day": day, "event": event, "document": "9/BB"} for day, event in events]
    return _listing("HN-I-4", [{"day": JAN, "name": "Cũ"}, {"day": JUN, "name": "Mới"}], rows)


@pytest.mark.parametrize(
    ("events", "day", "said"),
    [
        ((), SEP, None),
        ((), datetime(2025, 12, 31, tzinfo=UTC), "on the list from 1 January 2026"),
        (((MAR, "cleared"),), SEP, "not on the list since 1 March 2026"),
        (((MAR, "cleared"), (JUN, "renamed")), SEP, "not on the list since 1 March 2026"),
        (((MAR, "merged"), (JUN, "returned")), SEP, None),
        (((MAR, "merged"), (JUN, "returned")), datetime(2026, 5, 31, tzinfo=UTC), "not on the list since 1 March 2026"),
        (((SEP, "cleared"),), JUN, None),
    ],
)
def test_a_site_is_on_the_list_until_it_leaves_and_since_it_came_back(
    events: tuple[tuple[datetime, str], ...], day: datetime, said: str | None
) -> None:
    found = made(*events)
    assert found.name == "Mới"
    assert found.on(day.date()) == (said is None)
    assert (str(found.off(day.date())) if found.off(day.date()) else None) == said


def test_the_event_that_ended_it_is_the_one_that_said_so() -> None:
    found = made((MAR, "cleared"), (JUN, "returned"), (SEP, "split"))
    assert found.spans == ((date(2026, 1, 1), date(2026, 3, 1)), (date(2026, 6, 1), date(2026, 9, 1)))
    assert found.end is not None and found.end["event"] == "split"
    back = made((MAR, "cleared"), (MAR, "returned"), (MAR, "cleared"))
    assert back.spans == ((date(2026, 1, 1), date(2026, 3, 1)),)
