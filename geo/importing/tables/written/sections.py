"""The sections of a number format: which of them displays a value, and what it makes of the figure.

After ECMA-376, part 1, 18.8.31: up to four sections, of positive numbers, negative ones, nought, and texts, or of the
conditions that they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]|(?P<unseen>[_*].?)'
    r"|(?P<figure>General|[0#?@]|E[+-])|(?P<plain>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(?a)\[(<=|>=|<>|<|>|=)\s*([-+]?\d+(?:\.\d+)?)\]")
_HOLDS = {"<=": le, ">=": ge, "<>": ne, "<": lt, ">": gt, "=": eq}
_BY_SIGN = 4
"""So many sections a format may have, the last of them of texts."""


@dataclass(frozen=True, slots=True)
class Section:
    """What a section shows: literal text `before` and `behind` the figure (all of it before where there is none).

    `has_figure`: the figure is shown, `shows_nought`: also where it is nought. `percent` and `thousands`: how many
    times it is shown a hundredfold, and a thousandth. `is_parted`: a literal stands within it that makes another figure
    of it. `bare`: all of it as it stands, literals in plain text. `is_of_negative`: it displays negative numbers alone,
    without the sign that others get by themselves.
    """

    before: str = ""
    behind: str = ""
    has_figure: bool = False
    shows_nought: bool = False
    percent: int = 0
    thousands: int = 0
    is_parted: bool = False
    bare: str = ""
    is_of_negative: bool = False

    @property
    def literal(self) -> str:
        """The text on both sides of the figure."""
        return self.before + self.behind


@lru_cache(1024)
def parts(number_format: str) -> tuple[str, ...]:
    """The sections of a format; a semicolon in quotes parts nothing, and a section may be empty."""
    found, start = [], 0
    for token in _TOKEN.finditer(number_format):
        if token["plain"] == ";":
            found.append(number_format[start : token.start()])
            start = token.end()
    return (*found, number_format[start:])


def text_section(number_format: str) -> str | None:
    """The section that displays texts; None where a format has none, and shows them as they are."""
    own = parts(number_format)
    if len(own) >= _BY_SIGN:
        return own[_BY_SIGN - 1]
    return own[-1] if "@" in own[-1] else None


@lru_cache(4096)
def section_for(number_format: str, sign: float) -> Section | None:
    """The section that displays a number; None where its format does not say which.

    `sign`: the number itself where the format has conditions (`has_conditions`), else any of its sign.
    """
    own = parts(number_format)[: _BY_SIGN - 1]
    own = own[:-1] if len(own) > 1 and "@" in own[-1] else own
    named = [_CONDITION.search(part) for part in own]
    if any(named):
        return _by_condition(own, named, sign)
    if len(own) == 1:
        return read(own[0])
    if sign < 0:
        return replace(read(own[1]), is_of_negative=True)
    return read(own[2 if sign == 0 and len(own) > 2 else 0])


def has_conditions(number_format: str) -> bool:
    """Whether sections name the numbers that they display."""
    return any(_CONDITION.search(part) for part in parts(number_format))


def _by_condition(own: tuple[str, ...], named: list[re.Match[str] | None], value: float) -> Section | None:
    for place, (part, condition) in enumerate(zip(own, named, strict=True)):
        if condition is None:
            return read(part) if place == len(own) - 1 else None  # programs differ in what they take it for
        if _HOLDS[condition[1]](value, float(condition[2])):
            return read(part)
    return None


@lru_cache(1024)
def read(part: str) -> Section:
    """What one section shows."""
    tokens = list(_TOKEN.finditer(part))
    figures = [at for at, token in enumerate(tokens) if token["figure"]]
    texts = [_literal(token) for token in tokens]
    bare = "".join(token["plain"] or token["figure"] or text for token, text in zip(tokens, texts, strict=True))
    percent = sum(token["plain"] == "%" for token in tokens)
    if not figures and _is_plain(tokens):
        return Section(has_figure=True, shows_nought=True, bare=bare)
    if not figures:
        return Section("".join(texts), percent=percent, bare=bare)
    first, last = figures[0], figures[-1]
    while last + 1 < len(tokens) and tokens[last + 1]["plain"] in (",", "."):
        last += 1
    shown = {token["figure"].lower() for token in tokens if token["figure"]}
    within = tokens[first : last + 1]
    return Section(
        "".join(texts[:first]), "".join(texts[last + 1 :]), True, bool(shown & {"0", "general", "@"}), percent,
        _thousands(within), any(_makes_another(token) for token in within), bare,
    )  # fmt: skip


def _is_plain(tokens: list[re.Match[str]]) -> bool:
    """Whether a section without places shows a number as it is: a colour alone, or a word that is a code."""
    is_code = any((token["plain"] or "").isalpha() for token in tokens)
    return is_code or (bool(tokens) and all(token["bracket"] is not None for token in tokens))


def _thousands(within: list[re.Match[str]]) -> int:
    """How many commas divide by a thousand: those behind the last place of the whole part, or behind all places."""
    signs = "".join(token["figure"] or token["plain"] or "" for token in within if token["bracket"] is None)
    whole, _, decimals = signs.partition(".")
    return sum(len(part) - len(part.rstrip(",")) for part in (whole, decimals))


def _makes_another(token: re.Match[str]) -> bool:
    text = token["quoted"] or token["escaped"] or ""
    return any(sign.isdecimal() or sign in ".," for sign in text)


def _literal(token: re.Match[str]) -> str:
    if token["plain"] is not None:
        return str(token["plain"])
    return str(token["quoted"] or token["escaped"] or token["currency"] or "")
