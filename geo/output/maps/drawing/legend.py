"""The parts of a page that are plain HTML and SVG: hatch patterns, swatches, legend, sources."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from geo.i18n.translator import Translator
from geo.output.maps.drawing.drawing import Card, Drawing, LegendEntry, LegendGroup, Source, Table
from geo.output.maps.drawing.wording import themed
from geo.output.shared.theme import AreaStyle, Hatch, LineStyle, PointStyle, Style


def hatches(styles: Iterable[Style]) -> str:
    """An unseen SVG with the pattern of every hatched area style: `url(#hatch-NAME)` fills with it."""
    areas = {style.name: style for style in styles if isinstance(style, AreaStyle) and style.hatch}
    patterns = "".join(_pattern(style, style.hatch) for _, style in sorted(areas.items()) if style.hatch)
    return f'<svg class="hatches" width="0" height="0" aria-hidden="true"><defs>{patterns}</defs></svg>'


def swatch(style: Style) -> str:
    """A sample of a style, 34 by 20 pixels."""
    if isinstance(style, LineStyle):
        drawn = _line_sample(style)
    elif isinstance(style, PointStyle):
        drawn = f'<circle cx="17" cy="10" r="{style.radius:g}" {_paint(style.fill, style.stroke, style.width)}/>'
    else:
        fill = f"url(#hatch-{style.name})" if style.hatch else style.fill
        dash = _dash(style.dash)
        drawn = f'<rect x="2" y="2" width="30" height="16" {_paint(fill, style.stroke, style.width)}{dash}/>'
    return f'<svg class="swatch" width="34" height="20" aria-hidden="true">{drawn}</svg>'


def legend_html(groups: Iterable[LegendGroup], words: Translator) -> str:
    """The legend: a heading and a list for each group."""
    return "".join(
        f"<section><h2>{escape(group.heading)}</h2>"
        f"<ul>{''.join(_entry(entry, words) for entry in group.entries)}</ul></section>"
        for group in groups
    )


def card_html(card: Card, words: Translator) -> str:
    """A card that stands open beside the map, as the scripts would show it in a pop-up."""
    facts = "".join(f"<dt>{_themed(fact.key, words)}</dt><dd>{escape(fact.value)}</dd>" for fact in card.facts)
    links = "".join(f'<a class="link" href="{escape(link.href)}">{_themed(link.key, words)}</a>' for link in card.links)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in card.notes)
    subtitle = f'<p class="subtitle">{escape(card.subtitle)}</p>' if card.subtitle else ""
    listed = f"<dl>{facts}</dl>" if facts else ""
    tables = "".join(_table(table, words) for table in card.tables)
    return f'<article class="card"><h2>{escape(card.title)}</h2>{subtitle}{tables}{notes}{listed}{links}</article>'


def sources_html(sources: Iterable[Source]) -> str:
    """The source line; a source with an address is a link."""
    return " ".join(f"<span>{_source(source)}.</span>" for source in sources)


def styles_of(drawing: Drawing) -> list[Style]:
    """Every style that a drawing or its legend uses."""
    used = [feature.style for layer in drawing.layers for feature in layer.features]
    return used + [entry.style for group in drawing.legend for entry in group.entries]


def _themed(key: str, words: Translator) -> str:
    return escape(themed(words, key))


def _table(table: Table, words: Translator) -> str:
    names = [_themed(key, words) for key in table.head]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(f"<tr>{_cells(row, names)}</tr>" for row in table.rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(row: tuple[str, ...], names: list[str]) -> str:
    first = f'<th scope="row">{escape(row[0])}</th>'
    rest = zip(row[1:], names[1:], strict=True)
    return first + "".join(f'<td data-name="{name}">{escape(cell)}</td>' for cell, name in rest)


def _entry(entry: LegendEntry, words: Translator) -> str:
    number = "" if entry.count is None else f' <span class="count">{words.number(entry.count)}</span>'
    return f"<li>{swatch(entry.style)}<span>{escape(entry.label)}</span>{number}</li>"


def _source(source: Source) -> str:
    label = escape(source.label)
    return f'<a href="{escape(source.link)}" rel="noreferrer">{label}</a>' if source.link else label


def _line_sample(style: LineStyle) -> str:
    path = '<path d="M1 10H33" fill="none"'
    edge = f'{path} stroke="{style.casing}" stroke-width="{style.width + 3:g}"/>' if style.casing else ""
    return f'{edge}{path} stroke="{style.colour}" stroke-width="{style.width:g}"{_dash(style.dash)}/>'


def _paint(fill: str, stroke: str, width: float) -> str:
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"'


def _dash(dash: tuple[float, ...]) -> str:
    return f' stroke-dasharray="{" ".join(f"{length:g}" for length in dash)}"' if dash else ""


def _pattern(style: AreaStyle, hatch: Hatch) -> str:
    step = f"{hatch.spacing:g}"
    turn = "" if hatch.kind == "dots" else ' patternTransform="rotate(45)"'
    return (
        f'<pattern id="hatch-{style.name}" width="{step}" height="{step}" patternUnits="userSpaceOnUse"{turn}>'
        f'<rect width="{step}" height="{step}" fill="{style.fill}"/>{_ink(hatch)}</pattern>'
    )


def _ink(hatch: Hatch) -> str:
    middle = f"{hatch.spacing / 2:g}"
    if hatch.kind == "dots":
        return f'<circle cx="{middle}" cy="{middle}" r="{hatch.weight:g}" fill="{hatch.ink}"/>'
    across = f"M{middle} 0V{hatch.spacing:g}"
    path = f"{across}M0 {middle}H{hatch.spacing:g}" if hatch.kind == "cross" else across
    return f'<path d="{path}" stroke="{hatch.ink}" stroke-width="{hatch.weight:g}"/>'
