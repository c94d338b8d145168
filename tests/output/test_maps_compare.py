"""The map of two days: the earlier first, and every change beside it in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import shapely
import shapely.ops

from geo.output import maps
from geo.output.maps.kinds.compare import changes
from geo.situation import Situation, from_registers

EARLIER, LATER = date(2026, 2, 1), date(2026, 8, 1)
BA_DINH, HOAI_DUC = "00004", "09832"


def with_reports(situation: Situation, wards: list[str | None]) -> Situation:
    frame = gpd.GeoDataFrame(
        {"ward_code": wards, "day": [date(2026, 1, 5)] * len(wards)},
        geometry=[shapely.Point(105.84, 21.03)] * len(wards),
        crs=4326,
    )
    return replace(situation, reports=frame)


def two_days(hanoi: Situation) -> tuple[Situation, Situation]:
    wards, sites = hanoi.wards.copy(), hanoi.sites.copy()
    wards.loc[wards["code"] == BA_DINH, "phase"] = "none"
    sites.loc[sites["site_id"] == "HN-I-1", "level"] = "low"
    second = sites["site_id"] == "HN-II-3"
    sites.loc[second, "geometry"] = sites.loc[second, "geometry"].map(
        lambda line: shapely.ops.substring(line, 0, 0.5, normalized=True)
    )
    before = with_reports(
        from_registers(EARLIER, "hanoi", hanoi.wards, hanoi.sites), [BA_DINH, HOAI_DUC, HOAI_DUC, None]
    )
    after = with_reports(from_registers(LATER, "hanoi", wards, sites), [BA_DINH] * 3 + [HOAI_DUC] * 2)
    return before, after


def test_every_kind_of_change_is_beside_the_map(hanoi: Situation) -> None:
    before, after = two_days(hanoi)
    rows = [(c.where, c.what, c.before, c.after) for c in changes(before, after, "en")]
    assert ("Phường Ba Đình", "Programme", "In the programme: pilot", "Not yet in the programme") in rows
    assert ("Phường Ba Đình", "Reports", "1", "3") in rows
    assert not [row for row in rows if row[:2] == ("Xã Hoài Đức", "Reports")]
    kinds = {what for where, what, *_ in rows if where.startswith(("I.1", "II.3"))}
    assert len(kinds) == 2
    (card,) = maps.compare_drawing(before, after, lang="en").cards
    assert card.tables[0].rows == tuple(rows)


def test_the_earlier_day_comes_first_in_whichever_order_they_are_given(hanoi: Situation) -> None:
    before, after = two_days(hanoi)
    drawn = maps.compare_drawing(after, before)
    assert drawn.day == "01/02/2026 → 01/08/2026"
    assert drawn == maps.compare_drawing(before, after)


def test_hidden_reports_are_not_counted(hanoi: Situation) -> None:
    before, after = two_days(hanoi)
    found = changes(before, replace(after, reports=None), "en")
    assert not [change for change in found if change.what == "Reports"]
