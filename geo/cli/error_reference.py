"""The page of all errors, made from the code and its catalogues; written by `geo.cli.reference`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from geo.i18n.catalogue import domains, find, texts

_SOURCES = Path(__file__).resolve().parents[2]
_CODE = {"Problem": 0, "fault": 1, "require": 1, "CellError": 0, "_fault": 1, "_refused": 1}
"""What takes the code of an error, and as which argument."""


def error_rows() -> list[str]:
    """A section for each domain, with a table of its codes: what is wrong, what to do, and both in Vietnamese."""
    lines: list[str] = []
    for domain, codes in groupby(sorted(codes_of_errors()), key=lambda code: code.partition(".")[0]):
        lines += ["", f"## {domain}", "", "| code | what is wrong | what to do | tiếng Việt |", "|---|---|---|---|"]
        lines += [_row(code) for code in codes]
    return lines


def codes_of_errors() -> set[str]:
    """The codes of all errors: those that the code names, and those that have a remedy."""
    known = {key for domain in domains() for key in texts("en", domain)}
    remedied = {key.removesuffix(".remedy") for key in known if key.endswith(".remedy")}
    return (set(_named()) | remedied) & known


def _named() -> Iterator[str]:
    for package in ("geo", "api"):
        for file in sorted((_SOURCES / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _code_of(node)


def _code_of(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = _CODE.get(name)
    if place is not None and len(call.args) > place:
        for part in ast.walk(call.args[place]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _row(code: str) -> str:
    remedy = find("en", f"{code}.remedy") or ""
    vietnamese = " → ".join(filter(None, (find("vi", code), find("vi", f"{code}.remedy"))))
    cells = (f"`{code}`", find("en", code) or "", remedy, vietnamese)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"
