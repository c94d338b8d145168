"""Maps as SVG whose letters stay letters, so that a PDF of them can be searched, copied from and read aloud.

Matplotlib draws a letter with a halo as outlines. Here it is written as text, and its halo as the stroke beneath it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_hex
from matplotlib.patheffects import Stroke

from geo.output.dossier.writers.glyphs import shown_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

STYLE: dict[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "diaban"}
"""Settings of matplotlib under which `svg_of` is to be called."""
_HALO = re.compile(r'(<g id="halo-([0-9a-f]{6})-(\d+)-\d+">)(.*?</text>\s*</g>)', re.DOTALL)


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG in UTF-8; signs that no face of a document holds are replaced. Same figure, same bytes."""
    file = StringIO()
    with _plain_letters(figure):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return shown_text(_HALO.sub(_with_halo, file.getvalue())).encode("utf-8")


@contextmanager
def _plain_letters(figure: Figure) -> Iterator[None]:
    """Take the halos away, and leave their colour and width (in tenths of a point) in the names of the texts."""
    haloed = [text for axes in figure.axes for text in axes.texts if text.get_path_effects()]
    effects = [text.get_path_effects() for text in haloed]
    for number, text in enumerate(haloed):
        colour, width = _halo(text)
        text.set_gid(f"halo-{colour}-{round(width * 10)}-{number}")
        text.set_path_effects([])
    try:
        yield
    finally:
        for text, had in zip(haloed, effects, strict=True):
            text.set_path_effects(had)
            text.set_gid(None)


def _halo(text: Text) -> tuple[str, float]:
    """Colour (six hexadecimal digits) and width in points of the stroke behind a text."""
    effects: list[Any] = text.get_path_effects()
    options = next(vars(effect)["_gc"] for effect in effects if isinstance(effect, Stroke))
    return to_hex(options["foreground"]).removeprefix("#"), float(options["linewidth"])


def _with_halo(match: re.Match[str]) -> str:
    begin, colour, tenths, inside = match.groups()
    stroke = f"paint-order: stroke; stroke: #{colour}; stroke-width: {int(tenths) / 10:g}; stroke-linejoin: round; "
    return begin + inside.replace('<text style="', f'<text style="{stroke}')
