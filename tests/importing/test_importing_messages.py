"""Every code that the importers name has its words in both languages, and no words are there for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import geo.importing
from geo.i18n.catalogue import ONE, find, texts
from geo.i18n.language import LANGS, Lang

_CALLS = ("CellError", "refused", "BadCell", "Problem", "Message")
ROOT = Path(geo.importing.__file__).parent
SHOWN_BY = [
    Path(__file__).parents[2] / folder for folder in ("api/web", "api/resources/files", "geo/cli", "geo/records/model")
]


def trees(*folders: Path) -> Iterator[ast.Module]:
    """The modules of folders, read one after the other: all at once would fill the memory of whoever collects tests."""
    return (ast.parse(path.read_text(encoding="utf-8")) for folder in folders for path in sorted(folder.rglob("*.py")))


@cache
def named_codes() -> frozenset[str]:
    """The codes that calls name as their first argument, also one of two."""
    found = set[str]()
    for tree in trees(ROOT):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _CALLS and call.args:
                first = call.args[0]
                options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {option.value for option in options if isinstance(option, ast.Constant)}
    return frozenset(found)


@cache
def constants() -> frozenset[str]:
    """Every text that stands in the importers, or in what shows their words."""
    nodes = (node for tree in trees(ROOT, *SHOWN_BY) for node in ast.walk(tree))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.parametrize("lang", LANGS)
def test_every_code_has_words(lang: Lang) -> None:
    codes = named_codes() | {text for text in constants() if text.startswith("importing.") and text[-1] != "-"}
    assert len(codes) > 60
    assert {code for code in codes if find(lang, code) is None} == set()


@pytest.mark.parametrize("lang", LANGS)
def test_no_words_are_unused(lang: Lang) -> None:
    known = {key.removesuffix(ONE).removesuffix(".remedy") for key in texts(lang, "importing")}
    made = tuple(text for text in constants() if text.startswith("importing.") and text[-1] == "-")
    assert {code for code in known - constants() if not code.startswith(made)} == set()
