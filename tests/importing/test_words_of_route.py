"""Words that described the route of a site until then: what stands of them with another one is said."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest

from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.situation.drafts.words_of_route import words_of_route

LINE = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
OTHER = LINE.replace("21.015", "21.02")
OLD = NewSiteVersion(
    site_id="HN-I-1", name="Đường Láng", group="public", level="low", start="Cầu Giấy", finish="Ngã Tư Sở", geometry=LINE,
    declared_wards=("00256",), declared_text="Phường Cầu Giấy", note="khoảng 600 m thuộc phường Láng", day=date(2026, 1, 7), document="07/KH-UBND", office="UBND",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Đường Láng mới"}, []),
        ({"geometry": OTHER}, [("ends-kept", True), ("note-kept", True)]),
        (
            {"geometry": OTHER, "start": "", "finish": "", "note": ""},
            [("ends-dropped", False), ("note-dropped", False)],
        ),
        ({"geometry": OTHER, "start": "Cầu Giấy", "finish": "Cầu Mới", "note": "đo lại"}, [("note-dropped", False)]),
        ({"declared_wards": ("00256", "00097")}, [("text-kept", True), ("note-kept", True)]),
    ],
)
def test_words_for_another_route_do_not_stand_unsaid(changes: dict[str, object], said: list[tuple[str, bool]]) -> None:
    found = list(words_of_route(replace(OLD, **changes), asdict(OLD)))  # type: ignore[arg-type]
    assert [(message.code.removeprefix("records.finding."), look) for message, look in found] == said
    assert all("Cầu Giấy" in str(message) or "600 m" in str(message) for message, _ in found)
