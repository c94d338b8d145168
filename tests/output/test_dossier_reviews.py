"""Right content: reviews by site, sums that add up, days that are no ordinary ones, what a public version leaves out."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from dossier_samples import recorded, site_frame, town

from geo.i18n.formats import NO_BREAK
from geo.i18n.rounding import piece_metres, rounded_parts
from geo.i18n.sorting import order_key
from geo.output.dossier import Edition, dossier
from geo.output.dossier.documents.atlas_document import atlas_document
from geo.output.dossier.documents.blocks import Document, Grid, Paragraph
from geo.output.dossier.documents.minutes_document import minutes_document
from geo.output.dossier.documents.site_document import site_document
from geo.situation import Situation, from_registers

VI = Edition()


def grids(document: Document, key: str) -> list[Grid]:
    section = next(entry for entry in document.all_sections if entry.key == key)
    return [block for block in section.blocks if isinstance(block, Grid)]


def reviewed(situation: Situation) -> Situation:
    """I.1 reviewed after a change of I.4; a review of a ward of Huế after both."""
    levels = [("HN-I-1", "low", date(2026, 1, 10)), ("HN-I-4", "complex", date(2026, 3, 1))]
    assessments = pd.DataFrame(
        [
            {"id": number, "site_id": site, "level": level, "day": day, "document": f"{number}/BB", "office": "ward"}
            for number, (site, level, day) in enumerate(levels, 1)
        ]
    )
    rows = [(date(2026, 4, 1), ("HN-I-1",), ("00001",)), (date(2026, 5, 1), ("HUE-I-1",), ("19753",))]
    reviews = pd.DataFrame(
        [
            {
                "id": number,
                "day": day,
                "sites": sites,
                "wards": wards,
                "conclusion": "quiet",
                "next_day": date(2026, 5, 1),
                "document": "9/BB",
            }
            for number, (day, sites, wards) in enumerate(rows, 1)
        ]
    )
    return replace(situation, assessments=assessments, reviews=reviews)


def test_a_review_of_one_site_hides_no_rise_of_another(hanoi: Situation) -> None:
    changes = grids(atlas_document(reviewed(hanoi), VI), "changes")[0]
    assert [(row[0], row[2]) for row in changes.rows] == [("I.4", "chưa rà soát")]


def test_the_level_with_which_a_site_is_listed_is_no_change(hanoi: Situation) -> None:
    seen = reviewed(hanoi)
    assert seen.assessments is not None
    listed = seen.assessments.assign(level=["active", "active"], day=date(2026, 1, 7), document="07/KH-UBND")
    first = replace(seen, assessments=listed)
    assert grids(atlas_document(first, VI), "changes") == []
    risen = pd.concat([listed, seen.assessments.assign(id=[3, 4])[seen.assessments["site_id"] == "HN-I-4"]])
    [changes] = grids(atlas_document(replace(seen, assessments=risen), VI), "changes")
    assert [row[:1] + row[3:5] for row in changes.rows] == [("I.4", "Có hoạt động", "Phức tạp")]


def test_a_site_of_forty_wards_names_them_once(hanoi: Situation) -> None:
    for edition, word in ((VI, "Phường Thử Nghiệm 17"), (Edition(lang="en"), "Phường Thử Nghiệm 17")):
        document = site_document(town(), "HN-II-9", edition)
        texts = [
            block.text for section in document.all_sections for block in section.blocks if isinstance(block, Paragraph)
        ]
        assert not any(word.lower() in text.lower() for text in texts)
        [check] = [section for section in document.sections if section.key == "check"]
        assert any("39" in block.text and "98" in block.text for block in check.blocks if isinstance(block, Paragraph))
        assert [row[0] for row in grids(document, "wards")[0].rows].count(word) == 1
    three = site_document(hanoi, "HN-I-7", VI)
    assert any("xã Thanh Trì" in text for text in three.texts())


def test_an_overdue_review_is_marked_and_one_that_was_held_is_not(hanoi: Situation) -> None:
    rows = {row[0]: row for row in grids(atlas_document(reviewed(hanoi), VI), "reviews")[0].rows}
    assert rows["I.1"][2:] == ("01/04/2026", "01/05/2026 (quá hạn 47 ngày)")
    assert rows["I.2"][2:] == ("chưa rà soát", "–")
    history = grids(site_document(reviewed(hanoi), "HN-I-1", VI), "history")[-1]
    assert history.rows[0][-1] == "01/05/2026 (quá hạn 47 ngày)"


def test_the_internal_atlas_has_reports_and_flags_and_the_public_says_what_it_leaves_out(hanoi: Situation) -> None:
    inside = atlas_document(recorded(hanoi), VI)
    assert any("DẤU-CỜ" in text for text in inside.texts())
    outside = atlas_document(recorded(hanoi), Edition(audience="public"))
    said = [entry for entry in outside.sections if entry.key == "left-out"]
    assert len(said) == 1
    assert any("tin báo" in text for text in outside.texts())
    assert not any(entry.key == "left-out" for entry in inside.sections)
    paper = site_document(recorded(hanoi), "HN-I-7", Edition(audience="public"))
    assert any(entry.key == "left-out" for entry in paper.sections)


def test_a_day_to_come_and_one_before_the_plan_are_said(hanoi: Situation) -> None:
    ordinary = replace(VI, today=date(2026, 6, 20))
    assert site_document(hanoi, "HN-I-7", ordinary).cautions == ()
    ahead = site_document(hanoi, "HN-I-7", replace(VI, today=date(2026, 6, 1))).cautions
    assert ahead == ("Ngày 17/06/2026 chưa đến: báo cáo lập theo số liệu đã ghi nhận đến ngày 01/06/2026.",)
    early = minutes_document(replace(hanoi, day=date(2025, 12, 31)), "00643", VI).cautions
    assert "trước khi có Kế hoạch 07/KH-UBND" in early[0]


def test_what_is_printed_adds_up(hanoi: Situation) -> None:
    for site_id in hanoi.sites["site_id"]:
        document = site_document(hanoi, str(site_id), VI)
        [wards] = grids(document, "wards")
        if len(wards.rows) < 2:
            continue
        metres = [int(row[1].replace(".", "").split(NO_BREAK)[0]) for row in wards.rows if "<" not in row[1]]
        assert sum(metres[:-1]) == metres[-1], site_id
        shares = [float(row[2].replace(",", ".").split(NO_BREAK)[0]) for row in wards.rows if "<" not in row[2]]
        assert sum(shares[:-1]) == pytest.approx(shares[-1], abs=0.101 if "<" in str(wards.rows) else 0.001), site_id
        [pieces] = grids(document, "chainage")
        by_ward: dict[str, int] = {}
        for row in pieces.rows:
            by_ward[row[4]] = by_ward.get(row[4], 0) + int(row[3].replace(".", "").split(NO_BREAK)[0])
        named = {row[0]: row[1] for row in wards.rows[:-1] if "<" not in row[1]}
        assert {name: f"{length:,} m".replace(",", ".") for name, length in by_ward.items() if name in named} == {
            name: text.replace(NO_BREAK, " ") for name, text in named.items() if name in by_ward
        }


def test_the_legend_of_a_map_has_the_shares_of_the_paper(hanoi: Situation) -> None:
    from geo.output.maps import site_drawing

    said = [entry.label for group in site_drawing(hanoi, "HN-I-7").legend for entry in group.entries]
    shares = [text.rsplit(", ", 1)[1].replace(NO_BREAK, " ") for text in said if "%" in text]
    assert sorted(shares) == ["1,3 %", "24,4 %", "74,3 %"]


def test_largest_remainders() -> None:
    assert rounded_parts([33.33, 33.33, 33.34], 1) == (33.3, 33.3, 33.4)
    assert sum(rounded_parts([0.05] * 20, 1)) == pytest.approx(1.0)
    assert rounded_parts([]) == ()
    assert sum(piece_metres([(0, 10.4, "a"), (10.4, 20.6, "b"), (20.6, 31.5, "c")]).values()) == 32


def test_names_stand_as_vietnamese_sorts_them(hanoi: Situation) -> None:
    index = grids(atlas_document(hanoi, VI), "index")[0]
    names = list(dict.fromkeys(row[0].split(maxsplit=1)[1] for row in index.rows))
    assert names == sorted(names, key=order_key)
    assert sorted(["Đống Đa", "Dương Nội", "Định Công"], key=order_key) == ["Dương Nội", "Định Công", "Đống Đa"]


def test_a_sign_that_no_face_holds_is_replaced_and_named(tmp_path: Path) -> None:
    made = town(2, "Đường thử")
    site = site_frame(made.sites.geometry.iloc[0], "Đường thử", ["90000"])
    emoji = site.assign(document="Kế hoạch \U0001f9e8 07 \u4e2d")
    wards = made.wards.assign(name="Thử \U0001f9e8", full_name="Phường Thử \U0001f9e8")
    data = dossier(from_registers(made.day, "hanoi", wards, emoji), "HN-II-9", ["pdf"], VI)["pdf"]
    (tmp_path / "a.pdf").write_bytes(data)
    shown = subprocess.run(["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True)
    text = shown.stdout.decode("utf-8")
    assert "được thay bằng □: U+4E2D, U+1F9E8" in " ".join(text.split())
    assert "Kế hoạch □ 07 □" in text


def test_an_address_is_a_link_and_copied_as_it_is(hanoi: Situation, tmp_path: Path) -> None:
    address = "https://ban-do.rat-dai.so-y-te.hanoi.example/mot/duong/dan/rat/dai"
    edition = Edition(public_url=address)
    files = dossier(hanoi, "HN-II-5", ["pdf", "docx"], edition)
    (tmp_path / "a.pdf").write_bytes(files["pdf"])
    shown = subprocess.run(["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True)
    text = shown.stdout.decode("utf-8")
    assert "\u200b" not in text
    assert f"{address}/sites/HN-II-5" in text.replace("\n", "")
    import pikepdf

    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        links = [str(mark.A.URI) for page in pdf.pages for mark in page.get("/Annots", []) if "/A" in mark]  # type: ignore[operator]
    assert f"{address}/sites/HN-II-5" in links


def test_a_word_file_has_no_traces_of_its_making(hanoi: Situation) -> None:
    import zipfile

    data = dossier(hanoi, "HN-II-5", ["docx"], VI)["docx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        whole = "".join(
            archive.read(name).decode("utf-8", "replace")
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        )
        assert 'w:lang w:val="vi-VN"' in archive.read("word/styles.xml").decode()
    assert "DIABAN_" not in whole
    assert "\u200b" not in whole
    assert "{{" not in whole


def test_the_map_of_a_dossier_is_vectors_and_its_letters_are_text(hanoi: Situation, tmp_path: Path) -> None:
    import pikepdf

    data = dossier(hanoi, "HN-I-7", ["pdf"], VI)["pdf"]
    (tmp_path / "a.pdf").write_bytes(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not [name for page in pdf.pages for name in page.get_images()]
    shown = subprocess.run(["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True)
    text = "".join(shown.stdout.decode("utf-8").replace(NO_BREAK, "").split())
    # A badge, the legend, the name of a river of the base (turned, with a halo), the number of the scale.
    for name in ("ĐạiThanh:2.928m", "XãĐạiThanh:2.928m", "PhườngThanhLiệt:963m", "SôngNhuệ", "Tỷlệ1:30.000"):
        assert name in text, name


def test_the_texts_of_a_map_are_texts(hanoi: Situation, tmp_path: Path) -> None:
    from geo.output.maps import files, site_drawing

    drawing = site_drawing(hanoi, "HN-I-7")
    (tmp_path / "a.pdf").write_bytes(files.pdf(drawing, "A4"))
    shown = subprocess.run(["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True)
    svg = files.svg(drawing, "A4").decode("utf-8")
    for name in ("Đại Thanh", "Thanh Liệt"):
        assert name in shown.stdout.decode("utf-8")
        assert name in svg
    # What a map prints is what the paper prints.
    assert f"2.928{NO_BREAK}m" in svg or "2.928 m" in svg.replace(NO_BREAK, " ")
