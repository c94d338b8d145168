"""The same content in every format, every letter of it, the same bytes each time; read by what offices read it with."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import subprocess
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import openpyxl
import pyogrio
import pytest
from dossier_samples import EVIL, LONG, recorded, town
from PIL import Image

from geo.errors import InputError
from geo.output.dossier import FORMATS, Edition, atlas, dossier, minutes
from geo.output.dossier.documents.blocks import Document, Grid
from geo.output.dossier.documents.site_document import site_document
from geo.output.dossier.writers.fonts import LETTERS, SHIPPED, family
from geo.output.shared.theme import theme
from geo.situation import Situation

PAGED = Edition(public_url="https://diaban.example")


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} on this machine")
    return found


def run(*command: str, **environment: str) -> str:
    import os

    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **environment}, timeout=900)
    return done.stdout.decode("utf-8")


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b]+", "", unicodedata.normalize("NFC", text))


@pytest.fixture(scope="module")
def samples(hanoi: Situation) -> dict[str, tuple[Document, dict[str, bytes]]]:
    """Three wards with records; one ward; forty wards under a name that is all markup."""
    made = {}
    for situation, site_id in ((recorded(hanoi), "HN-I-7"), (hanoi, "HN-II-5"), (town(), "HN-II-9")):
        made[site_id] = (site_document(situation, site_id, PAGED), dossier(situation, site_id, FORMATS, PAGED))
    return made


def each(samples: dict[str, tuple[Document, dict[str, bytes]]], kind: str) -> Iterator[tuple[Document, bytes]]:
    for document, files in samples.values():
        yield document, files[kind]


def pages_of(data: bytes, folder: Path, name: str = "a.pdf") -> list[str]:
    path = folder / name
    path.write_bytes(data)
    text = run(program("pdftotext"), "-raw", "-enc", "UTF-8", str(path), "-")
    return text.removesuffix("\f").split("\f")


def content_of(pages: list[str], document: Document) -> str:
    """The text of the pages, without page numbers on top and without the foot; appendices have a count of their own."""
    foot = squeezed(f"{document.notice} · {document.footer}")
    bare, number = [], 0
    begins = tuple(squeezed(entry.label + entry.title) for entry in document.appendices)
    for page in pages:
        text = squeezed(page)
        assert text.count(foot) == 1
        number = 1 if text.startswith(begins) else number + 1
        bare.append(text.replace(foot, "").removeprefix(str(number) if number > 1 else ""))
    return "".join(bare)


def without_repeated_heads(found: str, went_in: str, document: Document) -> str:
    """A table that goes on to another page says its head again: only that may be there more often than it went in."""
    for section in document.all_sections:
        for block in section.blocks:
            if isinstance(block, Grid):
                head = squeezed("".join(block.head))
                found = found.replace(head, "", found.count(head) - went_in.count(head))
    return found


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if ord(letter) > 127 and letter.isalpha())


def test_pdf_holds_every_letter_that_went_in(
    samples: dict[str, tuple[Document, dict[str, bytes]]], tmp_path: Path
) -> None:
    for document, data in each(samples, "pdf"):
        pages = pages_of(data, tmp_path)
        found = content_of(pages, document)
        for text in document.texts():
            assert squeezed(text) in found
        # The map has names of its own: every other page has the letters of the document and no more.
        rest = replace(document, appendices=tuple(part for part in document.appendices if part.key != "map"))
        begins = tuple(squeezed(part.label + part.title) for part in document.appendices if part.key == "map")
        found = content_of([page for page in pages if not squeezed(page).startswith(begins)], document)
        went_in = squeezed("".join(rest.texts()))
        assert letters(without_repeated_heads(found, went_in, document)) == letters(went_in)


def test_pdf_is_tagged_has_bookmarks_and_its_fonts_inside(
    samples: dict[str, tuple[Document, dict[str, bytes]]], tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    files = samples["HN-I-7"][1]
    path.write_bytes(files["pdf"])
    facts = run(program("pdfinfo"), str(path))
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"Page size:.*A4", facts)
    assert "17 00:00:00 2026" in facts
    fonts = run(program("pdffonts"), str(path)).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    assert b"/Outlines" in files["pdf"]
    assert b"pdfuaid:part" in files["pdf"]
    assert b"pdfaid:part" in files["pdf"]


def test_pdf_counts_its_pages_from_the_second(
    samples: dict[str, tuple[Document, dict[str, bytes]]], tmp_path: Path
) -> None:
    pages = pages_of(samples["HN-I-7"][1]["pdf"], tmp_path)
    body = [page for page in pages if not page.lstrip().startswith("Phụ lục")]
    assert not pages[0].lstrip().startswith("1")
    assert all(page.lstrip().startswith(f"{number}\n") for number, page in enumerate(body[1:], 2))
    assert len(pages) - len(body) == len(samples["HN-I-7"][0].appendices)


def test_same_situation_same_bytes(hanoi: Situation, samples: dict[str, tuple[Document, dict[str, bytes]]]) -> None:
    # In another order, so that no file can depend on what was made before it.
    again = dossier(recorded(hanoi), "HN-I-7", FORMATS[::-1], PAGED)
    assert [kind for kind in FORMATS if again[kind] != samples["HN-I-7"][1][kind]] == []


def test_the_family_is_whole_and_as_wide_as_times_new_roman() -> None:
    assert family() in ("Times New Roman", "Liberation Serif")
    assert len(LETTERS) > 130


def test_docx_holds_the_same_in_real_tables_and_styles(samples: dict[str, tuple[Document, dict[str, bytes]]]) -> None:
    for document, data in each(samples, "docx"):
        paper = docx.Document(io.BytesIO(data))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        found = squeezed("".join([*(paragraph.text for paragraph in paper.paragraphs), *cells]))
        for text in document.texts():
            assert squeezed(text) in found
        assert "{{section" not in found
        headings = [p for p in paper.paragraphs if p.style is not None and p.style.name == "Heading 1"]
        assert len(headings) == len([entry for entry in document.sections if entry.heading])
        page = paper.sections[0]
        assert [round(side.mm) for side in (page.top_margin, page.bottom_margin) if side] == [20, 20]
        assert [round(side.mm) for side in (page.left_margin, page.right_margin) if side] == [30, 15]


def test_docx_has_the_same_pages_in_libreoffice(
    samples: dict[str, tuple[Document, dict[str, bytes]]], hanoi: Situation, tmp_path: Path
) -> None:
    office = program("soffice")
    files = {"three": samples["HN-I-7"][1]["docx"], "one": samples["HN-II-5"][1]["docx"]}
    files |= {"forty": samples["HN-II-9"][1]["docx"], "minutes": minutes(hanoi, "00643", PAGED)}
    home = tmp_path / "home"
    (home / ".fonts").mkdir(parents=True)
    for path in SHIPPED.glob("*.ttf"):
        shutil.copy(path, home / ".fonts")
    shown, again = tmp_path / "shown", tmp_path / "again"
    for name, data in files.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    command = (office, "--headless", "--convert-to")
    papers = [str(tmp_path / f"{name}.docx") for name in files]
    run(*command, "docx", "--outdir", str(again), *papers, HOME=str(home))
    # Both as PDF in one start of the program, which takes longer than a paper.
    papers += [str((again / f"{name}.docx").rename(again / f"{name}-again.docx")) for name in files]
    run(*command, "pdf", "--outdir", str(shown), *papers, HOME=str(home))
    for name in files:
        counts = [page_count((shown / f"{each}.pdf").read_bytes(), tmp_path) for each in (name, f"{name}-again")]
        assert counts[0] == counts[1], name
    for name, site_id in (("three", "HN-I-7"), ("one", "HN-II-5")):
        set_by_typst = page_count(samples[site_id][1]["pdf"], tmp_path)
        assert abs(page_count((shown / f"{name}.pdf").read_bytes(), tmp_path) - set_by_typst) <= 1


def page_count(data: bytes, folder: Path) -> int:
    (folder / "count.pdf").write_bytes(data)
    found = re.search(r"Pages:\s+(\d+)", run(program("pdfinfo"), str(folder / "count.pdf")))
    assert found
    return int(found.group(1))


def test_html_needs_nothing_else_and_escapes(samples: dict[str, tuple[Document, dict[str, bytes]]]) -> None:
    for document, data in each(samples, "html"):
        page = data.decode("utf-8")
        assert not re.search(r'src="(?!data:)', page)
        assert set(re.findall(r'href="([^"]*)"', page)) <= {text for text in document.texts() if "://" in text}
        import html as plain_html

        text = squeezed(plain_html.unescape(re.sub(r"<[^>]*>", "", page)))
        for entry in document.texts():
            assert squeezed(entry) in text
    assert "<b>&amp;" not in samples["HN-II-9"][1]["html"].decode("utf-8")


def test_png_is_a_picture_as_wide_as_the_text(samples: dict[str, tuple[Document, dict[str, bytes]]]) -> None:
    for _, data in each(samples, "png"):
        with Image.open(io.BytesIO(data)) as picture:
            assert abs(picture.width / 200 * 25.4 - 165) < 0.5
            assert len(picture.convert("RGB").resize((60, 60)).getcolors(3600) or ()) > 10


def test_gpkg_is_read_with_its_styles(
    samples: dict[str, tuple[Document, dict[str, bytes]]], hanoi: Situation, tmp_path: Path
) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(samples["HN-I-7"][1]["gpkg"])
    layers = {name for name, _ in pyogrio.list_layers(path)}
    assert {"sites", "stretches", "wards"} <= layers
    stretches = pyogrio.read_dataframe(path, layer="stretches")
    assert stretches.crs.to_epsg() == 4326
    assert stretches["length_m"].dtype.kind == "f"
    own = hanoi.crossings[hanoi.crossings["site_id"] == "HN-I-7"]
    assert stretches["length_m"].sum() == pytest.approx(own["length_m"].sum(), abs=0.01)
    assert list(pyogrio.read_dataframe(path, layer="wards")["full_name"])
    with sqlite3.connect(path) as base:
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    base.close()
    assert set(styles) == {"sites", "stretches", "wards"}
    for qml in styles.values():
        tree = ElementTree.fromstring(qml)
        symbols = tree.findall("./renderer-v2/symbols/symbol")
        assert len(symbols) == len(tree.findall("./renderer-v2/categories/category")) > 0
    first = theme().stretches[0].colour
    rgb = ",".join(str(int(first[at : at + 2], 16)) for at in (1, 3, 5))
    assert f'value="{rgb},255"' in styles["stretches"]


def test_kml_is_read_and_has_the_colours_of_the_map(
    samples: dict[str, tuple[Document, dict[str, bytes]]], tmp_path: Path
) -> None:
    for number, (_, data) in enumerate(each(samples, "kml")):
        path = tmp_path / f"{number}.kml"
        path.write_bytes(data)
        tree = ElementTree.parse(path).getroot()
        names = {"k": "http://www.opengis.net/kml/2.2"}
        known = {style.get("id") for style in tree.iterfind(".//k:Style", names)}
        used = {(entry.text or "").lstrip("#") for entry in tree.iterfind(".//k:styleUrl", names)}
        assert used <= known
        for layer, _ in pyogrio.list_layers(path):
            assert len(pyogrio.read_dataframe(path, layer=layer)) > 0
    assert b"<color>ff005ed5</color>" in samples["HN-I-7"][1]["kml"]


def test_xlsx_has_numbers_dates_and_no_formula(samples: dict[str, tuple[Document, dict[str, bytes]]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(samples["HN-I-7"][1]["xlsx"]))
    wards = next(sheet for sheet in book.worksheets if sheet.title == "Xã, phường")
    *rows, _ = wards.iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == ["00640", "00664", "00643"]
    assert sum(float(str(row[2])) for row in rows) == pytest.approx(3939.93, abs=0.01)
    assert all(isinstance(row[3], float) and 0 < row[3] < 1 for row in rows)
    history = next(sheet for sheet in book.worksheets if sheet.title.startswith("Quá trình"))
    assert history["A2"].is_date
    evil = openpyxl.load_workbook(io.BytesIO(samples["HN-II-9"][1]["xlsx"]))
    kinds = {cell.data_type for sheet in evil.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert LONG in {cell.value for row in evil.worksheets[0].iter_rows() for cell in row}


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    data = dossier(town(2, '=HYPERLINK("http://x","y")'), "HN-II-9", ["xlsx"], PAGED)["xlsx"]
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")] == ["s"]


def test_names_of_pure_markup_go_through_every_format(
    samples: dict[str, tuple[Document, dict[str, bytes]]],
) -> None:
    files = samples["HN-II-9"][1]
    assert set(files) == set(FORMATS)
    paper = docx.Document(io.BytesIO(files["docx"]))
    assert any(EVIL.strip() in paragraph.text for paragraph in paper.paragraphs)


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_atlas_is_one_pdf_with_all_sites(paper: str, hanoi: Situation, tmp_path: Path) -> None:
    edition = replace(PAGED, paper="a3" if paper == "a3" else "a4")
    few = replace(hanoi, sites=hanoi.sites.iloc[5:7].reset_index(drop=True))
    few = replace(few, crossings=few.crossings[few.crossings["site_id"].isin(few.sites["site_id"])])
    data = atlas(few, edition)
    text = squeezed("".join(pages_of(data, tmp_path)))
    for name in few.sites["name"]:
        assert squeezed(name) in text
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", run(program("pdfinfo"), str(tmp_path / "a.pdf")))
    assert size
    width, height = (float(side) / 72 * 25.4 for side in size.groups())
    assert (round(width), round(height)) == ((420, 297) if paper == "a3" else (210, 297))
    if paper == "a3":  # that the same gives the same does not depend on the sheet
        assert data == atlas(few, edition)


def test_minutes_are_reproducible_and_named(hanoi: Situation) -> None:
    data = minutes(hanoi, "00643", PAGED)
    assert data == minutes(hanoi, "00643", PAGED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_unknown_formats_are_named_all_at_once(hanoi: Situation) -> None:
    with pytest.raises(InputError) as caught:
        dossier(hanoi, "HN-I-7", ["pdf", "rtf", "tex"], PAGED)
    assert len(caught.value.problems) == 2
