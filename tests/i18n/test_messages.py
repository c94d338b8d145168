"""Messages and problems: words by language, plural forms, lists, what can be stored and sent of them."""

from __future__ import annotations

import doctest
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, date, datetime

import numpy as np
import pytest

from geo import errors
from geo.errors import (
    DataFileMissingError,
    DiabanError,
    InputError,
    Problem,
    UnknownLimitError,
    UnknownNameError,
    UnknownSiteError,
    UnknownStreetError,
    UnknownWardError,
)
from geo.i18n import catalogue, formats, language, message
from geo.i18n.language import current, speaking
from geo.i18n.message import FileValue, Message, Words, either, jsonable, listed, shown

GONE = Problem("files.unreadable", Message("place.row", file="sites.csv", row=1234), reason="gone")


@pytest.mark.parametrize("module", [catalogue, errors, formats, language, message])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_the_context_chooses_the_language():
    assert current() == "en"
    with speaking("vi"):
        assert str(GONE) == "sites.csv: dòng 1234: không đọc được: gone → kiểm tra đường dẫn và quyền truy cập"
        assert GONE.what == "không đọc được: gone"
    assert str(GONE) == "sites.csv: row 1234: cannot be read: gone → check the path and its permissions"
    assert GONE.text("vi").startswith("sites.csv: dòng")


def test_a_thread_speaks_as_its_context():
    with speaking("vi"), ThreadPoolExecutor(1) as threads:
        assert threads.submit(copy_context().run, current).result() == "vi"
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(current()))
        thread.start()
        thread.join()
    assert found == ["en"]


@pytest.mark.parametrize(("count", "en", "vi"), [(1, "1 report", "1 tin báo"), (2, "2 reports", "2 tin báo")])
def test_plural_forms(count, en, vi):
    said = Message("analysis.flag.reports", count=count, verified=0)
    assert said.en == f"{en} (0 verified)"
    assert said.vi == f"{vi} (0 đã xác minh)"


def test_lists_end_with_a_word():
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert Message("common.quoted", text=listed(["a", "b", "c"])).vi == "'a, b và c'"
    assert either([1.5, 2.5]).en == "1.5 or 2.5"
    assert either([1.5, 2.5]).vi == "1,5 hoặc 2,5"


def test_values_are_written_as_the_language_writes_them():
    moment = datetime(2026, 1, 7, 3, tzinfo=UTC)
    values = [1234.567, np.int64(1000), date(2026, 1, 7), moment, None, Message("common.quoted", text="x"), ("a", 1)]
    assert shown(values, "vi") == "1.234,57, 1.000, 07/01/2026, 07/01/2026 10:00, –, 'x', a, 1"
    assert shown(values, "en") == "1,234.57, 1,000, 7 January 2026, 7 January 2026 10:00, –, 'x', a, 1"


def test_a_text_names_the_format_of_its_places():
    said = Message("analysis.exposure.outside", share=0.9999, wards="x")
    assert said.vi.startswith("99 %")
    assert Message("analysis.flag.expected", value=1.46).vi == "1,5"
    assert Message("reference.found.limit", limit="A", count=2000, how="b").en == "A: 2,000 points, b"


def test_what_the_catalogues_lack_is_shown_all_the_same():
    assert str(Message("no.such.text", n=1)) == "no.such.text {'n': 1}"
    assert str(Message("no.such.text")) == "no.such.text"
    assert str(Problem("files.unreadable")).startswith("cannot be read: {reason}")


def test_a_text_of_one_language_serves_the_other(monkeypatch):
    known = {("en", "files"): {"files.only-here": "only here"}}
    monkeypatch.setattr(catalogue, "texts", lambda lang, domain: known.get((lang, domain), {}))
    assert Message("files.only-here").vi == "only here"


def test_equality_and_hash():
    again = Problem("files.unreadable", Message("place.row", file="sites.csv", row=1234), reason="gone")
    assert again == GONE
    assert len({again, GONE, GONE.at("elsewhere")}) == 2
    assert Message("a.b", x=[1]) == Message("a.b", x=[1])
    assert Message("a.b", x=1) != Message("a.b", x=2)
    assert hash(Message("a.b", x=[1])) == hash(Message("a.b", x=[1]))


@pytest.mark.parametrize(
    "error",
    [
        DiabanError(GONE),
        InputError([GONE, Problem("files.disk-full", "a", reason="full")]),
        DataFileMissingError(GONE),
        UnknownNameError("city", "Hue", ["hue"]),
        UnknownWardError("Yen Hoa", ["Yên Hòa"], "plan"),
        UnknownStreetError("x", ()),
        UnknownLimitError("x", (), Message("reference.does-not-meet", street="y")),
        UnknownSiteError("HN-I-99", ["HN-I-1"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.problems == error.problems
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_a_name_that_is_not_known():
    near = UnknownWardError("Phường Yên Hoàa", ["Phường Yên Hoà", "Phường Yên Hòa"])
    assert str(near) == "ward 'Phường Yên Hoàa' is not known → did you mean 'Phường Yên Hoà', 'Phường Yên Hòa'?"
    assert near.problems[0].text("vi").startswith("không có xã, phường 'Phường Yên Hoàa' → có phải là 'Phường")
    assert str(UnknownSiteError("X", ())) == "site 'X' is not known"
    assert str(UnknownNameError("flag event", "X", ())) == "flag event 'X' is not known"
    assert str(UnknownNameError("nothing of ours", "X", ())) == "nothing of ours 'X' is not known"
    named = UnknownNameError(Message("unknown.kind.city"), "X", ())
    assert named.problems[0].text("vi") == "không có thành phố 'X'"


def test_the_document_of_a_problem_is_json():
    nested = Problem(
        "unknown.name", "plan", kind=Message("unknown.kind.city"), name=date(2026, 1, 7), n=np.float64("nan")
    )
    document = nested.document("vi")
    assert json.loads(json.dumps(document)) == document
    assert document["code"] == "unknown.name"
    assert document["parameters"] == {
        "kind": {"code": "unknown.kind.city", "parameters": {}},
        "name": "2026-01-07",
        "n": None,
    }
    assert document["what"] == "không có thành phố '07/01/2026'"
    assert document["where"] == "plan"
    assert document["remedy"] == ""


def test_json_of_numbers_and_lists():
    assert (str(FileValue("5")), str(FileValue(5)), str(FileValue(None)), jsonable([FileValue("5")])) == (
        '"5"',
        "5",
        "null",
        ["5"],
    )
    assert jsonable([Words("Khác", "other", "other"), Words("vỉa hè", "pavement")]) == [
        "other",
        {"vi": "vỉa hè", "en": "pavement"},
    ]
    assert jsonable([np.int64(3), True, np.float64(1.5), ("a",), None]) == [3, True, 1.5, ["a"], None]
