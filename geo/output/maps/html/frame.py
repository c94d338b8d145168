"""The HTML round a map: heading with search, legend panel, source line. Every text of the data is escaped."""

from __future__ import annotations

from html import escape

from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.legend import card_html, hatches, label_html, legend_html, sources_html, styles_of
from geo.output.shared.theme import theme


def heading(drawing: Drawing) -> str:
    """Title, day, data version, search box and notices of a page."""
    look = theme()
    version = f" · {label_html(look.text('version'))} {escape(drawing.version)}" if drawing.version else ""
    notices = "".join(f'<p class="notice" role="note">{label_html(notice)}</p>' for notice in drawing.notices)
    hint = look.text("search_hint")
    return (
        f'<a class="skip" href="#search">{label_html(look.text("skip"))}</a>{hatches(styles_of(drawing))}'
        f'<header><div class="titles"><h1>{label_html(drawing.title)}</h1>'
        f"<p>{label_html(drawing.subtitle)}</p>"
        f'<p class="day">{label_html(look.text("day"))} <b>{escape(drawing.day)}</b>{version}</p></div>'
        f'<div class="search" role="search"><label for="search">{label_html(look.text("search"))}</label>'
        f'<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="{escape(hint.vi)}" '
        f'title="{escape(str(hint))}" role="combobox" aria-expanded="false" aria-controls="found" '
        'aria-autocomplete="list"><ul id="found" role="listbox" hidden></ul>'
        f'<p class="status" role="status"></p></div>{notices}</header>'
        f"<noscript><p>{label_html(look.text('no_script'))}</p></noscript>"
    )


def panel(drawing: Drawing) -> str:
    """The legend, and the places that the scripts fill: switches of layers, list of sites."""
    look = theme()
    name = look.text("legend")
    cards = "".join(f'<section class="cards">{card_html(card)}</section>' for card in drawing.cards)
    return (
        f'<aside aria-label="{escape(str(name))}"><details open><summary>{label_html(name)}</summary>'
        f"{legend_html(drawing.legend)}{cards}"
        f'<section class="switches"><h2>{label_html(look.text("layers"))}</h2><ul></ul></section>'
        '<section class="list"></section></details></aside>'
    )


def footer(drawing: Drawing) -> str:
    """The source line with licences."""
    look = theme()
    caution = label_html(look.text("not_survey"))
    return (
        f"<footer><b>{label_html(look.text('sources'))}:</b> {sources_html(drawing.sources)} "
        f'<span class="tiles"></span> <span>{caution}</span></footer>'
    )
