"""Letters of the documents: Times New Roman's metrics, every Vietnamese letter, found on any machine.

A face counts only if it holds every letter that Vietnamese needs (Liberation Serif before 2.0 lacks 92 of them). First
the folder `DIABAN_FONTS`, so that an office may use its own; then Liberation Serif 2.1.5, which is shipped, so that the
same situation gives the same bytes on every machine; then Libertinus Serif, which is part of typst (its widths differ).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem

SHIPPED = Path(__file__).with_name("font_files")
WANTED = ("Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes")
"""Families of one width with each other, the wished first."""
FALLBACK = "Libertinus Serif"
FALLBACKS = ("DejaVu Sans", FALLBACK)
"""Families for letters that the first one lacks: the one of the maps, and the one that typst brings."""
LETTERS = "ĂăÂâĐđÊêÔôƠơƯưÀÁÃÈÉÌÍÒÓÕÙÚÝàáãèéìíòóõùúýĨĩŨũ–…·" + "".join(map(chr, range(0x1EA0, 0x1EFA)))
"""What Vietnamese needs beyond ASCII."""


def folders() -> tuple[Path, ...]:
    """The folders in which faces are looked for, in order.

    Raises
    ------
    InputError
        `DIABAN_FONTS` is not a folder.
    """
    chosen = settings.path("fonts")
    if not chosen:
        return (SHIPPED, _of_pictures())
    if not chosen.is_dir():
        raise InputError(Problem("output.not-a-folder", f"DIABAN_FONTS={chosen}"))
    return (chosen, SHIPPED, _of_pictures())


def family() -> str:
    """The family that documents are set in; `FALLBACK` where no folder holds a whole one."""
    for folder in folders():
        known = _families(folder)
        for name in WANTED:
            if name in known:
                return name
    return FALLBACK


def letters() -> frozenset[int]:
    """The code points that a document can show, in its own family or in a fallback."""
    own = family()
    found: set[int] = set()
    for folder in folders():
        found |= _letters(folder, frozenset((own, FALLBACKS[0])))
    return frozenset(found)


def _of_pictures() -> Path:
    """The folder of the faces that the maps are lettered in; it comes with the library that draws them."""
    from importlib.util import find_spec

    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _letters(folder: Path, families: frozenset[str]) -> frozenset[int]:
    """What the regular faces of these families hold: no other face is asked for what the regular one lacks."""
    from fontTools.ttLib import TTFont, TTLibError

    found: set[int] = set()
    for path in sorted(folder.rglob("*.[to]tf")):
        try:
            with TTFont(path, lazy=True) as font:
                name, face = (font["name"].getDebugName(number) for number in (1, 2))
                if name in families and face in ("Regular", "Book"):
                    found |= set(font.getBestCmap() or {})
        except (TTLibError, OSError):
            continue
    return frozenset(found)


@cache
def _families(folder: Path) -> frozenset[str]:
    """Families of the folder whose regular and bold faces hold every letter of Vietnamese."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.[to]tf")):
        name, face = _face(path)
        if face:
            found.setdefault(name, set()).add(face)
    return frozenset(name for name, faces in found.items() if {"Regular", "Bold"} <= faces)


def _face(path: Path) -> tuple[str, str]:
    """The family and face of a file; no face if it lacks a letter or can't be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True) as font:
            letters = font.getBestCmap() or {}
            names = font["name"]
            whole = all(ord(letter) in letters for letter in LETTERS)
            return str(names.getDebugName(1)), str(names.getDebugName(2)) if whole else ""
    except (TTLibError, OSError):
        return path.stem, ""
