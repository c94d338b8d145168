"""Every document complies with the checklist of Nghị định 30/2020/NĐ-CP: as PDF, and as Writer shows the DOCX and ODT."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from decree_measures import CHECKS, faults
from dossier_samples import recorded, town

from geo.errors import InputError, UnknownNameError
from geo.output.decree import TYPES, city_office, ward_office
from geo.output.decree.types import REPORT, number_line
from geo.output.dossier import Edition
from geo.output.dossier.documents.atlas_document import atlas_of
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.documents.minutes_document import minutes_document
from geo.output.dossier.formats import SiteFiles, qr_png
from geo.output.dossier.pictures import MapPicture, overview_picture, site_picture
from geo.output.dossier.view import view
from geo.output.dossier.writers.docx import docx
from geo.output.dossier.writers.fonts import SHIPPED
from geo.output.dossier.writers.odt import odt
from geo.output.dossier.writers.pdf import pdf
from geo.output.reports.document import report_document
from geo.situation import Situation

VI, EN = Edition(public_url="https://diaban.example"), Edition(lang="en", public_url="https://diaban.example")
QR = {"qr": qr_png("https://diaban.example/sites/HN-I-7")}
Made = tuple[Document, dict[str, MapPicture], Edition]


def dossier_of(situation: Situation, site_id: str, edition: Edition) -> Made:
    made = SiteFiles(view(situation, edition).site(site_id))
    return made.document, {"map": made.map}, edition


def pdf_of(made: Made) -> bytes:
    document, maps, edition = made
    return pdf(document, {name: picture.svg for name, picture in maps.items()} | QR, edition)


def atlas_sample(situation: Situation) -> Made:
    few = replace(situation, sites=situation.sites.iloc[5:7].reset_index(drop=True))
    few = replace(few, crossings=few.crossings[few.crossings["site_id"].isin(few.sites["site_id"])])
    seen = view(few, VI)
    return (
        atlas_of(seen),
        {f"map-{site.id}": site_picture(site) for site in seen.sites} | {"overview": overview_picture(seen)},
        VI,
    )


@pytest.fixture(scope="module")
def made(hanoi: Situation) -> dict[str, Made]:
    """One of each kind of document, and those that put the form to the test."""
    from test_reports import example

    return {
        "three": dossier_of(recorded(hanoi), "HN-I-7", VI),
        "one": dossier_of(hanoi, "HN-II-5", VI),
        "english": dossier_of(hanoi, "HN-II-5", EN),
        "forty": dossier_of(town(), "HN-II-9", VI),
        "minutes": (minutes_document(hanoi, "00643", VI), {}, VI),
        "atlas": atlas_sample(recorded(hanoi)),
        "report": (report_document(example("hanoi"), edition=VI), {}, VI),
        "report-hue": (report_document(example("hue"), edition=VI), {}, VI),
    }


@pytest.fixture(scope="module")
def shown(made: dict[str, Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the PDFs that LibreOffice Writer makes of every DOCX and ODT, in one start of the program."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("writer")
    fonts = folder / "home" / ".fonts"
    fonts.mkdir(parents=True)
    for path in SHIPPED.glob("*.ttf"):
        shutil.copy(path, fonts)
    files = []
    for name, parts in made.items():
        for ending, write in (("docx", docx), ("odt", odt)):
            file = folder / f"{name}-{ending}.{ending}"
            document, maps, edition = parts
            file.write_bytes(write(document, {key: each.png for key, each in maps.items()} | QR, edition))
            files.append(str(file))
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    environment = {**os.environ, "HOME": str(folder / "home")}
    subprocess.run(command, check=True, capture_output=True, timeout=900, env=environment)
    return folder


SAMPLES = ("three", "one", "english", "forty", "minutes", "atlas", "report", "report-hue")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_pdf_complies(made: dict[str, Made], name: str) -> None:
    assert faults(pdf_of(made[name]), made[name][0]) == {}


@pytest.mark.parametrize("ending", ["docx", "odt"])
@pytest.mark.parametrize("name", SAMPLES)
def test_what_writer_shows_complies(made: dict[str, Made], shown: Path, name: str, ending: str) -> None:
    assert faults((shown / f"{name}-{ending}.pdf").read_bytes(), made[name][0]) == {}


def test_what_does_not_comply_is_found(made: dict[str, Made]) -> None:
    """The measures see what they are for: the same PDF against a document that says otherwise."""
    document, *_ = made["one"]
    data = pdf_of(made["one"])
    assert "styles" in faults(data, replace(document, title=document.subject, subject=document.title))
    assert set(CHECKS) >= {"rules", "end", "appendices"}


def test_there_are_29_types_and_a_dossier_is_none() -> None:
    assert len({kind.name for kind in TYPES}) == 29
    assert not [kind for kind in TYPES if kind.name.lower() in ("hồ sơ", "tập bản đồ")]
    assert number_line(REPORT, "SYT", 5) == "Số: 05/BC-SYT"


def test_what_signs_is_what_stands_in_the_head(made: dict[str, Made]) -> None:
    for name in ("three", "atlas", "report"):
        document = made[name][0]
        assert document.title == "BÁO CÁO"
        assert "/BC-SYT" in document.header.number
        assert document.header.office == "SỞ Y TẾ"
        assert document.closing is not None
        assert document.closing.right.lines == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
        assert document.addressed
        assert document.grounds[-1].endswith(".")


def test_minutes_have_chair_and_secretary_as_the_sample(made: dict[str, Made]) -> None:
    document = made["minutes"][0]
    texts = " ".join(document.texts())
    order = [
        "Thời gian bắt đầu",
        "Địa điểm",
        "Thành phần tham dự",
        "Chủ trì",
        "Thư ký",
        "Cuộc họp kết thúc vào",
        "Nơi nhận",
    ]
    places = [texts.index(word) for word in order]
    assert places == sorted(places)
    assert document.closing is not None
    assert document.closing.left is not None
    assert document.closing.left.lines == ("THƯ KÝ",)
    assert document.closing.right.lines == ("CHỦ TỌA",)
    assert document.header.number.endswith("/BB-UBND")


def test_an_office_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.settings import data_dir

    text = (data_dir() / "offices.toml").read_text("utf-8").replace('"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"', '"GIÁM ĐỐC"')
    (tmp_path / "offices.toml").write_text(text, "utf-8")
    assert city_office("hanoi", "vi", tmp_path / "offices.toml").signing == ("GIÁM ĐỐC",)
    monkeypatch.setenv("DIABAN_ISSUER", "none")
    with pytest.raises(UnknownNameError, match="hanoi-health"):
        city_office("hanoi", "vi")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("KT. GIÁM ĐỐC", "T/M GIÁM ĐỐC", "T/M"),
        ('symbol = "SYT"\n', "", "symbol"),
        ('unit = "CCDS"\n', 'unit = "CCDS"\nsigner = "A"\n', "signer"),
    ],
)
def test_a_wrong_office_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    from geo.settings import data_dir

    text = (data_dir() / "offices.toml").read_text("utf-8").replace(old, new)
    (tmp_path / "offices.toml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        city_office("hanoi", "vi", tmp_path / "offices.toml")


def test_a_ward_signs_as_a_committee() -> None:
    above = replace(city_office("hanoi", "vi"), spoken="Sở Xây dựng")
    ward = {"code": "00643", "ward": "phường Thanh Liệt", "name": "Thanh Liệt"}
    office = ward_office(ward, "Hà Nội", above, "vi")
    assert office.addressed == ("Sở Xây dựng thành phố Hà Nội",)
    assert office.recipients[0] == "Sở Xây dựng thành phố Hà Nội"
    assert office.name == "ỦY BAN NHÂN DÂN\nPHƯỜNG THANH LIỆT"
    assert office.parent == "THÀNH PHỐ HÀ NỘI"
    assert office.signing[0].startswith("TM. ")
