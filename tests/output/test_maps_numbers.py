"""Wards whose names find no room have a number, and the key lists what it means: on pages and in pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.output import maps
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.numbers import ward_numbers
from geo.output.maps.picture.figure import picture
from geo.output.maps.picture.view import Written, draw_view
from geo.situation import Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def drawn(drawing: Drawing, **options: object) -> tuple[Written, list[str]]:
    """What is written on a map as large as that of an A4 sheet: numbers, and every text of the registers."""
    figure = Figure(figsize=(8.4, 6.4), dpi=150)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    written = draw_view(axes, replace(drawing), 150, **options)  # type: ignore[arg-type]
    boxes = [text.get_window_extent() for text in axes.texts if text.get_fontweight() == "bold"]
    assert not any(box.overlaps(other) for rank, box in enumerate(boxes) for other in boxes[rank + 1 :])
    return written, [text.get_text().replace("\n", " ") for text in axes.texts]


def test_every_ward_of_hue_is_on_its_picture_by_name_or_number(hue: Situation) -> None:
    drawing = maps.overview_drawing(hue)
    numbers = ward_numbers(drawing.layers)
    written, texts = drawn(drawing, numbers=numbers)
    assert {"Thuận Hóa", "Phú Xuân", "Vỹ Dạ"} <= set(written.numbered.values())
    named = set(texts) & set(numbers)
    assert named | set(written.numbered.values()) == set(hue.wards["name"])
    assert not named & set(written.numbered.values())
    assert {str(number) for number in written.numbered} <= set(texts)
    assert {numbers[name] for name in written.numbered.values()} == set(written.numbered)


def test_without_a_key_there_are_no_numbers(hue: Situation) -> None:
    written, texts = drawn(maps.overview_drawing(hue))
    assert not written.numbered
    assert not [text for text in texts if text.isdigit()]


def test_the_legend_of_a_picture_lists_the_numbers(hue: Situation) -> None:
    sheet = picture(maps.overview_drawing(hue, lang="en"), kind="svg").decode("utf-8")
    number = ward_numbers(maps.overview_drawing(hue).layers)["Thuận Hóa"]
    assert "Numbers for ward names" in sheet
    assert f"{number}\N{NO-BREAK SPACE}Thuận\N{NO-BREAK SPACE}Hóa" in sheet


def test_a_city_without_a_list_of_sites_has_no_legend_of_levels(hue: Situation, hanoi: Situation) -> None:
    assert len(maps.overview_drawing(hue).legend) == 1
    assert len(maps.overview_drawing(hanoi).legend) == 2


@pytest.fixture(scope="module")
def page(browser: Browser, hue: Situation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The overview of Huế in a window of an office."""
    file = tmp_path_factory.mktemp("numbers") / "map.html"
    file.write_text(maps.render(maps.overview(hue)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    made = context.new_page()
    made.goto(file.as_uri())
    made.wait_for_selector("[data-drawn]")
    yield made
    context.close()


@pytest.mark.browser
def test_a_page_lists_the_numbers_that_stand_on_it(page: Page, hue: Situation) -> None:
    numbers = ward_numbers(maps.overview_drawing(hue).layers)
    listed = page.locator(".key li").all_inner_texts()
    on_map = set(page.locator(".mark-number").all_inner_texts()) | {
        text.replace("\n", " ") for text in page.locator(".mark-ward").all_inner_texts()
    }
    assert f"{numbers['Thuận Hóa']}Thuận Hóa" in [text.replace("\n", "").replace("\t", "") for text in listed]
    assert all((str(number) in on_map) != (name in on_map) for name, number in numbers.items())


@pytest.mark.browser
def test_nearer_the_names_come_back(page: Page) -> None:
    before = page.locator(".key li").count()
    page.fill("#search", "vy da")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h3")
    page.keyboard.press("Escape")
    page.wait_for_selector(".mark-ward:has-text('Vỹ Dạ')", state="attached")
    assert page.locator(".key li").count() < before
    assert "Vỹ Dạ" in page.locator(".mark-ward").all_inner_texts()
