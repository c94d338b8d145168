"""Pictures for print: size, resolution, the same bytes, names that do not collide, and nothing blank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from geo.errors import InputError
from geo.output import maps
from geo.output.maps.drawing.drawing import Card, LegendGroup, Mark, Table
from geo.output.maps.picture.figure import picture
from geo.output.maps.picture.labels import place_marks, wrap
from geo.output.maps.picture.locator import draw_locator
from geo.output.maps.picture.margin import draw_legend
from geo.output.maps.picture.view import frame_view
from geo.reference.crs import to_metric
from geo.situation import Situation


@pytest.fixture(scope="module")
def sheet(hanoi: Situation) -> bytes:
    return picture(maps.overview_drawing(hanoi))


def test_a4_across_at_300_dots_an_inch(sheet: bytes) -> None:
    image = Image.open(BytesIO(sheet))
    assert image.format == "PNG"
    assert image.size == pytest.approx((297 / 25.4 * 300, 210 / 25.4 * 300), abs=2)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_same_drawing_same_bytes(hanoi: Situation, sheet: bytes) -> None:
    assert picture(maps.overview_drawing(hanoi)) == sheet


def test_the_map_stays_readable_in_grey(sheet: bytes) -> None:
    grey = np.asarray(Image.open(BytesIO(sheet)).convert("L"))
    middle = grey[400:2100, 150:2600]
    shades = np.histogram(middle, bins=8, range=(0, 255))[0] / middle.size
    # Wards outside (light), expansion, pilot (middle) and ink (dark) all have their share.
    assert shades[7] > 0.1
    assert shades[4:6].sum() > 0.1
    assert shades[:3].sum() > 0.01


def test_a3_and_no_other_paper(hue: Situation) -> None:
    image = Image.open(BytesIO(picture(maps.overview_drawing(hue), "A3")))
    assert image.size == pytest.approx((420 / 25.4 * 300, 297 / 25.4 * 300), abs=2)
    with pytest.raises(InputError, match="Letter"):
        picture(maps.overview_drawing(hue), "Letter")


@pytest.mark.parametrize("kind", ["site", "ward", "compare"])
def test_the_other_maps_have_pictures_too(hanoi: Situation, kind: str) -> None:
    wards = hanoi.wards.copy()
    wards.loc[0, "phase"] = "none"
    drawing = {
        "site": lambda: maps.site_drawing(hanoi, "HN-I-7"),
        "ward": lambda: maps.ward_drawing(hanoi, str(hanoi.wards["code"].iloc[0])),
        "compare": lambda: maps.compare_drawing(hanoi, replace(hanoi, wards=wards, day=date(2026, 12, 17))),
    }[kind]()
    image = np.asarray(Image.open(BytesIO(picture(drawing))).convert("L"))
    assert np.unique(image).size > 50


def test_names_find_room_or_stay_away() -> None:
    figure = Figure(figsize=(6, 4), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(585_000, 591_000)
    axes.set_ylim(2_325_000, 2_329_000)
    marks = [Mark(105.84 + n * 0.0005, 21.02, f"I.{n}", "site") for n in range(12)]
    marks += [Mark(105.84 + n * 0.002, 21.021, "Văn Miếu - Quốc Tử Giám", "ward", 2000.0) for n in range(8)]
    place_marks(axes, marks, "01", 100, [])
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) >= 12
    for rank, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[rank + 1 :])


@pytest.mark.parametrize("end", [(0.01, 0.0), (0.0, 0.01), (0.007, 0.007), (-0.006, 0.008), (0.0, -0.01)])
def test_the_words_of_ticks_stand_beside_their_route(end: tuple[float, float]) -> None:
    start = (105.8, 21.0)
    marks = [Mark(start[0] + end[0] * i / 4, start[1] + end[1] * i / 4, f"{i}.000 m", "tick") for i in range(5)]
    figure = Figure(figsize=(6, 6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    box = (min(start[0], start[0] + end[0]), min(start[1], start[1] + end[1]))
    far = (max(start[0], start[0] + end[0]), max(start[1], start[1] + end[1]))
    frame_view(axes, (box[0] - 0.004, box[1] - 0.004, far[0] + 0.004, far[1] + 0.004), "01")
    place_marks(axes, marks, "01", 100, [])
    ends = shapely.points([start, (start[0] + end[0], start[1] + end[1])])
    route = shapely.LineString(axes.transData.transform(shapely.get_coordinates(to_metric(ends, "01"))))
    boxes = [shapely.box(*text.get_window_extent().extents) for text in axes.texts]
    assert len(boxes) == 5
    assert not any(route.intersects(box) for box in boxes)


def test_a_long_legend_is_set_smaller_not_cut(hanoi: Situation) -> None:
    drawing = maps.overview_drawing(hanoi)
    rows = tuple((f"Phường số {n}", "1.234 m", "10,0 %", "–", "Khớp kế hoạch") for n in range(40))
    long = replace(
        drawing, cards=(Card("Bảng", tables=(Table(("ward", "metres", "share", "border", "check"), rows),)),)
    )
    figure = Figure(figsize=(62 / 25.4, 160 / 25.4), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    draw_legend(axes, long, 62, 160)
    figure.canvas.draw()
    frame = figure.bbox
    for text in axes.texts:
        box = text.get_window_extent()
        assert box.y0 >= frame.y0 - 1
        assert box.x1 <= frame.x1 + 1
    assert any("Phường số 39" in text.get_text() for text in axes.texts)


def test_an_empty_legend_group_does_no_harm(hue: Situation) -> None:
    drawing = maps.overview_drawing(hue)
    assert picture(replace(drawing, legend=(*drawing.legend, LegendGroup(drawing.title, ()))))


def test_wrap_breaks_near_the_middle() -> None:
    assert wrap("Yên Hoà") == "Yên Hoà"
    assert wrap("Văn Miếu - Quốc Tử Giám") == "Văn Miếu -\nQuốc Tử Giám"


@pytest.mark.parametrize("site_id", ["HN-I-1", "HN-I-7", "HN-II-3"])
def test_the_small_map_covers_nothing_of_the_site(hanoi: Situation, site_id: str) -> None:
    drawing = maps.site_drawing(hanoi, site_id)
    figure = Figure(figsize=(8, 6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    frame_view(axes, drawing.focus, drawing.province_code)
    box = draw_locator(axes, drawing)
    assert box is not None
    route = hanoi.sites.set_index("site_id").geometry[site_id]
    places = shapely.get_coordinates(to_metric(np.array([shapely.segmentize(route, 1e-4)]), drawing.province_code))
    assert not any(box.contains(x, y) for x, y in axes.transData.transform(places))
    small = axes.child_axes[0]
    (left, right), (low, high) = small.get_xlim(), small.get_ylim()
    city = to_metric(np.array([hanoi.wards.union_all()]), drawing.province_code)
    west, south, east, north = shapely.total_bounds(city)
    assert left < west < east < right
    assert low < south < north < high


def test_a_city_that_is_shown_whole_needs_no_small_map(hue: Situation) -> None:
    drawing = maps.overview_drawing(hue)
    figure = Figure(figsize=(8, 6))
    assert draw_locator(figure.add_axes((0, 0, 1, 1)), replace(drawing, focus=drawing.bounds)) is None
