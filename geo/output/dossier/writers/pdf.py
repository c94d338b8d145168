"""Documents as PDF, set by typst in memory: PDF/A-2a and PDF/UA-1, bookmarks, fonts inside, reproducible."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from geo.errors import InputError, Problem
from geo.output.decree.checklist import PAGE, as_settings
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers.fonts import FALLBACKS, family, folders, letters
from geo.output.dossier.writers.glyphs import printable
from geo.output.dossier.writers.text_width import rules_mm

if TYPE_CHECKING:
    from pathlib import Path

    import typst

STANDARDS: Final = ("a-2a", "ua-1")
"""What a PDF complies with: long-term storage with its structure, and accessibility."""
_A3_ACROSS = 420.0
_PNG = b"\x89PNG"
_LIBRARY, _MAIN = "blocks.typ", "paper.typ"


def pdf(document: Document, pictures: Mapping[str, bytes], edition: Edition) -> bytes:
    """The document as PDF; `pictures` are SVGs or PNGs by name.

    Raises
    ------
    InputError
        A template is broken: with its file and line, and what typst says of it.
    """
    import typst

    shown = printable(document)
    main = f"{document.kind}.typ"
    sources = {main: edition.template(main, _MAIN), _LIBRARY: edition.template(_LIBRARY)}
    # Vietnam has no summer time: midnight in UTC+7 is the same moment of the situation's day every year.
    made = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    form = as_settings() | {"rules": rules_mm(shown, _room(shown), anywhere=True)}
    files = {
        "main.typ": sources[main][0],
        _LIBRARY: sources[_LIBRARY][0],
        "document.json": json.dumps(shown.plain(), ensure_ascii=False).encode("utf-8"),
        "decree.json": json.dumps(form).encode("utf-8"),
        **{f"{name}.svg": _framed(content) for name, content in pictures.items()},
    }
    try:
        compiler = typst.Compiler(
            files,  # type: ignore[type-var]
            font_paths=_fonts(tuple(folders())),
            ignore_system_fonts=True,
            sys_inputs={"font": family(), "fallback": "|".join(FALLBACKS)},
        )
        result = compiler.compile(format="pdf", timestamp=made, pdf_standards=list(STANDARDS))
    except typst.TypstError as error:
        paths = {"main.typ": sources[main][1], _LIBRARY: sources[_LIBRARY][1]}
        raise _broken(error, paths) from error
    assert isinstance(result, bytes)
    return result


def prepare() -> None:
    """Load what the first document of a process would wait for: the typesetter, the faces, and which letters they have.

    Raises
    ------
    InputError
        `DIABAN_FONTS` is not a folder.
    """
    letters()
    _fonts(tuple(folders()))


def _room(document: Document) -> float:
    """The width of a line in millimetres."""
    width = _A3_ACROSS if document.extra.get("paper") == "a3" else PAGE.width
    return width - PAGE.left - PAGE.right


def _framed(picture: bytes) -> bytes:
    """An SVG as it is, a PNG in one: typst takes only text as files in memory. Pixels go into the PDF as they are."""
    if not picture.startswith(_PNG):
        return picture
    width, height = struct.unpack(">II", picture[16:24])
    data = base64.b64encode(picture).decode("ascii")
    size = f'width="{width}" height="{height}"'
    name = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {name} {size}><image {size} xlink:href="data:image/png;base64,{data}"/></svg>'.encode()


def _broken(error: typst.TypstError, paths: Mapping[str, Path]) -> InputError:
    """What typst says, with the office's own file names and the line first."""
    lines = (error.diagnostic or error.message).splitlines()
    place = next((line.split("┌─")[1].strip() for line in lines if "┌─" in line), "main.typ")
    name, *position = place.split(":")
    where = ":".join([str(paths.get(name, name)), *position])
    if error.hints:
        hint = "; ".join(error.hints)
        return InputError(Problem("output.broken-template-hint", where, reason=error.message, hint=hint))
    return InputError(Problem("output.broken-template", where, reason=error.message))


@cache
def _fonts(paths: tuple[Path, ...]) -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(map(str, paths)))
