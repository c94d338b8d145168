"""From when places are observed, when sites were dealt with, and which reports are of one matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from fresh_records import fresh_records
from record_samples import ACTOR, REGISTERS, Clock

from geo.analysis.flags.city import _linked
from geo.analysis.flags.office_records import OfficeRecords
from geo.errors import InputError
from geo.importing.reports.reading import commit, read_reports
from geo.records.entries import NewReport
from geo.records.kinds.fields import Concerned
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.registry import kind
from geo.records.model.errors import UnknownRowError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

DAY = date(2026, 3, 1)
PAPER = {"document": "12/BC-UBND", "office": "UBND phường Yên Hòa"}


class Duties:
    """Two wards answer for each site."""

    def of_site(self, _: str) -> frozenset[str]:
        return frozenset({"00004", "00008"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(fresh_records(tmp_path), registers=REGISTERS, now=Clock()) as opened:
        yield opened


def report(**changes: object) -> NewReport:
    values: dict[str, object] = {"day": DAY, "kind": "other", "channel": "hotline", "lon": 105.7, "lat": 21.0}
    return NewReport(**values | changes)  # type: ignore[arg-type]


def test_a_place_is_a_site_or_a_ward_and_nothing_else(store: Store) -> None:
    for place in ("HN-I-1", "00004"):
        store.add(NewObservation(place=place, day=DAY, **PAPER), ACTOR)
    for place, said in (("HN-X-9", "no site has the id"), ("99999", "no ward has the code")):
        with pytest.raises(InputError, match=said):
            store.add(NewObservation(place=place, day=DAY, **PAPER), ACTOR)
    found = kind("observation")
    assert found.concerns({"place": "00004"}, Duties()) == Concerned(frozenset({"00004"}))  # type: ignore[arg-type]
    assert found.concerns({"place": "HN-I-1"}, Duties()).within(frozenset({"00008"}))  # type: ignore[arg-type]


def test_a_place_is_read_as_people_write_it(store: Store) -> None:
    read = kind("observation").column("place").rule.read  # type: ignore[union-attr]
    assert read is not None
    context = replace(store.context, registers=load_register_lookup())
    written = ("hn-i-1", "00004", "phường Ba Đình", "Ba Đình")
    assert [read(text, context) for text in written] == ["HN-I-1", "00004", "00004", "00004"]


def test_what_the_rules_are_given(store: Store) -> None:
    store.add(NewObservation(place="HN-I-1", day=date(2025, 1, 1), **PAPER), ACTOR)
    store.add(NewObservation(place="HN-I-1", day=date(2025, 6, 1), **PAPER), ACTOR)
    store.add(NewMeasure(site_id="HN-I-4", day=DAY, **PAPER), ACTOR)
    levels = pd.DataFrame(
        {"site_id": ["HN-I-1"] * 3, "level": ["active", "low", "active"],
         "day": pd.to_datetime(["2025-01-01", "2026-02-01", "2026-02-20"])}
    )  # fmt: skip
    found = OfficeRecords.of(levels, store.observations(), store.measures())
    assert found.observed == {"HN-I-1": date(2025, 6, 1)}
    assert found.dealt == (("HN-I-1", date(2026, 2, 1)), ("HN-I-4", DAY))


def test_a_link_leads_to_the_report_as_it_was_first_recorded(store: Store) -> None:
    first = store.add(report(), ACTOR).id
    better = store.add(report(lon=105.71), ACTOR, corrects=first).id
    store.add(report(channel="letter", same_as=better), ACTOR)
    assert store.reports(DAY, DAY)["same_as"].dropna().tolist() == [first]
    with pytest.raises(UnknownRowError):
        store.add(report(same_as=99), ACTOR)


def test_a_link_may_outlive_the_report_that_it_names(store: Store) -> None:
    old = store.add(report(day=date(2025, 1, 1)), ACTOR).id
    store.add(report(same_as=old), ACTOR)
    store.purge(date(2025, 6, 1), ACTOR)
    left = store.reports(date(2025, 1, 1), DAY)
    assert left["same_as"].tolist() == [old]
    assert _linked(left).tolist() == [-1]


def test_links_go_either_way_and_on() -> None:
    frame = pd.DataFrame({"report_id": [7, 9, 4, 5], "same_as": pd.array([9, 4, None, 99], dtype="Int64")})
    linked = _linked(frame).tolist()
    assert linked[0] == linked[1] == linked[2] >= 0
    assert linked[3] == -1


def test_a_file_links_too(store: Store, tmp_path: Path) -> None:
    first = store.add(report(), ACTOR).id
    file = tmp_path / "reports.csv"
    file.write_text(
        f"Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Trùng với tin số\n02/03/2026,other,letter,105.7,21.0,#{first}\n"
        "03/03/2026,other,letter,105.72,21.0,\n",
        encoding="utf-8",
    )
    commit(store, read_reports(file, store), ACTOR)
    assert store.reports(DAY, date(2026, 3, 3))["same_as"].fillna(0).tolist() == [0, first, 0]
