"""What a dossier says: which ward answers for which stretch, differences in words, and what is not there."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pandas as pd
import pytest
from dossier_samples import DAY, LONG, recorded, site_frame, town
from shapely.geometry import Point

from geo.analysis.coverage.attainment import attainment
from geo.errors import UnknownSiteError, UnknownWardError
from geo.i18n.formats import NO_BREAK
from geo.i18n.language import LANGS
from geo.output.dossier.documents.atlas_document import atlas_document
from geo.output.dossier.documents.blocks import Document, Fill, Grid, Section, Signatures
from geo.output.dossier.documents.minutes_document import minutes_document
from geo.output.dossier.documents.site_document import site_document
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import view
from geo.output.dossier.wording import words
from geo.reference.programmes import load_programme
from geo.situation import Situation, from_registers

VI, EN = Edition(), Edition(lang="en")


def section(document: Document, key: str) -> Section:
    return next(entry for entry in document.all_sections if entry.key == key)


def said(document: Document, key: str) -> str:
    bare = replace(document, sections=(section(document, key),), appendices=(), closing=None, cautions=())
    return " ".join(bare.texts()).replace(NO_BREAK, " ")


def grids(document: Document, key: str) -> list[Grid]:
    return [block for block in section(document, key).blocks if isinstance(block, Grid)]


def test_languages_have_the_same_keys_and_places() -> None:
    import string

    both = [words(Edition(lang=lang)).texts for lang in LANGS]
    # English has a form for one; Vietnamese has none.
    assert set(both[0]) == {key for key in both[1] if not key.endswith(" (one)")}
    for key in both[0]:
        places = [{name for _, name, _, _ in string.Formatter().parse(texts[key]) if name} for texts in both]
        assert places[0] == places[1], key


def test_three_wards_answer_for_their_stretches(hanoi: Situation) -> None:
    document = site_document(hanoi, "HN-I-7", VI)
    [wards], [pieces] = grids(document, "wards"), grids(document, "chainage")
    assert [row[0] for row in wards.rows] == ["Xã Thanh Trì", "Xã Đại Thanh", "Phường Thanh Liệt", "Cộng"]
    assert wards.rows[-1][1:3] == (f"3.940{NO_BREAK}m", f"100,0{NO_BREAK}%")
    chainages = [tuple(int(cell.replace(".", "")) for cell in row[1:3]) for row in pieces.rows]
    assert chainages[0][0] == 0
    assert chainages[-1][1] == 3940
    assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(chainages))


def test_every_difference_from_the_plan_is_explained(hanoi: Situation) -> None:
    assert "khớp với kế hoạch" in said(site_document(hanoi, "HN-I-7", VI), "check")
    undeclared = said(site_document(hanoi, "HN-I-1", VI), "check")
    assert "Phường Tây Tựu: địa điểm có 598 m" in undeclared
    assert "dọc địa giới với xã Hoài Đức" in undeclared
    blank = said(site_document(hanoi, "HN-II-5", VI), "check")
    assert "để trống" in blank
    assert "phường Hoàng Mai" in blank


def test_a_declared_ward_that_is_not_crossed_is_listed_with_its_distance() -> None:
    made = town(5, "Đường thử")
    sites = made.sites.assign(declared_wards=[["90000", "90004"]])
    line = made.sites.geometry.iloc[0].interpolate(0.0)
    short = from_registers(DAY, "hanoi", made.wards, sites.set_geometry([line.buffer(0.0003)], crs="EPSG:4326"))
    text = said(site_document(short, "HN-II-9", VI), "check")
    assert "Phường Thử Nghiệm 4: kế hoạch ghi, nhưng địa điểm không nằm ở đó" in text
    assert " m." in text


def test_what_is_not_there_is_said(hanoi: Situation) -> None:
    document = site_document(replace(hanoi, assessments=None).with_flags(None), "HN-I-7", VI)
    assert said(document, "history").count("chưa có dữ liệu") == 2
    assert said(document, "reports").count("chưa có dữ liệu") == 2
    assert said(document, "coverage").count("chưa có dữ liệu") == 1
    assert "Không có mã QR" in said(document, "sources")


def test_records_are_listed_with_their_documents(hanoi: Situation) -> None:
    document = site_document(recorded(hanoi), "HN-I-7", VI)
    history = grids(document, "history")[0]
    assert [row[:3] for row in history.rows] == [
        ("01/03/2025", "Có hoạt động", "Biên bản 12/BB"),
        ("02/04/2026", "Ít hoạt động", "Biên bản 34/BB"),
    ]
    assert "15/07/2026" in said(document, "history")
    reports, listed, flags = grids(document, "reports")
    assert reports.rows[-1][0] == "Cộng"
    assert [row[4] for row in listed.rows] == [f"100{NO_BREAK}m", f"200{NO_BREAK}m"]
    assert [row[0] for row in flags.rows] == ["Cảnh báo", "Theo dõi"]


def test_a_site_without_history_still_has_a_dossier(hanoi: Situation) -> None:
    seeded = recorded(hanoi)
    document = site_document(seeded, "HN-II-3", VI)
    assert "Chưa có lần đánh giá nào" in said(document, "history")
    assert "không ghi nhận tin báo nào" in said(document, "reports")


def test_forty_wards_and_a_name_of_two_hundred_letters() -> None:
    document = site_document(town(), "HN-II-9", VI)
    assert len(LONG) == 200
    assert document.subject == f"Kết quả rà soát, bàn giao địa điểm II.9: {LONG}"
    assert len(grids(document, "wards")[0].rows) == 41
    signatures = section(document, "signatures").blocks[-1]
    assert isinstance(signatures, Signatures)
    assert len(signatures.places) == 40


def test_a_point_is_a_site_too() -> None:
    made = town(3, "Nút giao")
    made = from_registers(DAY, "hanoi", made.wards, site_frame(Point(105.7005, 21.005), "Nút giao", []))
    document = site_document(made, "HN-II-9", EN)
    assert "point or junction" in said(document, "site")
    assert len(grids(document, "wards")) == 1


def test_control_characters_and_decomposed_letters_are_repaired() -> None:
    document = site_document(town(2, "Đường\x0b Nguye\u0302\u0303n\x00"), "HN-II-9", VI)
    assert document.extra["name"] == "Đường Nguyễn"


def test_atlas_holds_all_sites_and_every_ward(hanoi: Situation) -> None:
    document = atlas_document(recorded(hanoi), VI)
    assert len(grids(document, "table")[0].rows) == len(hanoi.sites)
    index = grids(document, "index")[0]
    assert len(index.rows) == len(hanoi.crossings)
    changes = grids(document, "changes")[0]
    reviewed = ("15/01/2026", "Có hoạt động", "Ít hoạt động", "02/04/2026", "Biên bản 34/BB")
    assert changes.rows == (("I.7", *changes.rows[0][1:2], *reviewed),)


def test_atlas_of_a_city_without_sites(hue: Situation) -> None:
    document = atlas_document(hue, VI)
    assert "chưa có danh mục địa điểm" in said(document, "table")


def test_minutes_list_the_stretches_of_a_ward(hanoi: Situation) -> None:
    document = minutes_document(hanoi, "00643", VI)
    assert [row[0] for row in grids(document, "sites")[0].rows] == ["I.5", "I.7"]
    assert document.subject.endswith("phường Thanh Liệt")
    assert any(isinstance(block, Fill) for block in section(document, "findings").blocks)


def test_minutes_leave_out_slivers(hanoi: Situation) -> None:
    assert "Không có địa điểm nào" in said(minutes_document(hanoi, "00160", VI), "sites")


def test_unknown_names_are_refused(hanoi: Situation) -> None:
    with pytest.raises(UnknownSiteError, match="HN-I-9"):
        site_document(hanoi, "HN-I-9", VI)
    with pytest.raises(UnknownWardError):
        minutes_document(hanoi, "99999", VI)


def test_the_qr_code_leads_to_the_page_of_the_site(hanoi: Situation) -> None:
    edition = replace(VI, public_url="https://diaban.example")
    document = site_document(hanoi, "HN-I-7", edition)
    assert "https://diaban.example/sites/HN-I-7" in said(document, "sources")


def test_the_ground_of_the_map_is_among_the_sources(hanoi: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "© OpenMapTiles, 08/2021, 05/2025" in said(site_document(hanoi, "HN-I-7", VI), "sources")
    monkeypatch.setenv("DIABAN_TILES_URL", "https://tiles.example/{z}/{x}/{y}.png")
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example")
    text = said(site_document(hanoi, "HN-I-7", VI), "sources")
    assert "© Example" in text
    assert "OpenMapTiles" not in text


def test_english_is_english(hanoi: Situation) -> None:
    text = " ".join(site_document(hanoi, "HN-I-7", EN).texts())
    for word in ("Cộng", "Chiều dài", "chưa có dữ liệu", "Bản nội bộ", "None"):
        assert word not in text
    assert f"3,940{NO_BREAK}m" in text
    assert "Situation of 17 June 2026" in text
    assert view(hanoi, EN).words.number(1234.5, 1) == "1,234.5"


def test_coverage_of_its_wards_separates_missing_from_entered(hanoi: Situation) -> None:
    programme = load_programme("hanoi-2026")
    names = [name for target in programme.targets if target.level == "ward" for name in target.entry_ids][:1]
    entries = pd.DataFrame(
        {"ward_code": ["00664"], "indicator": names, "period": ["2026"], "value": [7.0], "day": [DAY]}
    )
    reported = attainment(programme, entries, hanoi.wards, DAY, "2026", crossings=hanoi.crossings, sites=hanoi.sites)
    document = site_document(hanoi.with_coverage(reported), "HN-I-7", VI)
    rows = {row[0]: row for row in grids(document, "coverage")[0].rows}
    asked, entered, lacking = (int(cell) for cell in rows["Xã Đại Thanh"][2:])
    assert asked > 1
    assert entered == 1
    assert lacking == asked - 1
    assert rows["Xã Thanh Trì"][3] == "0"
    assert "Số liệu của năm 2026" in said(document, "coverage")
    assert "chưa có dữ liệu" not in said(document, "coverage")
