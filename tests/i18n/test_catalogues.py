"""Every message that the code names stands in both catalogues with the same places, and none stands there for nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from geo.i18n.catalogue import FOLDER, ONE, domains, texts
from geo.i18n.formats import Formats
from geo.i18n.language import LANGS

ROOT = Path(__file__).parents[2]
_PIECE = re.compile(r"[a-z0-9._-]*")
_CALLS = {"Problem": 0, "Message": 0, "require": 1}
"""What takes a code, and as which argument."""
_OTHER_SPECS = {"", "plain", "clauses"}


@dataclass(frozen=True)
class Use:
    """A call that names a code: where, the code, the parameters it gives, and whether it gives others, too."""

    where: str
    code: str
    given: frozenset[str]
    more: bool


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    files = sorted(file for package in ("geo", "api") for file in (ROOT / package).rglob("*.py"))
    return tuple((str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))) for file in files)


def calls() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                position = _CALLS.get(name)
                if position is not None and len(node.args) > position:
                    yield path, node, node.args[position]


def uses() -> Iterator[Use]:
    for path, call, argument in calls():
        choices = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        given = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
        more = any(keyword.arg is None for keyword in call.keywords)
        for choice in choices:
            if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                yield Use(f"{path}:{call.lineno}", choice.value, given, more)


@cache
def constants() -> frozenset[str]:
    return frozenset(
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def places(text: str) -> dict[str, str]:
    """Name → how it is written, of every place of a text."""
    return {name: spec or "" for _, name, spec, _ in Formatter().parse(text) if name is not None}


def named(text: str) -> set[str]:
    return set(places(text))


def test_no_problem_is_a_sentence():
    """A code may be put together (`f"settings.not-{kind}"`), of parts that are pieces of a code."""
    wrong = [
        f"{path}:{call.lineno}"
        for path, call, argument in calls()
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and not _PIECE.fullmatch(part.value)
    ]
    assert wrong == []


def test_every_code_has_both_languages():
    missing = [
        (use.where, use.code, lang)
        for use in uses()
        for lang in LANGS
        if use.code not in texts(lang, use.code.partition(".")[0])
    ]
    assert missing == []


def test_every_place_is_given():
    missing = []
    for use in uses():
        known = texts("en", use.code.partition(".")[0])
        wanted = named(known.get(use.code, "")) | named(known.get(f"{use.code}.remedy", ""))
        if not use.more and not wanted <= use.given:
            missing.append((use.where, use.code, wanted - use.given))
    assert missing == []


@pytest.mark.parametrize("domain", domains())
def test_both_languages_have_the_same_texts_and_places(domain):
    vi, en = ({key: text for key, text in texts(lang, domain).items() if not key.endswith(ONE)} for lang in LANGS)
    assert vi.keys() == en.keys()
    assert [key for key in vi if named(vi[key]) != named(en[key])] == []
    assert [key for key in vi if not vi[key] or not en[key]] == []


@pytest.mark.parametrize("domain", [domain for domain in domains() if domain != "pages"])
def test_no_text_is_unused(domain):
    known = constants()
    prefixes = tuple(text for text in known if re.fullmatch(r"[a-z]+(\.[a-z-]+)*[.-]", text))

    # Keys that are put together where a `Translator` is asked are known by what they begin or end with.
    begun = tuple(text for text in known if re.fullmatch(r"[a-z]+[_.]", text))
    ended = tuple(text for text in known if re.fullmatch(r"_[a-z_]{6,}", text))

    def is_used(key: str) -> bool:
        name = key.removesuffix(ONE).removesuffix(".remedy")
        own = name.removeprefix(f"{domain}.")  # a `Translator` of the domain is asked without its name
        return (
            name in known or own in known or name.startswith(prefixes) or own.startswith(begun) or own.endswith(ended)
        )

    unused = [key for key in texts("en", domain) if not is_used(key)]
    assert unused == []


@pytest.mark.parametrize("domain", domains())
def test_formats_are_known(domain):
    for lang in LANGS:
        for key, text in texts(lang, domain).items():
            for spec in places(text).values():
                name, _, decimals = spec.partition(".")
                assert spec in _OTHER_SPECS or callable(getattr(Formats(lang), name, None)), key
                assert decimals == "" or decimals.isdigit(), key


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*/*.po")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_files_are_sorted_without_repetition(file):
    text = file.read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    plural = dict(re.findall(r'^msgid "(.+)"\nmsgid_plural "(.+)"$', text, re.MULTILINE))
    # An entry with a plural stands by its id, or by both of its ids: tools differ.
    assert keys in (sorted(set(keys)), sorted(set(keys), key=lambda key: key + plural.get(key, "")))
    assert file.stem == "pages" or all(key.startswith(f"{file.stem}.") for key in keys)
