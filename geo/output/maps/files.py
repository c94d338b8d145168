"""A map as a file: a page that opens without any network, or a picture for print."""

from __future__ import annotations

from geo.output.maps.drawing.drawing import Drawing


def page(drawing: Drawing, paper: str) -> bytes:  # noqa: ARG001  (every writer of maps takes a paper size)
    """The map as one HTML file."""
    from geo.output.maps.html.page import folium_map, render

    return render(folium_map(drawing)).encode("utf-8")


def png(drawing: Drawing, paper: str) -> bytes:
    """The map as a PNG of 300 dots an inch."""
    return _picture(drawing, paper, "png")


def svg(drawing: Drawing, paper: str) -> bytes:
    """The map as SVG, its letters as text."""
    return _picture(drawing, paper, "svg")


def pdf(drawing: Drawing, paper: str) -> bytes:
    """The map as a PDF of one sheet."""
    return _picture(drawing, paper, "pdf")


def _picture(drawing: Drawing, paper: str, kind: str) -> bytes:
    from geo.output.maps.picture.figure import picture

    return picture(drawing, paper, kind)
