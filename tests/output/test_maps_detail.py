"""Maps of a site, a ward, flags, coverage and two days: what they draw, what they say, and what they admit to lack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.coverage.attainment import attainment
from geo.analysis.flags import Flag
from geo.errors import InputError, UnknownSiteError, UnknownWardError
from geo.i18n.language import Lang
from geo.i18n.message import Message
from geo.output import maps
from geo.output.maps.drawing.drawing import Card, Drawing
from geo.output.maps.drawing.route import route_length, ticks
from geo.output.maps.drawing.wording import map_words
from geo.output.maps.kinds.compare import changes
from geo.output.shared.cells import known
from geo.output.shared.theme import LineStyle, PointStyle, theme
from geo.reference.programmes import load_programme
from geo.situation import Situation, from_registers
from geo.visibility import public

SITES = [f"HN-I-{n}" for n in range(1, 8)] + [f"HN-II-{n}" for n in range(1, 6)]


def texts(card: Card) -> str:
    cells = [cell for table in card.tables for row in table.rows for cell in row]
    return " | ".join(map(str, (*cells, *card.notes, *(fact.value for fact in card.facts))))


@pytest.fixture(scope="module")
def watched(hanoi: Situation) -> Situation:
    """Hà Nội with made-up reports on two sites and a flag of each level."""
    lines = hanoi.sites.set_index("site_id").geometry
    points = [lines["HN-I-4"].interpolate(share, normalized=True) for share in (0.2, 0.5, 0.8)]
    points += [lines["HN-I-5"].interpolate(0.5, normalized=True)]
    rows = {
        "day": [date(2026, 5, 1)] * 4,
        "kind": ["activity"] * 4,
        "status": ["confirmed", "unverified", "confirmed", "unverified"],
        "ward_code": [None] * 4,
    }
    reports = geopandas.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")
    wards = [str(code) for code in hanoi.crossings.loc[hanoi.crossings["site_id"] == "HN-I-4", "ward_code"]]
    flags = tuple(
        Flag(
            flag_id=f"f-{level}",
            rule="reactivation",
            level=level,
            site_id="HN-I-4",
            geometry=shape,
            wards=tuple((code, 1 / len(codes)) for code in codes),
            first_day=date(2026, 3, 1),
            last_day=date(2026, 5, 29),
            text_vi=f"Có 3 tin báo, mức {level}",
            text_en=f"3 reports, {level}",
            observed=3,
            expected=0.75,
            reasons=((2.5, "Giáp ranh", "Border"),),
        )
        for level, codes, shape in (
            ("watch", [str(hanoi.wards["code"].iloc[0])], lines["HN-I-4"]),
            ("alert", wards, lines["HN-I-4"].buffer(0.001)),
            ("warning", wards, points[0]),
        )
    )
    return replace(hanoi, reports=reports).with_flags(flags)


# ---- site -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site_id", SITES)
def test_a_site_shows_every_ward_that_it_crosses(hanoi: Situation, site_id: str) -> None:
    drawing = maps.site_drawing(hanoi, site_id)
    here = hanoi.crossings[hanoi.crossings["site_id"] == site_id]
    slivers = {code for a in hanoi.agreements if a.site_id == site_id for code in a.slivers}
    drawn = {feature.id.removeprefix("stretch-") for feature in drawing.layer("stretches").features}
    assert set(here["ward_code"]) - slivers <= drawn <= set(here["ward_code"])
    assert len(drawing.cards[0].tables[0].rows) == len(here)
    legend = drawing.legend[0].entries
    assert len({entry.style for entry in legend}) == len(legend)
    assert len(maps.render(maps.folium_map(drawing)).encode()) < 1_000_000


def test_a_site_says_what_is_declared_against_what_is_computed(hanoi: Situation) -> None:
    card = maps.site_drawing(hanoi, "HN-II-5").cards[0]
    assert theme().text("answered").vi in texts(card)
    assert theme().text("declared_blank").vi in texts(card)
    assert theme().text("undeclared").vi in texts(maps.site_drawing(hanoi, "HN-I-1").cards[0])


def test_an_unknown_site_is_named_with_the_nearest(hanoi: Situation) -> None:
    with pytest.raises(UnknownSiteError, match="HN-I-7"):
        maps.site_drawing(hanoi, "HN-I-77")


def test_ticks_stand_at_their_chainage() -> None:
    line = shapely.LineString([(105.8, 21.0), (105.82, 21.0), (105.82, 21.03)])
    marks = ticks(line, map_words("vi"))
    words = [feature.card.title for feature in marks if feature.card]
    assert words[:3] == ["0\xa0m", "500\xa0m", "1.000\xa0m"]
    assert words[-1] == f"{route_length(line):,.0f}\xa0m".replace(",", ".")
    assert len(marks) <= 13
    for feature in marks:
        chainage = float(feature.id.removeprefix("tick-"))
        so_far = shapely.ops.substring(line, 0, line.project(feature.geometry))
        walked = route_length(so_far) if so_far.geom_type == "LineString" else 0.0
        assert walked == pytest.approx(chainage, abs=1.0)


@given(st.lists(st.tuples(st.floats(105.7, 105.9), st.floats(20.9, 21.1)), min_size=2, max_size=12, unique=True))
def test_ticks_never_leave_the_route(points: list[tuple[float, float]]) -> None:
    line = shapely.LineString(points)
    marks = ticks(line, map_words("vi"))
    for feature in marks:
        assert shapely.distance(feature.geometry, line) < 1e-9
    assert 0 < len(marks) <= 14 or route_length(line) == 0


def test_a_point_and_an_area_are_sites_too(hanoi: Situation) -> None:
    sites = hanoi.sites.copy()
    middle = sites.geometry.iloc[3].interpolate(0.5, normalized=True)
    sites.loc[3, "geometry"] = middle
    sites.loc[4, "geometry"] = sites.geometry.iloc[4].buffer(0.001)
    made = from_registers(hanoi.day, "hanoi", hanoi.wards, sites)
    for site_id in ("HN-I-4", "HN-I-5"):
        assert "Chú giải" in maps.render(maps.site(made, site_id))
    assert "Chú giải" in maps.render(maps.overview(made))


# ---- ward -------------------------------------------------------------------------------------------------------------


def ward_of(situation: Situation, site_id: str) -> str:
    return str(situation.crossings.loc[situation.crossings["site_id"] == site_id, "ward_code"].iloc[0])


def test_a_ward_shows_its_own_reports_and_no_others(watched: Situation) -> None:
    code = ward_of(watched, "HN-I-4")
    shape = watched.wards.set_index("code").geometry[code]
    points = maps.ward_drawing(watched, code).layer("reports").features
    assert 0 < len(points) <= 3
    assert all(shapely.covers(shape, feature.geometry) for feature in points)


def test_a_public_ward_map_holds_no_report(watched: Situation) -> None:
    drawing = maps.ward_drawing(public(watched), ward_of(watched, "HN-I-4"))
    assert all(layer.key != "reports" for layer in drawing.layers)
    assert Message("visibility.reports-hidden").vi in drawing.notices
    page = maps.render(maps.folium_map(drawing))
    assert theme().points["report"].fill not in page.split("diaban.start")[0].split("feature_layer_")[-1]
    assert "Có 3 tin báo" not in page


def test_a_ward_shows_its_flags(watched: Situation) -> None:
    drawing = maps.ward_drawing(watched, ward_of(watched, "HN-I-4"))
    assert [card.subtitle for card in drawing.cards[1:]] == [
        theme().areas[f"flag-{level}"].label.vi for level in ("alert", "warning")
    ]


def test_an_unknown_ward_is_refused(hanoi: Situation) -> None:
    with pytest.raises(UnknownWardError):
        maps.ward_drawing(hanoi, "99999")


# ---- risk -------------------------------------------------------------------------------------------------------------


def test_a_ward_has_the_style_of_its_gravest_flag(watched: Situation) -> None:
    drawing = maps.risk_drawing(watched)
    styles = {feature.id: feature.style.name for feature in drawing.layer("wards").features}
    assert styles[f"wards-{ward_of(watched, 'HN-I-4')}"] == "flag-alert"
    assert styles[f"wards-{watched.wards['code'].iloc[0]}"] == "flag-watch"
    assert len(drawing.layer("flags").features) == 3


def test_no_flag_covers_what_it_points_to(watched: Situation) -> None:
    ward = maps.ward_drawing(watched, ward_of(watched, "HN-I-4"))
    for drawing, route in ((maps.risk_drawing(watched), "sites"), (ward, "stretches")):
        order = [layer.key for layer in drawing.layers]
        assert order.index("flags") < order.index(route)
        widths = [f.style.width for f in drawing.layer(route).features if isinstance(f.style, LineStyle)]
        beneath = [
            f.style.width for f in drawing.layer("flags").features if f.geometry.geom_type.endswith("LineString")
        ]
        assert all(width > max(widths) + 3 for width in beneath)
        assert {type(f.style) for f in drawing.layer("flags").features} >= {LineStyle, PointStyle}


def test_a_closed_flag_is_not_drawn(watched: Situation) -> None:
    assert watched.flags
    closed = tuple(replace(flag, status="closed") for flag in watched.flags)
    drawing = maps.risk_drawing(watched.with_flags(closed))
    assert drawing.notices == (theme().text("no_flag_raised").vi,)
    assert {feature.style.name for feature in drawing.layer("wards").features} == {"flag-none"}


@pytest.mark.parametrize(("flags", "notice"), [(None, "no_flags"), ((), "no_flag_raised")])
def test_without_flags_the_map_says_so(hanoi: Situation, flags: tuple[Flag, ...] | None, notice: str) -> None:
    drawing = maps.risk_drawing(hanoi.with_flags(flags))
    assert theme().text(notice).vi in drawing.notices
    assert theme().text(notice).vi in maps.render(maps.folium_map(drawing))


# ---- coverage ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def covered(hanoi: Situation) -> Situation:
    """Hà Nội where one ward entered every figure asked of it, one a single figure, and the others nothing."""
    programme = load_programme("hanoi-2026")
    ids = [entry for target in programme.targets if target.level != "city" for entry in target.entry_ids]
    full, some = (str(code) for code in hanoi.wards["code"].iloc[:2])
    rows = [(full, name) for name in dict.fromkeys(ids)] + [(some, ids[0])]
    entries = pd.DataFrame(rows, columns=["ward_code", "indicator"]).assign(
        period="2026-H1", value=1.0, day=date(2026, 6, 1)
    )
    attained = attainment(
        programme, entries, hanoi.wards, hanoi.day, "2026-H1", crossings=hanoi.crossings, sites=hanoi.sites
    )
    return hanoi.with_coverage(attained)


def test_wards_differ_by_what_they_entered(covered: Situation) -> None:
    drawing = maps.coverage_drawing(covered)
    styles = [feature.style.name for feature in drawing.layer("wards").features]
    assert styles[:2] == ["coverage-all", "coverage-some"]
    assert set(styles[2:]) == {"coverage-nothing"}
    assert {feature.style.name for feature in drawing.layer("phases").features} == {"pilot-edge", "expansion-edge"}
    assert len(maps.render(maps.folium_map(drawing)).encode()) < 1_000_000


def test_without_coverage_the_map_says_so(hanoi: Situation) -> None:
    drawing = maps.coverage_drawing(hanoi.with_coverage(None))
    assert theme().text("no_coverage").vi in drawing.notices
    assert {feature.style.name for feature in drawing.layer("wards").features} == {"missing"}


def test_one_target_is_shaded_by_its_figures(covered: Situation) -> None:
    assert covered.coverage
    ward_targets = [r.target for r in covered.coverage.results if r.target.level != "city"]
    for target in ward_targets:
        drawing = maps.target_drawing(covered, target.id)
        styles = [feature.style.name for feature in drawing.layer("wards").features]
        assert styles[0].startswith("figure-") or styles[0] == "coverage-outside"
        assert "coverage-nothing" in styles or "coverage-outside" in styles
        assert sum(entry.count or 0 for entry in drawing.legend[0].entries) == 126
        assert drawing.subtitle == target.label


def test_a_public_target_map_shows_no_small_count(covered: Situation) -> None:
    assert covered.coverage
    seen = public(covered)
    assert seen.coverage
    counted = next(
        r.target.id for r in covered.coverage.results if r.target.measure == "count" and r.target.level != "city"
    )
    hidden = maps.target_drawing(seen, counted).layer("wards").features
    shown = maps.target_drawing(covered, counted).layer("wards").features
    assert shown[0].style.name.startswith("figure-")
    assert hidden[0].style.name == "suppressed"


@pytest.mark.parametrize("target", ["no-such", "city"])
def test_a_target_that_wards_do_not_enter_is_refused(covered: Situation, target: str) -> None:
    assert covered.coverage
    city_targets = [r.target.id for r in covered.coverage.results if r.target.level == "city"]
    with pytest.raises(InputError):
        maps.target_drawing(covered, city_targets[0] if target == "city" else target)
    with pytest.raises(InputError, match="no figures of the programme"):
        maps.target_drawing(covered.with_coverage(None), target)


# ---- two days ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def later(hanoi: Situation) -> Situation:
    """Half a year on: a site has become quieter, a ward joined the programme, a route was shortened."""
    wards, sites = hanoi.wards.copy(), hanoi.sites.copy()
    wards.loc[wards["name"] == "Hoài Đức", "phase"] = "expansion"
    sites.loc[sites["site_id"] == "HN-II-1", "level"] = "inactive"
    row = int(np.flatnonzero(sites["site_id"] == "HN-I-7")[0])
    sites.loc[row, "geometry"] = shapely.ops.substring(sites.geometry.iloc[row], 0, 0.5, normalized=True)
    return from_registers(date(2026, 12, 17), "hanoi", wards, sites)


def test_what_changed_is_listed_and_outlined(hanoi: Situation, later: Situation) -> None:
    found = changes(hanoi, later)
    assert {change.feature for change in found} == {"site-HN-II-1", "site-HN-I-7", "wards-" + _code(hanoi, "Hoài Đức")}
    level = next(change for change in found if change.feature == "site-HN-II-1")
    assert (level.before, level.after) == (theme().lines["active"].label.vi, theme().lines["inactive"].label.vi)
    drawing = maps.compare_drawing(hanoi, later)
    assert {f.id for f in drawing.layer("changes").features} == {f"changed-{change.feature}" for change in found}
    assert drawing.day == "17/06/2026 → 17/12/2026"


def test_each_side_shows_its_own_day(hanoi: Situation, later: Situation) -> None:
    drawing = maps.compare_drawing(hanoi, later)
    for key, style in (("sites_before", "active"), ("sites_after", "inactive")):
        styles = {feature.id: feature.style.name for feature in drawing.layer(key).features}
        assert styles["site-HN-II-1"] == style
    together = sum(len(layer.features) for layer in drawing.layers if layer.key in ("wards", "wards_before"))
    assert together == 126
    assert len(maps.render(maps.folium_map(drawing)).encode()) < 1_000_000


def test_two_equal_days_say_that_nothing_changed(hanoi: Situation) -> None:
    drawing = maps.compare_drawing(hanoi, replace(hanoi, day=date(2026, 12, 17)))
    assert drawing.notices == (theme().text("no_changes").vi,)
    assert {layer.key for layer in drawing.layers} == {"wards", "sites"}


def test_two_cities_are_not_compared(hanoi: Situation, hue: Situation) -> None:
    with pytest.raises(InputError, match="two cities"):
        maps.compare_drawing(hanoi, hue)


def _code(situation: Situation, name: str) -> str:
    return str(situation.wards.loc[situation.wards["name"] == name, "code"].iloc[0])


# ---- all --------------------------------------------------------------------------------------------------------------


def drawings(situation: Situation, other: Situation, lang: Lang = "vi") -> list[Drawing]:
    kinds = (maps.overview_drawing, maps.risk_drawing, maps.coverage_drawing)
    made: list[Drawing] = [drawn(situation, lang=lang) for drawn in kinds]
    made.append(maps.ward_drawing(situation, str(situation.wards["code"].iloc[0]), lang=lang))
    return [*made, maps.compare_drawing(situation, other, lang=lang)]


def test_another_city_has_every_map(hue: Situation) -> None:
    for drawing in drawings(hue, replace(hue, day=date(2026, 12, 17))):
        assert "Huế" in maps.render(maps.folium_map(drawing))


def test_every_text_has_both_languages(hanoi: Situation, later: Situation) -> None:
    for vi, en in zip(drawings(hanoi, later), drawings(hanoi, later, "en"), strict=True):
        labels = [[drawing.title, *drawing.notices, *(layer.label for layer in drawing.layers)] for drawing in (vi, en)]
        assert all(a and b and a != b for a, b in zip(*labels, strict=True))


@pytest.mark.parametrize(
    ("value", "says"), [(None, False), (pd.NA, False), (float("nan"), False), ("", False), (0, True)]
)
def test_an_empty_cell_is_not_shown(value: object, says: bool) -> None:
    assert known(value) is says


def test_reports_of_a_site_stand_on_its_map_by_status_and_age(hanoi: Situation) -> None:
    route = hanoi.sites.set_index("site_id").geometry["HN-I-4"]
    places = [
        route.interpolate(0.5, normalized=True),
        route.interpolate(0.2, normalized=True),
        shapely.Point(105.5, 21.2),
    ]
    days = [hanoi.day, hanoi.day - timedelta(days=200), hanoi.day]
    facts = {"day": days, "kind": ["surroundings"] * 3, "status": ["confirmed", "unverified", "verified"]}
    facts |= {"site_id": [None] * 3, "ward_code": [None] * 3}
    reports = geopandas.GeoDataFrame(facts, geometry=places, crs="EPSG:4326")
    drawn = maps.site_drawing(replace(hanoi, reports=reports), "HN-I-4")
    features = drawn.layer("reports").features
    assert [feature.style.name for feature in features] == ["report-confirmed-recent", "report-unverified-old"]
    card = features[0].card
    assert card is not None
    assert card.subtitle == "có cơ sở"
    assert "surroundings" not in {fact.value for fact in card.facts}
    legend = {entry.label for group in drawn.legend for entry in group.entries}
    assert {"Tin báo: có cơ sở", "trong 30 ngày", "lâu hơn 180 ngày"} <= legend
    assert not [layer for layer in maps.site_drawing(hanoi, "HN-I-4").layers if layer.key == "reports"]


def test_a_stretch_looks_like_no_level() -> None:
    look = theme()
    levels = {look.lines[name].colour for name in ("complex", "active", "low", "inactive")}
    assert not levels & {stretch.colour for stretch in look.stretches}


def test_many_stretches_are_numbered_and_named_in_the_legend(hanoi: Situation) -> None:
    from dossier_samples import town

    from geo.output.maps import site_drawing

    for situation, site_id, first in ((town(), "HN-II-9", "1"), (hanoi, "HN-I-7", "Thanh Trì: 49 m")):
        drawing = site_drawing(situation, site_id)
        [stretches] = [layer for layer in drawing.layers if layer.key == "stretches"]
        marks = [feature.mark.text for feature in stretches.features if feature.mark]
        assert marks[0].replace("\u00a0", " ") == first
        assert len(set(marks)) == len(stretches.features)
        labels = [entry.label for entry in drawing.legend[0].entries]
        assert labels[0].startswith("1. Phường Thử Nghiệm 0" if first == "1" else "Xã Thanh Trì: ")
