"""Three made-up programmes, each from its file to the dossier; and no word of any programme in code."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest
from made_up_city import write_layers
from thorough import some
from typer.testing import CliRunner

from geo.cli.app import application, application_for
from geo.records.model.vocabulary import vocabulary, vocabulary_of
from geo.reference.names import plain
from geo.reference.programme.terms import TERM_TYPES
from geo.reference.programmes import Programme, load_programme, read_programme

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data" / "programmes" / "examples"
SITES = {"drug-free-2026": "DANA-A-1", "street-markets-2026": "DANA-C-1", "flood-points-2026": "DANA-D-1"}
COMMON = {"Ngoài chương trình", "Not covered", "Other", "Khác", "Press and media"}


def run(*words: str) -> str:
    result = CliRunner().invoke(application_for(words), words)
    assert result.exit_code == 0, f"{words}\n{result.output}"
    return result.output


@pytest.fixture(params=some(sorted(SITES)))
def example(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """A city with the programme and the list of an example, and two reports."""
    write_layers(tmp_path / "layers", "danang")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.setenv("DIABAN_CITY", "danang")
    monkeypatch.setenv("DIABAN_OFFICE", "UBND phường")
    file = EXAMPLES / f"{request.param}.toml"
    assert file.stem in run("programme", "check", str(file))
    ground = ("--layers", "layers", "--programme", str(file), "--sites", str(file.with_suffix(".geojson")))
    run("city", "add", "danang", "--province", "48", *ground)
    programme = load_programme("danang")
    assert (programme.id, programme.city) == (request.param, "danang")
    return programme


def shown_words(programme: Programme, lang: str) -> set[str]:
    """What a programme calls its levels, groups, phases, kinds and channels, and its list."""
    offered = vocabulary_of(programme)
    words = {getattr(term, lang) for group in TERM_TYPES for term in offered.terms(group)}
    named = (programme.words.problem, programme.words.site, programme.words.sites)
    return (words | {getattr(label, lang) for label in named if label}) - COMMON


def others(programme: Programme, lang: str) -> set[str]:
    """The words of the two plans and of the other examples, as far as the programme has them not itself."""
    files = (*EXAMPLES.glob("*.toml"), ROOT / "data/programmes/hanoi-2026.toml")
    found = {word for file in files if file.stem != programme.id for word in shown_words(read_programme(file), lang)}
    found |= {"Sở Y tế", "tái hoạt động", "mức độ phức tạp", "Department of Health", "Reactivation"}
    found |= {"chương trình hỗ trợ", "support programme"}
    return found - shown_words(programme, lang) - {"Complex", "Active"}


def said(text: str, words: set[str]) -> set[str]:
    """Those of the words that stand in a text as words, in whichever case."""
    plain = html.unescape(text).casefold()
    return {word for word in words if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", plain)}


def text_of(file: Path) -> str:
    """What a reader of a file sees of words."""
    if file.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(file) as packed:
            return " ".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))
    if file.suffix == ".gpkg":
        with sqlite3.connect(file) as base:
            return " ".join(row[0] for row in base.execute("SELECT styleQML FROM layer_styles"))
    if file.suffix == ".pdf":
        return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"data:[^\"']*|<(script|style)(?![^>]*json).*?</\1>", "", file.read_text("utf-8"), flags=re.DOTALL)


def test_an_example_goes_from_its_file_to_the_dossier(example: Programme) -> None:
    for lang in ("vi", "en"):
        goes_to_the_dossier(example, lang)


def goes_to_the_dossier(example: Programme, lang: str) -> None:
    site, terms = SITES[example.id], example.terms
    level, kind, channel = terms.level[0], terms.kind[0], terms.channel[0]
    for day in ("2026-05-01", "2026-05-20"):
        what = ("--kind", getattr(kind, lang), "--channel", getattr(channel, lang))
        run("report", "add", *what, "--site", site, "--day", day, "--lang", lang)
    day = ("--day", "2026-06-01", "--lang", lang)
    crossed = run("crossings", site, "--lang", lang)
    assert crossed.count("(20") >= 2
    risky = run("risk", *day)
    assert getattr(level, lang).casefold() in " ".join(re.sub(r"[│\s]+", " ", risky).split()).casefold()
    for kind_of_map in ("overview", "coverage"):
        run("map", kind_of_map, *day, "-o", f"{kind_of_map}.html")
    run("dossier", site, *day, "--formats", "pdf,docx,html,gpkg,kml,xlsx", "-o", f"dossier-{lang}")
    run("coverage", "report", "--period", "2026", *day, "-o", "report.docx")
    run("minutes", "--ward", "Hải Châu", *day, "-o", "minutes.docx")
    texts = {file: text_of(file) for file in Path(f"dossier-{lang}").iterdir()}
    texts |= {file: text_of(file) for file in (*Path().glob("*.html"), Path("report.docx"), Path("minutes.docx"))}
    for file, text in texts.items():
        assert said(text, others(example, lang)) == set(), file
        if file.suffix not in (".kml", ".docx") and file.name != "coverage.html":
            assert said(text, {getattr(level, lang)}), file
    whole = "".join(text for file, text in texts.items() if file.parent.name == f"dossier-{lang}")
    group = next(term for term in terms.group if f"-{term.number}-" in site)
    used = {getattr(term, lang) for term in (level, kind, group)} | {getattr(example.words.sites, lang)}
    assert said(whole, used) == used
    assert {"vi": "lệch không quá 20 m", "en": "at most 20 m"}[lang] in html.unescape(whole).replace("\xa0", " ")
    for term in terms.level:  # the legend shows the whole scale
        assert getattr(term, lang) in html.unescape(Path("overview.html").read_text("utf-8"))


def test_a_term_of_another_programme_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (EXAMPLES / "flood-points-2026.toml").read_text("utf-8").replace('id = "flood_dry"', 'id = "inactive"')
    text = text.replace('colour = "#9ecae1"', 'colour = "blue"')
    file = tmp_path / "flood-points-2026.toml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(application(["programme"]), ["programme", "check", str(file), "--lang", "en"])
    assert result.exit_code == 1
    assert "'blue' is no colour" in result.output
    file.write_text(text.replace('"blue"', '"#0000ff"'), encoding="utf-8")
    result = CliRunner().invoke(application(["programme"]), ["programme", "check", str(file), "--lang", "en"])
    assert result.exit_code == 1
    assert "terms.level inactive" in result.output


def test_the_two_cities_have_the_vocabulary_of_the_data_set() -> None:
    for city in ("hanoi", "hue"):
        assert json.dumps([*vocabulary_of(load_programme(city)).groups["level"]]) == json.dumps(
            [*vocabulary().groups["level"]]
        )


def test_nothing_in_code_says_what_a_programme_is_about() -> None:
    patterns = ("geo/**/*.py", "geo/**/*.po", "geo/**/*.toml", "api/**/*.py", "api/**/*.html", "frontend/src/**/*.*")
    words = [
        read_programme(ROOT / f"data/programmes/{id}.toml").words.problem for id in ("hanoi-2026", "hue-2026-2030")
    ]
    sought = {text.casefold() for label in words if label for text in (label.vi, label.en)}
    assert sought == {"mại dâm", "prostitution"}
    sought |= {plain(word) for word in sought}  # as plans are compared with it
    sought |= {"complex site", "mã điểm phức tạp", 'msgstr "điểm phức tạp'}  # what the two plans call a place
    for file in (file for pattern in patterns for file in ROOT.glob(pattern)):
        text = file.read_text("utf-8").casefold()
        assert not [word for word in sought if word in text], file


@pytest.fixture
def flood_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A city of wards alone with the programme and list of an example; its address."""
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.setenv("DIABAN_CITY", "danang")
    monkeypatch.setenv("DIABAN_OFFICE", "UBND phường")
    file = EXAMPLES / "flood-points-2026.toml"
    run(
        "city",
        "add",
        "danang",
        "--province",
        "48",
        "--programme",
        str(file),
        "--sites",
        str(file.with_suffix(".geojson")),
    )
    return "danang"


def refused(*words: str) -> str:
    result = CliRunner().invoke(application(), [*words, "--lang", "en"])
    assert result.exit_code == 2, f"{words}\n{result.output}"
    return result.output


def test_the_terms_of_another_city_are_refused(flood_city: str) -> None:
    """Whichever way they come in: by its site, by a point in its wards, as a level, a group, a phase."""
    report = ("report", "add", "--channel", "flood_call", "--day", "2026-05-01")
    for kind in ("coercion_risk", "xyz"):
        said_of_site = refused(*report, "--kind", kind, "--site", "DANA-D-1")
        assert "flood_water" in said_of_site
        assert "advertising" not in said_of_site
    at_home, in_hanoi = ("--lon", "108.2208", "--lat", "16.0678"), ("--lon", "105.85", "--lat", "21.03")
    assert "coercion_risk" in refused(*report, "--kind", "coercion_risk", *at_home)
    assert "flood_water" in refused(*report, "--kind", "flood_water", *in_hanoi)
    run(*report, "--kind", "flood_water", *at_home)
    refused("status", "set", "DANA-D-1", "complex", "--document", "01/BB", "--day", "2026-05-01")
    refused("status", "set", "HN-I-1", "flood_dry", "--document", "01/BB", "--day", "2026-05-01")
    refused("phase", "set", "pilot", "Hải Châu", "--document", "01/BB", "--day", "2026-05-01")
    run("phase", "set", "flood_pumped", "Sơn Trà", "--document", "01/BB", "--day", "2026-05-01")


def test_a_new_site_is_of_the_group_that_its_number_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (EXAMPLES / "flood-points-2026.toml").read_text("utf-8")
    more = (
        '\n[[terms.group]]\nid = "flood_tunnel"\nnumber = "T"\nvi = "Hầm chui"\nen = "Underpasses"\n\n[[terms.phase]]'
    )
    file = tmp_path / "two-groups-2026.toml"
    file.write_text(text.replace("flood-points-2026", file.stem).replace("\n[[terms.phase]]", more, 1), "utf-8")
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.setenv("DIABAN_CITY", "danang")
    run("city", "add", "danang", "--province", "48", "--programme", str(file))
    line = tmp_path / "line.geojson"
    line.write_text('{"type": "LineString", "coordinates": [[108.215, 16.067], [108.22, 16.067]]}', "utf-8")
    paper = ("--document", "903/KH-VD", "--office", "Sở Xây dựng", "--day", "2026-05-01", "--level", "flood_wet")
    new = ("site", "add", "--file", str(line), *paper)
    assert "DANA-D-1" in run(*new, "--name", "Đường Một", "--number", "D.1")
    assert "DANA-T-1" in run(*new, "--name", "Đường Hai", "--number", "T.1")
