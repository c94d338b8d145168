"""Styles of QGIS (QML) in the colours, widths and dashes of the theme: what a GeoPackage carries along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from geo.i18n.translator import Translator
from geo.output.shared.theme import AreaStyle, LineStyle, theme

_MM = 25.4 / 96
"""Millimetres in a CSS pixel."""
_LINE, _AREA, _POINT = 1, 2, 0


def sites_qml(w: Translator, levels: Sequence[str], dimension: int) -> str:
    """Sites by `level`, of which `levels` are all; `dimension` 0, 1 or 2 for points, lines, areas."""
    lines = theme().lines
    return _categories("level", [(name, w.pick(lines[name].label), _symbol(lines[name], dimension)) for name in levels])


def stretches_qml(codes: Sequence[str], names: Mapping[str, str], lines: Sequence[LineStyle], dimension: int) -> str:
    """Stretches by `ward_code`, each in its look of `lines`, as on the map."""
    rows = [(code, names.get(code, code), _symbol(line, dimension)) for code, line in zip(codes, lines, strict=True)]
    return _categories("ward_code", rows)


def wards_qml(w: Translator, phases: Sequence[str]) -> str:
    """Wards by `phase`, of which `phases` are all."""
    areas = theme().areas
    return _categories("phase", [(name, w.pick(areas[name].label), _area(areas[name])) for name in phases])


def _categories(field: str, rows: Sequence[tuple[str, str, str]]) -> str:
    """A renderer by values of a field; each row is a value, its label, and a symbol with a place for its name."""
    categories = "".join(
        f'<category render="true" symbol="{number}" value={quoteattr(value)} label={quoteattr(label)}/>'
        for number, (value, label, _) in enumerate(rows)
    )
    symbols = "".join(symbol.replace("NAME", str(number)) for number, (_, _, symbol) in enumerate(rows))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{field}" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(style: LineStyle, dimension: int) -> str:
    if dimension == _POINT:
        options = {"color": _rgb(style.colour), "name": "circle", "size": f"{style.width * _MM:.2f}", "size_unit": "MM"}
        return _wrapped("marker", "SimpleMarker", options)
    if dimension == _AREA:
        options = {"color": _rgb(style.colour), "style": "solid", "outline_color": "17,17,17,255"}
        return _wrapped("fill", "SimpleFill", options)
    options = {
        "line_color": _rgb(style.colour),
        "line_width": f"{style.width * _MM:.2f}",
        "line_width_unit": "MM",
        "capstyle": "flat",
        "use_custom_dash": "1" if style.dash else "0",
        "customdash": ";".join(f"{length * _MM:.2f}" for length in style.dash) or "5;2",
        "customdash_unit": "MM",
    }
    return _wrapped("line", "SimpleLine", options)


def _area(style: AreaStyle) -> str:
    options = {
        "color": _rgb(style.fill),
        "style": "solid",
        "outline_color": _rgb(style.stroke),
        "outline_width": f"{style.width * _MM:.2f}",
        "outline_width_unit": "MM",
        "outline_style": "dash" if style.dash else "solid",
    }
    return _wrapped("fill", "SimpleFill", options)


def _wrapped(kind: str, layer: str, options: Mapping[str, str]) -> str:
    listed = "".join(
        f'<Option name="{name}" value={quoteattr(value)} type="QString"/>' for name, value in options.items()
    )
    return (
        f'<symbol type="{kind}" name="NAME" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{listed}</Option></layer></symbol>'
    )


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
