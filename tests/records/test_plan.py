"""What the plan itself says, the registers of the data set, and the vocabulary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas
import pytest
from record_samples import Clock
from shapely.geometry import LineString, MultiLineString, Point

from geo.errors import InputError
from geo.records.ledger.seed_from_plan import PLAN_ACTOR, plan_assessments, plan_phases
from geo.records.model.errors import UnknownTermError
from geo.records.model.register_lookup import load_register_lookup, places_along, route_length
from geo.records.model.vocabulary import GROUPS, _read, vocabulary
from geo.records.store import open_store
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards

PLAN_DAY = date(2026, 1, 7)


def test_the_plan_is_the_first_record(tmp_path: Path, clock: Clock) -> None:
    with open_store(f"sqlite:///{tmp_path / 'a.sqlite'}", registers=load_register_lookup(), now=clock) as store:
        written = store.seed([*plan_assessments(load_sites()), *plan_phases(load_wards())], PLAN_ACTOR)
        levels = store.levels(PLAN_DAY)
        phases = store.phases(PLAN_DAY)
        assert written == len(levels) + len(phases)
        assert store.levels(date(2026, 1, 6)).empty
    # Appendix II: seven sites 'Có hoạt động', five 'Ít hoạt động'; Appendix III: 42 units and 6 more.
    assert levels["level"].value_counts().to_dict() == {"active": 7, "low": 5}
    assert phases["phase"].value_counts().to_dict() == {"pilot": 42, "expansion": 6}
    assert set(levels["document"]) == {"07/KH-UBND"}
    assert set(levels["office"]) == {"UBND thành phố Hà Nội"}


def test_a_site_of_an_unknown_document_is_told() -> None:
    sites = load_sites().assign(document="Kế hoạch 1/KH-UBND")
    with pytest.raises(InputError, match="is not in the vocabulary") as caught:
        plan_assessments(sites)
    assert len(caught.value.problems) == len(sites)


def test_the_registers_of_the_data_set() -> None:
    registers = load_register_lookup()
    assert len(registers.ward_codes) == 166
    assert len(registers.site_lengths) == 12
    assert registers.ward_named is not None
    assert registers.place_at is not None
    code = registers.ward_named("P. Yên Hoà")
    trung_hoa = registers.place_at("HN-I-4", 700.0)
    assert trung_hoa is not None
    assert registers.wards_at([trung_hoa[0], 100.0], [trung_hoa[1], 10.0]) == [code, None]


def test_chainage_runs_along_the_route_and_over_its_parts() -> None:
    line = LineString([(105.8, 21.0), (105.8, 21.01), (105.81, 21.01)])
    parts = MultiLineString([[(105.8, 21.0), (105.8, 21.01)], [(105.82, 21.01), (105.83, 21.01)]])
    sites = geopandas.GeoDataFrame(
        {"site_id": ["A", "B", "C"]}, geometry=[line, parts, Point(105.8, 21.0)], crs="EPSG:4326"
    )
    place = places_along(sites)
    north = route_length(LineString([(105.8, 21.0), (105.8, 21.01)]))
    assert north == pytest.approx(1107.2, abs=0.5)
    assert place("A", 0.0) == (105.8, 21.0)
    assert place("A", north / 2) == pytest.approx((105.8, 21.005), abs=1e-6)
    assert place("A", 99_999.0) == (105.81, 21.01)
    assert place("B", north + 1.0) == pytest.approx((105.82001, 21.01), abs=1e-5)
    assert place("C", 5.0) == (105.8, 21.0)
    assert place("D", 5.0) is None
    middle = place("A", None)
    assert middle is not None
    assert line.distance(Point(middle)) < 1e-9


def test_every_term_has_both_labels_and_is_found_by_each() -> None:
    terms = vocabulary()
    for group in GROUPS:
        for term in terms.terms(group):
            assert term.vi
            assert term.en
            for text in (term.id, term.vi, term.en, term.vi.upper(), *term.also):
                assert terms.find(group, text) == term
    with pytest.raises(UnknownTermError, match="hotline"):
        terms.find("channel", "hotlin")


def test_terms_are_found_without_diacritics() -> None:
    assert vocabulary().find("level", "it hoat dong").id == "low"
    assert vocabulary().find("level", "Khong hoat dong").id == "inactive"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "is not a vocabulary"),
        ("[[level]]\nid = 1", "is not a vocabulary"),
        ("\n".join(f"[[{g}]]\nid='a'\nvi='a'\nen='a'" for g in (*GROUPS, "level")), "level: id 'a' stands twice"),
    ],
)
def test_a_broken_vocabulary_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        _read(path)
