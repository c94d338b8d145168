"""An office changes templates and words; a broken template is reported with its file and line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from geo.errors import DataFileMissingError, InputError
from geo.output.dossier import Edition, dossier
from geo.output.dossier.edition import SHIPPED
from geo.output.dossier.starter import starter
from geo.situation import Situation


def made(situation: Situation, kind: str, folder: Path) -> bytes:
    return dossier(situation, "HN-II-5", [kind], Edition(templates=folder))[kind]


def test_words_of_an_office_go_before_the_shipped_ones(hanoi: Situation, tmp_path: Path) -> None:
    (tmp_path / "vi.toml").write_text('notice_internal = "LƯU HÀNH NỘI BỘ"\n', "utf-8")
    page = made(hanoi, "html", tmp_path).decode("utf-8")
    assert "LƯU HÀNH NỘI BỘ" in page
    assert "Bản nội bộ" not in page


def test_a_broken_catalogue_is_reported_with_its_line(hanoi: Situation, tmp_path: Path) -> None:
    (tmp_path / "vi.toml").write_text('office = "A"\nparent = \n', "utf-8")
    with pytest.raises(InputError, match=r"vi\.toml.*line 2"):
        made(hanoi, "html", tmp_path)
    (tmp_path / "vi.toml").write_text("office = 3\nparent = 4\n", "utf-8")
    with pytest.raises(InputError) as caught:
        made(hanoi, "html", tmp_path)
    assert len(caught.value.problems) == 2


def test_a_broken_typst_template_is_reported_with_its_line(hanoi: Situation, tmp_path: Path) -> None:
    text = (SHIPPED / "paper.typ").read_text("utf-8")
    (tmp_path / "dossier.typ").write_text(text + "\n#nothing-of-this-name\n", "utf-8")
    line = text.count("\n") + 2
    with pytest.raises(InputError, match="nothing-of-this-name") as caught:
        made(hanoi, "pdf", tmp_path)
    assert caught.value.problems[0].where.startswith(f"{tmp_path / 'dossier.typ'}:{line}:")


def test_a_fault_in_the_shared_part_names_that_file(hanoi: Situation, tmp_path: Path) -> None:
    (tmp_path / "blocks.typ").write_text("#let setup(body) = {\n  body +\n}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        made(hanoi, "pdf", tmp_path)
    assert str(tmp_path / "blocks.typ") in caught.value.problems[0].where


def test_a_broken_page_template_is_reported_with_its_line(hanoi: Situation, tmp_path: Path) -> None:
    for fault in ("{% if %}", "{{ data.nothing.here }}"):
        (tmp_path / "dossier.html").write_text(f"<p>\n\n{fault}", "utf-8")
        with pytest.raises(InputError) as caught:
            made(hanoi, "html", tmp_path)
        assert caught.value.problems[0].where == f"{tmp_path / 'dossier.html'}:3"


def test_a_word_template_has_its_own_text_and_order(hanoi: Situation, tmp_path: Path) -> None:
    lines = ("Phụ lục của {{name}}", "{{section:wards}}", "{{section:site}}")
    (tmp_path / "dossier.docx").write_bytes(starter(lines))
    paper = docx.Document(io.BytesIO(made(hanoi, "docx", tmp_path)))
    texts = [paragraph.text for paragraph in paper.paragraphs if paragraph.text.strip()]
    assert texts[0].startswith("Phụ lục của Đường Giải phóng")
    headings = [p.text for p in paper.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert [text.split(". ")[1] for text in headings] == [
        "Xã, phường chịu trách nhiệm từng đoạn",
        "Thông tin về địa điểm",
    ]


def test_a_word_template_with_a_wrong_placeholder_is_reported_with_its_paragraph(
    hanoi: Situation, tmp_path: Path
) -> None:
    (tmp_path / "dossier.docx").write_bytes(starter(("{{title}}", "{{tilte}}", "xin {{chào}}")))
    with pytest.raises(InputError) as caught:
        made(hanoi, "docx", tmp_path)
    assert [problem.where.rsplit(", ")[-1] for problem in caught.value.problems] == ["paragraph 2", "paragraph 3"]


def test_what_is_no_word_document_is_refused(hanoi: Situation, tmp_path: Path) -> None:
    (tmp_path / "dossier.docx").write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a Word document"):
        made(hanoi, "docx", tmp_path)


def test_a_placeholder_torn_by_word_is_found(hanoi: Situation, tmp_path: Path) -> None:
    paper = docx.Document(io.BytesIO(starter(("",))))
    paragraph = paper.paragraphs[0]
    for part in ("Điểm {{nu", "mber", "}} ngày"):
        paragraph.add_run(part)
    paper.save(str(tmp_path / "dossier.docx"))
    texts = [p.text for p in docx.Document(io.BytesIO(made(hanoi, "docx", tmp_path))).paragraphs]
    assert "Điểm II.5 ngày" in texts


def test_the_shipped_word_template_is_what_the_starter_makes() -> None:
    with zipfile.ZipFile(SHIPPED / "paper.docx") as shipped, zipfile.ZipFile(io.BytesIO(starter())) as fresh:
        for part in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
            assert shipped.read(part) == fresh.read(part)


def test_settings_that_lead_nowhere_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIABAN_TEMPLATES", str(tmp_path / "none"))
    with pytest.raises(InputError, match="DIABAN_TEMPLATES"):
        Edition().with_environment()
    monkeypatch.setenv("DIABAN_TEMPLATES", str(tmp_path))
    monkeypatch.setenv("DIABAN_PUBLIC_URL", "diaban")
    with pytest.raises(InputError, match="DIABAN_PUBLIC_URL"):
        Edition().with_environment()
    monkeypatch.setenv("DIABAN_PUBLIC_URL", "https://diaban.example/")
    assert Edition().with_environment() == Edition(public_url="https://diaban.example", templates=tmp_path)
    with pytest.raises(DataFileMissingError):
        Edition().template("nothing.typ")
