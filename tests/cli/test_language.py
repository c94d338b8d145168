"""The command line speaks one language at a time: that of `--lang`, of the settings, of the locale, else Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from geo.cli.app import application, application_for
from geo.cli.base.help import names
from geo.i18n.catalogue import ONE, find, texts
from geo.i18n.language import LANGS, current, speaking

ROOT = Path(__file__).resolve().parents[2]
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_KEY = re.compile(r"""(?:word|note|working|confirm|Problem|Message)\(\s*"([a-z][a-zA-Z.-]+)\"""")


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(application_for(arguments), list(arguments), input=answer)


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine that says nothing of languages."""
    for name in ("DIABAN_LANG", *_LOCALE):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "Cách dùng"),
        ({"LANG": "C.UTF-8"}, "Cách dùng"),
        ({"LANG": "POSIX"}, "Cách dùng"),
        ({"LANG": "vi_VN.UTF-8"}, "Cách dùng"),
        ({"LANG": "en_GB.UTF-8"}, "Usage"),
        ({"LC_ALL": "vi_VN.UTF-8", "LANG": "en_GB.UTF-8"}, "Cách dùng"),
        ({"LC_MESSAGES": "en_US", "LANG": "vi_VN"}, "Usage"),
        ({"DIABAN_LANG": "en", "LANG": "vi_VN.UTF-8"}, "Usage"),
        ({"DIABAN_LANG": "vi", "LANG": "en_GB.UTF-8"}, "Cách dùng"),
    ],
)
def test_the_language_follows_the_settings(
    undecided: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        undecided.setenv(name, value)
    assert run("crossings", "--help").stdout.startswith(words)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "en", "crossings"],
        ["crossings", "--lang", "en"],
        ["crossings", "--lang=en"],
        ["--lang=en", "crossings"],
    ],
)
def test_an_option_goes_before_all_wherever_it_stands(undecided: pytest.MonkeyPatch, arguments: list[str]) -> None:
    undecided.setenv("DIABAN_LANG", "vi")
    assert run(*arguments, "--help").stdout.startswith("Usage")


def test_another_language_is_refused(undecided: pytest.MonkeyPatch) -> None:
    refused = run("crossings", "--lang", "fr")
    assert refused.exit_code == 2
    assert "--lang: giá trị không hợp lệ" in refused.stderr
    undecided.setenv("DIABAN_LANG", "fr")
    refused = run("crossings")
    assert refused.exit_code == 2
    assert "DIABAN_LANG: không có lựa chọn 'fr'" in refused.stderr


def test_a_command_leaves_the_language_of_its_caller(undecided: pytest.MonkeyPatch) -> None:
    before = current()
    run("--lang", "vi", "crossings", "--help")
    assert current() == before


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (["crosings"], "không có lệnh 'crosings'", "there is no command 'crosings'"),
        (["crosings"], "có phải là: crossings?", "did you mean: crossings?"),
        (["crossings", "--formt", "x"], "--formt: không có tùy chọn này", "--formt: there is no such option"),
        (["crossings", "--format"], "--format: cần một giá trị", "--format: needs a value"),
        (["map", "site", "HN-I-1"], "--output: thiếu tùy chọn này", "--output: this option is needed"),
        (["map", "site", "-o", "a.html"], "MÃ_ĐỊA_ĐIỂM: thiếu đối số này", "SITE_ID: this argument is needed"),
        (["doctor", "more"], "thừa đối số: more", "too many arguments: more"),
        (["serve", "--port", "x"], "nhập số từ 1 đến 65.535", "give a number from 1 to 65,535"),
        (["map", "risk", "-o", "a.html", "--day", "x"], "viết ngày dạng", "write a day as"),
        (
            ["crossings", "--format", "xml"],
            "chọn một trong: table, json, csv, geojson",
            "choose one of: table, json, csv",
        ),
        (["ward"], "chưa nêu xã, phường nào", "no ward is named"),
        (["ward", "--at", "nan,105.85"], "kinh độ đứng trước", "longitude comes first"),
    ],
)
def test_misuse_is_explained_in_one_language(arguments: list[str], vietnamese: str, english: str) -> None:
    answers = {lang: run("--lang", lang, *arguments) for lang in LANGS}
    for lang, text, other in (("vi", vietnamese, english), ("en", english, vietnamese)):
        said = " ".join(answers[lang].stderr.split())
        assert answers[lang].exit_code == 2
        assert text in said
        assert other not in said


def test_a_question_takes_the_answers_of_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
    asked = run("--lang", "vi", "purge", "--before", "2021-01-01", answer="không\n")
    assert asked.exit_code == 1
    assert "Xóa hẳn mọi tin báo trước ngày 01/01/2021?" in asked.stderr
    assert "đã dừng" in asked.stderr
    assert run("--lang", "vi", "purge", "--before", "2021-01-01", answer="có\n").exit_code == 0


def test_tables_have_headings_and_figures_of_the_language() -> None:
    vietnamese, english = (run("--lang", lang, "crossings", "HN-I-1").stdout for lang in LANGS)
    assert "lý trình" in vietnamese
    assert "khớp kế hoạch" in vietnamese
    assert "confirmed" not in vietnamese
    assert re.search(r"\d\.\d{3},\d", vietnamese)
    assert "chainage" in english
    assert re.search(r"\d,\d{3}\.\d", english)


def test_machine_forms_are_the_same_in_both(tmp_path: Path) -> None:
    for arguments in (["ward", "00004", "yen hoa"], ["crossings", "HN-I-1"]):
        for form in ("json", "csv"):
            vietnamese, english = (run("--lang", lang, *arguments, "--format", form).stdout for lang in LANGS)
            assert vietnamese == english


def contexts() -> Iterator[Any]:
    """The context of every command."""

    def walk(command: Any, name: str, parent: Any) -> Iterator[Any]:
        context = command.context_class(command, info_name=name, parent=parent)
        yield context
        for below in names(command):
            yield from walk(command.get_command(context, below), below, context)

    return walk(get_command(application()), "diaban", None)


@pytest.mark.parametrize("lang", LANGS)
def test_every_command_and_option_has_its_help(lang: Any) -> None:
    with speaking(lang):
        helps = {context.command_path: context.get_help() for context in contexts()}
    assert len(helps) > 45
    assert not {path: text for path, text in helps.items() if re.search(r"\bcli\.[a-z]", text)}


@pytest.mark.parametrize("domain", ["cli", "settings", "formats", "accounts"])
def test_both_catalogues_hold_the_same_keys_and_places(domain: str) -> None:
    vietnamese, english = (texts(lang, domain) for lang in LANGS)
    # English has a form of its own for one; Vietnamese needs none.
    assert {key.removesuffix(ONE) for key in vietnamese} == {key.removesuffix(ONE) for key in english}
    for key, text in vietnamese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_text_that_a_command_says_is_in_the_catalogues() -> None:
    wanted = {key for file in (ROOT / "geo" / "cli").rglob("*.py") for key in _KEY.findall(file.read_text("utf-8"))}
    assert len(wanted) > 80
    assert not [key for key in sorted(wanted) if find("vi", key) is None and find("vi", f"cli.{key}") is None]
