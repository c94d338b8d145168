"""The HTML round a map: heading with search, legend panel, source line. Every text of the data is escaped."""

from __future__ import annotations

from html import escape

from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.legend import card_html, hatches, legend_html, sources_html, styles_of
from geo.output.maps.drawing.wording import map_words, themed


def heading(drawing: Drawing) -> str:
    """Title, day, data version, search box and notices of a page."""
    version = f" · {_themed(drawing, 'version')} {escape(drawing.version)}" if drawing.version else ""
    notices = "".join(f'<p class="notice" role="note">{escape(notice)}</p>' for notice in drawing.notices)
    said = f'<div class="notices">{notices}</div>' if notices else ""
    hint = _themed(drawing, "search_hint")
    return (
        f'<a class="skip" href="#search">{_themed(drawing, "skip")}</a>{hatches(styles_of(drawing))}'
        f'<header><div class="titles"><h1>{escape(drawing.title)}</h1>'
        f"<p>{escape(drawing.subtitle)}</p>"
        f'<p class="day">{_themed(drawing, "day")} <b>{escape(drawing.day)}</b>{version}</p></div>'
        f'<div class="search" role="search"><label for="search">{_themed(drawing, "search")}</label>'
        f'<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="{hint}" '
        f'title="{hint}" role="combobox" aria-expanded="false" aria-controls="found" '
        'aria-autocomplete="list"><ul id="found" role="listbox" hidden></ul>'
        f'<p class="status" role="status"></p></div>{said}</header>'
        f"<noscript><p>{_themed(drawing, 'no_script')}</p></noscript>"
    )


def panel(drawing: Drawing) -> str:
    """The legend, and the places that the scripts fill: switches of layers, list of sites."""
    words, name = map_words(drawing.lang), _themed(drawing, "legend")
    cards = "".join(f'<section class="cards">{card_html(card, words)}</section>' for card in drawing.cards)
    return (
        f'<aside aria-label="{name}"><details open><summary>{name}</summary>'
        f'<div class="groups">{legend_html(drawing.legend, words)}</div>'
        f'<section class="key" tabindex="0" hidden><h2>{_themed(drawing, "numbers")}</h2><ol></ol></section>{cards}'
        f'<section class="switches"><h2>{_themed(drawing, "layers")}</h2><ul></ul></section>'
        '<section class="list"></section></details></aside>'
    )


def footer(drawing: Drawing) -> str:
    """The source line with licences."""
    return (
        f"<footer><b>{_themed(drawing, 'sources')}:</b> {sources_html(drawing.sources)} "
        f'<span class="tiles"></span> <span>{_themed(drawing, "not_survey")}</span></footer>'
    )


def _themed(drawing: Drawing, key: str) -> str:
    return escape(themed(map_words(drawing.lang), key))
