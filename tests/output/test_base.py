"""The base under the maps: read from its file, carried by pages that stand alone, drawn and named in pictures."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from site_ends import ENDS

from geo.errors import InputError
from geo.output import maps
from geo.output.maps.background.basemap import MOST_BYTES
from geo.output.maps.picture.shapes import tint
from geo.output.maps.picture.view import draw_view
from geo.output.shared.theme import lightness, theme
from geo.reference.base import base_of, rows_within
from geo.reference.base.read import decoded
from geo.reference.build.base.zooms import FIRST_ZOOM
from geo.reference.cities import City, cities, city
from geo.reference.crs import to_metric
from geo.situation import Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LACKS_STREETS = f'role="note">{theme().text("lacks_streets").vi}<'
SITES = [f"HN-I-{n}" for n in range(1, 8)] + [f"HN-II-{n}" for n in range(1, 6)]


def carried(html: str) -> dict[str, str]:
    """The tiles in a page."""
    found = re.search(r"diaban\.base\(\w+, (.*)\);\n", html)
    assert found
    tiles: dict[str, str] = json.loads(found[1])["tiles"]
    return tiles


@pytest.fixture(scope="module")
def site_pages(hanoi: Situation) -> dict[str, str]:
    """The page of every site."""
    return {site: maps.render(maps.site(hanoi, site)) for site in SITES}


@pytest.mark.parametrize("place", cities(), ids=lambda place: place.slug)
def test_every_city_has_a_base_with_all_its_layers(place: City) -> None:
    base = base_of(place)
    assert base is not None
    assert "OpenStreetMap" in base.attribution
    assert "OpenMapTiles" in base.attribution
    west, south, east, north = base.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    rows = rows_within(base, (*middle, middle[0] + 0.2, middle[1] + 0.2), 14)
    assert {"land", "water", "streets"} <= rows.keys()
    for layer, table in rows.items():
        assert set(table.kind) <= FIRST_ZOOM[layer].keys()


def test_all_bases_together_are_small() -> None:
    files = [base.path for place in cities() if (base := base_of(place)) is not None]
    assert sum(file.stat().st_size for file in files) < 12_000_000


def test_a_street_is_where_it_is_and_bears_its_name(hanoi: Situation) -> None:
    base = base_of(city("hanoi"))
    assert base is not None
    route = hanoi.sites.set_index("site_id").geometry["HN-II-3"]
    rows = rows_within(base, route.bounds, 14)["streets"]
    yersin = shapely.union_all(rows.geometries[rows.name == "Phố Yersin"])
    assert shapely.hausdorff_distance(shapely.segmentize(route, 1e-4), yersin) < 0.002
    assert "Phố Yec Xanh" not in rows.name


def test_the_sea_lies_off_hue_and_neighbours_are_none() -> None:
    base = base_of(city("hue"))
    assert base is not None
    sea = rows_within(base, (107.0, 16.0, 108.6, 17.0), 9)["water"]
    area = shapely.union_all(shapely.make_valid(sea.geometries[sea.kind == "sea"]))
    assert shapely.covers(area, shapely.Point(108.2, 16.6))
    for land in ((106.9, 16.2), (107.2, 16.4), (107.58, 16.46)):  # Laos, A Lưới, the inner city
        assert not shapely.covers(area, shapely.Point(land))


def test_a_damaged_base_is_said_to_be_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data" / "base"
    folder.mkdir(parents=True)
    (folder / "hanoi.pmtiles").write_bytes(b"PMTiles\x03" + bytes(200))
    hanoi = city("hanoi")
    monkeypatch.setenv("DIABAN_DATA_DIR", str(folder.parent))
    with pytest.raises(InputError, match=r"hanoi\.pmtiles"):
        base_of(hanoi)
    assert base_of(city_like(hanoi, "elsewhere")) is None


def city_like(place: City, slug: str) -> City:
    return City(slug, place.province_code, place.name, place.name_en, place.epsg, place.site_prefix, place.programme)


@pytest.mark.parametrize("site", SITES)
def test_the_page_of_a_site_carries_every_street_near_it(
    hanoi: Situation, site_pages: dict[str, str], site: str
) -> None:
    html = site_pages[site]
    assert len(html.encode()) <= MOST_BYTES
    tiles = carried(html)
    route = hanoi.sites.set_index("site_id").geometry[site]
    base = base_of(city("hanoi"))
    assert base is not None
    near = shapely.buffer(route, 0.0135)  # 1.5 km of latitude, more than that of longitude
    there = rows_within(base, near.bounds, 14)["streets"]
    wanted = set(there.name[shapely.intersects(shapely.buffer(route, 0.012), there.geometries)]) - {""}
    names: set[str] = set()
    for key, data in tiles.items():
        zoom, x, y = map(int, key.split("/"))
        if zoom == 14:
            names |= set(decoded(base64.b64decode(data), zoom, x, y)["streets"].name)
    assert wanted <= names
    assert len(wanted) > 8


# Those with the least room, of 166 wards: dense streets, or long borders. `benchmarks.maps --sweep` tries every map.
@pytest.mark.parametrize(("place", "ward"), [("hanoi", "00097"), ("hanoi", "00145"), ("hue", "19819")])
def test_the_page_of_a_ward_carries_every_street_near_it(place: str, ward: str, request: pytest.FixtureRequest) -> None:
    situation: Situation = request.getfixturevalue(place)
    html = maps.render(maps.ward(situation, ward))
    assert len(html.encode()) <= MOST_BYTES
    assert LACKS_STREETS not in html
    base = base_of(city(place))
    assert base is not None
    shape = situation.wards.set_index("code").geometry[ward]
    west, south, east, north = shape.bounds
    there = rows_within(base, (west - 0.014, south - 0.014, east + 0.014, north + 0.014), 14)["streets"]
    code = city(place).province_code
    near = shapely.dwithin(to_metric(there.geometries, code), to_metric(np.array([shape]), code)[0], 1500)
    tiles = carried(html)
    written = {
        str(name)
        for key, data in tiles.items()
        if key.startswith("14/")
        for rows in [decoded(base64.b64decode(data), *map(int, key.split("/"))).get("streets")]
        if rows is not None
        for name in rows.name
    }
    assert set(there.name[near]) <= written | {""}
    assert {int(key.split("/")[0]) for key in tiles} == set(range(7, 15))


def test_a_page_without_room_for_every_street_says_so(hanoi: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = maps.ward(hanoi, "00097")
    whole = maps.render(chart)
    monkeypatch.setattr("geo.output.maps.html.page.MOST_BYTES", 600_000)
    short = maps.render(chart)
    assert LACKS_STREETS in short
    assert len(short.encode()) <= 600_000
    monkeypatch.undo()
    assert maps.render(chart) == whole


@pytest.mark.parametrize("place", cities(), ids=lambda place: place.slug)
def test_the_overview_carries_main_streets_and_water(place: City, request: pytest.FixtureRequest) -> None:
    html = maps.render(maps.overview(request.getfixturevalue(place.slug)))
    assert len(html.encode()) <= MOST_BYTES
    zooms = {int(key.split("/")[0]) for key in carried(html)}
    assert set(range(7, 13)) <= zooms


def test_a_served_page_carries_none(hanoi: Situation) -> None:
    from geo.output.maps import Links

    html = maps.render(maps.overview(hanoi, Links(base="/base/hanoi.pmtiles")))
    assert carried(html) == {}
    assert '"url":"/base/hanoi.pmtiles?v=' in html
    assert "connect-src 'self'" in html


@pytest.mark.parametrize("site", ENDS)
def test_a_picture_names_the_streets_at_both_ends_and_the_water_beside(hanoi: Situation, site: str) -> None:
    # As large as the map of an A4 sheet.
    figure = Figure(figsize=(8.07, 5.9), dpi=300)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    names = draw_view(axes, maps.site_drawing(hanoi, site), 300).names
    assert set(names) >= ENDS[site]
    boxes = [text.get_window_extent() for text in axes.texts if not text.get_rotation() and text.get_text() in names]
    for rank, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[rank + 1 :])
    assert min(text.get_fontsize() for text in axes.texts if text.get_text() in names) >= 5.5


@pytest.mark.browser
def test_every_page_of_a_site_names_the_streets_at_both_ends(
    site_pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    for site, ends in ENDS.items():
        html = site_pages[site]
        (tmp_path / f"{site}.html").write_text(html, encoding="utf-8")
        page.goto((tmp_path / f"{site}.html").as_uri())
        page.wait_for_selector("canvas.base-names[data-named]:not([data-named='0'])")
        written = set(page.evaluate("document.querySelector('canvas.base-names').named"))
        drawn = {
            str(name)
            for key, data in carried(html).items()
            if key.startswith("14/")
            for table in decoded(base64.b64decode(data), *map(int, key.split("/"))).values()
            for name in table.name
        }
        assert ends <= written | drawn, site
        assert written & ends, site
    context.close()


def test_the_base_is_lighter_than_every_register() -> None:
    look = theme()
    painted = [coat.fill or coat.colour for coat in look.base.paint if coat.layer not in ("rail", "borders")]
    assert min(map(lightness, painted)) > 78
    assert max(lightness(line.colour) for line in look.stretches) < 65


def test_water_and_green_differ_from_the_ground_in_grey() -> None:
    look = theme().base
    fills = {coat.kinds[0]: lightness(coat.fill) for coat in look.paint if coat.fill}
    assert lightness(look.ground) - fills["sea"] > 9
    assert np.ptp([fills["sea"], fills["wood"], fills["built"]]) > 6


def test_a_tint_makes_its_colour_of_white() -> None:
    phases = [f"#{part:06x}" for part in range(0, 1 << 24, 65521)]  # as programmes choose them
    for fill in (*phases, *(style.fill for style in theme().areas.values())):
        *colour, opacity = tint(fill)
        assert all(0 <= part <= 1 for part in (*colour, opacity)), fill
        made = [round((1 - opacity + opacity * part) * 255) for part in colour]
        assert "#" + "".join(f"{part:02x}" for part in made) == fill


@pytest.mark.browser
def test_a_map_that_stands_alone_finds_its_streets(
    site_pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "map.html"
    file.write_text(site_pages["HN-II-3"], encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("[data-drawn]")
    page.fill("#search", "lo duc")
    page.locator("#found li", has_text="Phố Lò Đúc").first.click()
    page.wait_for_selector(".leaflet-tooltip:has-text('Phố Lò Đúc')")
    context.close()
