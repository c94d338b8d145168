"""Maps that show the sea as far have Hoàng Sa and Trường Sa; others go no further than what their base knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.output import maps
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.html.page import folium_map, render
from geo.output.maps.picture.view import draw_view
from geo.situation import Situation

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

FAR = (106.0, 15.0, 113.5, 18.0)
"""From Huế to beyond Hoàng Sa."""
NAME = "Quần đảo Hoàng Sa (Việt Nam)"


def far(situation: Situation) -> Drawing:
    return replace(maps.overview_drawing(situation), focus=FAR, bounds=FAR)


@pytest.mark.parametrize("wide", [True, False])
def test_a_picture_has_the_islands_that_lie_on_it(hue: Situation, wide: bool) -> None:
    figure = Figure(figsize=(6, 4), dpi=60)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    draw_view(axes, far(hue) if wide else maps.overview_drawing(hue), 60)
    texts = [text.get_text() for text in axes.texts]
    assert (NAME in texts) == wide
    assert "Quần đảo Trường Sa (Việt Nam)" not in texts


@pytest.mark.browser
def test_a_page_has_them_and_goes_no_further_than_its_base(browser: Browser, hue: Situation, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    for drawing, names in ((far(hue), [NAME]), (maps.overview_drawing(hue), [])):
        (tmp_path / "map.html").write_text(render(folium_map(drawing)), encoding="utf-8")
        page.goto((tmp_path / "map.html").as_uri())
        page.wait_for_selector("[data-drawn]")
        assert page.locator(".island-name").all_inner_texts() == names
    for _ in range(8):
        page.click(".button-zoom_out")
    page.keyboard.press("Home")
    label = page.inner_text(".leaflet-control-scale-line")
    page.click(".button-zoom_out")
    assert page.inner_text(".leaflet-control-scale-line") == label
    assert int(label.split()[0]) <= 30
    context.close()
