"""A cell whose parts are written differently: raised and lowered signs stay what they are, no part is struck out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from geo.importing.tables.model import BadCell

SUPER, SUB = "super", "sub"
_RAISED = str.maketrans("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿ°ᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_LONGEST = 40
STRUCK = "importing.struck-cell"


class Run(NamedTuple):
    """A part of a text: `script` is '', SUPER or SUB."""

    text: str
    script: str = ""
    struck: bool = False


def text_of_runs(runs: Iterable[Run]) -> str | BadCell:
    """The text of a cell: a mark of a footnote is no digit of the figure before it, `m²` is not `m2`.

    A part that is struck out refuses the cell, as nobody knows which holds, and so does a cell that is struck out as a
    whole (`struck_out`); a text that is wholly raised is a matter of its font.

    >>> text_of_runs([Run("12"), Run("1", SUPER)])
    '12¹'
    """
    written = [run for run in runs if run.text]
    looks = {run[1:] for run in written if run.text.strip()}
    if written and all(run.struck for run in written if run.text.strip()):
        whole = "".join(run.text for run in written)
        return struck_out(whole) or whole
    if {run.struck for run in written if run.text.strip()} == {True, False}:
        left = "".join(_signs(run) for run in written if not run.struck).strip()
        struck = " ".join(run.text.strip() for run in written if run.struck)
        return BadCell("importing.struck-part", {"text": struck[:_LONGEST], "left": left[:_LONGEST]}, left)
    return "".join(_signs(run) if len(looks) > 1 else run.text for run in written)


def struck_out(value: object) -> BadCell | None:
    """A cell that is struck out as a whole: what it says was cancelled; None of a blank one.

    Where that is all that a row holds, the row is passed over, which is said.
    """
    text = "" if value is None else str(value).strip()
    return BadCell(STRUCK, {"text": text[:_LONGEST]}, text) if text else None


def raised(text: str) -> str:
    """A text in raised signs, as far as there are such."""
    return text.translate(_RAISED)


def _signs(run: Run) -> str:
    if run.script == SUPER:
        return raised(run.text)
    return run.text.translate(_LOWERED) if run.script == SUB else run.text
