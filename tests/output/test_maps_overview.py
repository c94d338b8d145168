"""The overview map as a file: complete, self-contained, small, the same every time, and harmless."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace

import folium
import pytest

import geo
from geo.output.maps import Links, overview, overview_drawing, render
from geo.output.maps.html.assets import scripts, styles
from geo.output.shared.theme import theme
from geo.situation import Situation

ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+[^\s\"'<>)]*", re.I)


@pytest.fixture(scope="module")
def page(hanoi: Situation) -> str:
    return render(overview(hanoi))


def layer_data(page: str, key: str) -> dict:  # type: ignore[type-arg]
    found = re.search(rf"var feature_layer_{key} = diaban\.layer\(\w+, (.*)\)\.addTo", page)
    assert found
    data: dict = json.loads(found[1])  # type: ignore[type-arg]
    return data


def test_it_is_a_folium_map(hanoi: Situation) -> None:
    assert isinstance(overview(hanoi), folium.Map)
    assert isinstance(geo.overview_map(), folium.Map)


def test_a_city_fits_in_one_megabyte(page: str) -> None:
    assert len(page.encode("utf-8")) <= 1_000_000


def test_no_address_of_another_host_but_source_links(page: str) -> None:
    allowed = set(theme().links.values())
    links = set(re.findall(r'<a href="([^"]+)" rel="noreferrer">', page))
    assert links <= allowed
    rest = page
    for link in allowed:
        rest = rest.replace(link, "")
    assert not ADDRESS.findall(rest)


def test_nothing_of_the_carried_files_points_outside() -> None:
    assert not ADDRESS.findall(scripts() + styles())
    assert "sourceMappingURL" not in scripts()
    assert not re.findall(r"url\((?!data:|#)", styles())
    assert "leaflet-attribution-flag" not in scripts()


def test_the_page_forbids_its_browser_to_load_anything(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]


def test_same_situation_same_bytes(hanoi: Situation, page: str) -> None:
    assert render(overview(hanoi)) == page
    chart = overview(hanoi)
    assert render(chart) == render(chart) == page


def test_all_wards_and_sites_are_there(page: str, hanoi: Situation) -> None:
    wards, sites = layer_data(page, "wards"), layer_data(page, "sites")
    styles_used = [feature["style"] for feature in wards["features"]]
    assert [styles_used.count(name) for name in ("pilot", "expansion", "none")] == [42, 6, 78]
    assert {feature["id"] for feature in sites["features"]} == {f"site-{i}" for i in hanoi.sites["site_id"]}
    assert len(sites["features"]) == 12


def test_coordinates_come_back_as_they_were(page: str, hanoi: Situation) -> None:
    sites = layer_data(page, "sites")
    shapes = json.loads(gzip.decompress(base64.b64decode(sites["packed"])))
    for parts, line in zip(shapes, hanoi.sites.geometry, strict=True):
        lat = lng = 0
        places = []
        for step in zip(parts[0][::2], parts[0][1::2], strict=True):
            lat, lng = lat + step[0], lng + step[1]
            places.append((lng / sites["scale"], lat / sites["scale"]))
        for end, place in ((line.coords[0], places[0]), (line.coords[-1], places[-1])):
            assert place == pytest.approx(end[:2], abs=1e-6)


def test_pop_ups_say_what_the_crossings_say(hanoi: Situation) -> None:
    card = overview_drawing(hanoi).layer("sites").features[0].card
    assert card
    rows = hanoi.crossings[hanoi.crossings["site_id"] == hanoi.sites["site_id"].iloc[0]]
    assert len(card.tables[0].rows) == len(rows)
    shown = [row[1] for row in card.tables[0].rows]
    assert shown == [f"{length:,.0f}\N{NO-BREAK SPACE}m".replace(",", ".") for length in rows["length_m"]]
    verdicts = {str(row[-1]) for row in card.tables[0].rows}
    assert theme().text("confirmed").vi in verdicts


def test_language_title_day_legend_and_sources_are_stated(page: str) -> None:
    assert '<html lang="vi">' in page
    assert "<title>Bản đồ tổng quan địa bàn – Hà Nội: 126 xã, phường, 12 địa điểm – 17/06/2026</title>" in page
    for words in ("Chú giải", "17/06/2026", "ODbL 1.0", "MIT", "Kế hoạch 07/KH-UBND"):
        assert words in page
    for name in ("pilot", "expansion"):
        assert f'<pattern id="hatch-{name}"' in page


def test_a_map_speaks_one_language(hanoi: Situation, page: str) -> None:
    english = render(overview(hanoi, lang="en"))
    assert '<html lang="en">' in english
    assert "<title>Overview map – Hanoi: 126 wards, 12 sites – 17 June 2026</title>" in english
    card = overview_drawing(hanoi, lang="en").layer("sites").features[0].card
    assert card
    rows = hanoi.crossings[hanoi.crossings["site_id"] == hanoi.sites["site_id"].iloc[0]]
    assert [row[1] for row in card.tables[0].rows] == [f"{m:,.0f}\N{NO-BREAK SPACE}m" for m in rows["length_m"]]
    vietnamese, english = (made.replace(scripts(), "") for made in (page, english))
    for key, label in theme().texts.items():
        if label.vi != label.en:
            # As a text of its own: notes of the registers hold some of these words.
            assert not re.search(rf'[">]{re.escape(label.en)}("(?!:)|<)', vietnamese), key
            assert not re.search(rf'[">]{re.escape(label.vi)}("(?!:)|<)', english), key


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "{{ 7 * 7 }}{% x"]
)
def test_a_name_never_becomes_markup(hanoi: Situation, name: str) -> None:
    wards, sites = hanoi.wards.copy(), hanoi.sites.copy()
    wards.loc[0, ["name", "full_name"]] = name
    sites.loc[0, ["name", "note", "document"]] = name
    made = render(overview(replace(hanoi, wards=wards, sites=sites, data_version=name)))
    assert name not in made.replace("&lt;", "‹") or "<" not in name
    assert made.count("<script") == render(overview(hanoi)).count("<script")
    assert made.count("</script>") == made.count("<script")
    assert layer_data(made, "wards")["features"][0]["card"]["title"] == name
    sites_data = layer_data(made, "sites")
    assert sites_data["words"][sites_data["features"][0]["card"]["facts"][-1][1]] == name


def test_links_lead_to_dossiers(hanoi: Situation) -> None:
    drawing = overview_drawing(hanoi, Links(site="dossiers/{id}.pdf", ward="wards/{code}"))
    site, ward = (drawing.layer(key).features[0].card for key in ("sites", "wards"))
    assert site and site.links[0].href == "dossiers/HN-I-1.pdf"
    assert ward and ward.links[0].href == f"wards/{hanoi.wards['code'].iloc[0]}"


def test_a_city_without_a_site_list_says_so(hue: Situation) -> None:
    drawing = overview_drawing(hue)
    assert len(drawing.layers[0].features) == 40
    assert drawing.notices == (theme().text("no_sites").vi,)
    page = render(overview(hue))
    assert theme().text("no_sites").vi in page
    assert len(page.encode("utf-8")) <= 1_000_000


def test_tiles_are_a_setting(hanoi: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_TILES_URL", "https://tiles.example.org/{z}/{x}/{y}.png")
    with pytest.raises(geo.errors.InputError, match="DIABAN_TILES_ATTRIBUTION"):
        overview(hanoi)
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example <b>")
    page = render(overview(hanoi))
    assert "img-src data: https://tiles.example.org;" in page
    assert "https://tiles.example.org/{z}/{x}/{y}.png" in page
    assert "<b>" not in page.split("diaban.map(")[1].split("\n")[0]


def test_a_tile_address_without_places_is_refused(hanoi: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_TILES_URL", "https://tiles.example.org/map.png")
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example")
    with pytest.raises(geo.errors.InputError, match="DIABAN_TILES_URL"):
        overview(hanoi)
