"""Every piece of a route has exactly one ward, and the pieces add up: on made coverages and on the ground."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

import geo
from geo.analysis.crossings.batches import ward_lengths
from geo.analysis.crossings.indexed_wards import ward_index
from geo.analysis.crossings.table import CrossingTable, cross
from geo.errors import InputError
from geo.reference import crs
from geo.spatial.edge_index import edge_index
from geo.spatial.measure import Ellipsoid, Plane

GEOD = Geod(ellps="WGS84")
MM = 0.001


def coverage(seed: int, count: int) -> np.ndarray:
    """A random coverage in metres: Voronoi cells cut to a square kilometre."""
    square = shapely.box(0, 0, 1000, 1000)
    sites = shapely.multipoints(np.random.default_rng(seed).uniform(0, 1000, (count, 2)))
    parts = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=square))
    clipped = shapely.set_precision(shapely.intersection(parts, square), 0.01)
    clean = shapely.coverage_clean(clipped[shapely.area(clipped) > 1], snapping_distance=0.0)
    assert shapely.coverage_is_valid(clean)
    return np.asarray(clean, dtype=object)


def one(*geometries: shapely.Geometry) -> np.ndarray:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def total(table: CrossingTable, site: int = 0) -> float:
    """Metres of a site in wards."""
    return float(table.length_m[(table.site == site) & (table.ward >= 0)].sum())


def intervals_are_sound(table: CrossingTable, length: float) -> None:
    """Intervals of a route do not overlap, and each ward's add up to its length."""
    spans = sorted(span for spans in table.intervals_m for span in spans)
    assert all(a[1] <= b[0] + 2 * MM for a, b in pairwise(spans))
    assert not spans or (spans[0][0] >= 0 and spans[-1][1] <= length + MM)
    for metres, own in zip(table.length_m, table.intervals_m, strict=True):
        assert sum(b - a for a, b in own) == pytest.approx(metres, abs=MM * (len(own) + 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 25), st.integers(2, 30))
def test_lengths_add_up_and_agree_with_overlay(seed: int, wards: int, corners: int) -> None:
    polygons = coverage(seed, wards)
    line = shapely.LineString(np.random.default_rng(seed + 1).uniform(-100, 1100, (corners, 2)))
    table = cross(one(line), edge_index(polygons), Plane())
    inside = shapely.intersection(line, shapely.union_all(polygons)).length
    if line.is_simple:
        assert total(table) == pytest.approx(inside, abs=MM)
    assert table.length_m.sum() == pytest.approx(line.length, abs=MM)
    intervals_are_sound(table, line.length)
    for ward, metres in zip(table.ward[table.ward >= 0], table.length_m, strict=False):
        expected = sum(
            shapely.intersection(shapely.LineString(pair), polygons[ward]).length
            for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
        )
        assert metres == pytest.approx(expected, abs=MM)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 25))
def test_a_route_on_shared_edges_counts_once(seed: int, wards: int) -> None:
    polygons = coverage(seed, wards)
    shared = shapely.line_merge(shapely.intersection(polygons[0].boundary, shapely.union_all(polygons[1:])))
    lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString" and part.length > 1]
    for line in lines:
        table = cross(one(line), edge_index(polygons), Plane())
        assert total(table) == pytest.approx(line.length, abs=MM)
        assert total(table) == pytest.approx(float(table.border_m.sum()), abs=MM)
        # Plain overlay counts it in both wards.
        assert shapely.intersection(line, polygons).size and sum(
            part.length for part in shapely.intersection(line, polygons)
        ) == pytest.approx(2 * line.length, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 25), st.sampled_from([1e-7, 1e-4, 2e-3, 0.3, 5.0]))
def test_a_route_that_wriggles_round_an_edge_adds_up(seed: int, wards: int, size: float) -> None:
    polygons = coverage(seed, wards)
    edge = max(
        shapely.get_parts(shapely.line_merge(polygons[0].boundary.intersection(polygons[1:].tolist()[0].boundary))),
        key=lambda part: part.length,
        default=None,
    )
    if edge is None or edge.geom_type != "LineString" or edge.length < 20:
        edge = polygons[0].exterior
    dense = shapely.segmentize(shapely.LineString(edge.coords), 3.0)
    xy = shapely.get_coordinates(dense)
    xy = xy + np.random.default_rng(seed).uniform(-size, size, xy.shape)
    line = shapely.LineString(xy)
    table = cross(one(line), edge_index(polygons), Plane())
    outside = sum(
        shapely.difference(shapely.LineString(pair), shapely.union_all(polygons)).length for pair in pairwise(xy)
    )
    assert total(table) <= line.length + MM
    assert total(table) >= line.length - outside - MM
    assert table.length_m.sum() == pytest.approx(line.length, abs=MM)
    intervals_are_sound(table, line.length)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 20), st.integers(2, 12))
def test_direction_does_not_matter(seed: int, wards: int, corners: int) -> None:
    polygons = coverage(seed, wards)
    line = shapely.LineString(np.random.default_rng(seed).uniform(0, 1000, (corners, 2)))
    index = edge_index(polygons)
    there, back = cross(one(line), index, Plane()), cross(one(shapely.reverse(line)), index, Plane())
    assert dict(zip(there.ward.tolist(), there.length_m.round(3), strict=True)) == dict(
        zip(back.ward.tolist(), back.length_m.round(3), strict=True)
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 20), st.integers(2, 8))
@example(seed=2460, wards=13, corners=4)
def test_border_stretches_agree_with_distances(seed: int, wards: int, corners: int) -> None:
    polygons = coverage(seed, wards)
    line = shapely.LineString(np.random.default_rng(seed).uniform(0, 1000, (corners, 2)))
    table = cross(one(line), edge_index(polygons), Plane())
    for ward, border, beside, stretch in zip(
        table.ward, table.border_m, table.border_with, table.geometry, strict=True
    ):
        others = [row for row in range(len(polygons)) if row != ward]
        near_m, changes = _near(stretch, shapely.coverage_union_all(polygons[others]))
        assert border == pytest.approx(near_m, abs=STEP_M * (1 + changes))
        near = {row for row in others if shapely.distance(polygons[row], stretch) < 25.0 - 1e-6}
        assert near <= set(beside) | {r for r in others if shapely.distance(polygons[r], stretch) > 24.9}
        assert set(beside) <= {row for row in others if shapely.distance(polygons[row], stretch) <= 25.0 + 1e-6}


STEP_M = 0.05


def _near(line: shapely.Geometry, others: shapely.Geometry) -> tuple[float, int]:
    """Metres of a line within 25 m of others, asked every 5 cm, and how often it comes near or leaves.

    Not by a buffer: GEOS simplifies what it buffers, which is half a metre where a route grazes it.
    """
    shapely.prepare(others)
    near_m, changes = 0.0, 0
    for part in shapely.get_parts(line):
        xy = shapely.get_coordinates(shapely.segmentize(part, STEP_M))
        near = shapely.dwithin(others, shapely.points(0.5 * (xy[:-1] + xy[1:])), 25.0)
        near_m += float(np.hypot(*np.diff(xy, axis=0).T)[near].sum())
        changes += int(np.abs(np.diff(near.astype(int), prepend=0, append=0)).sum())
    return near_m, changes


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 12))
def test_wards_and_what_is_outside_add_up_with_gaps_and_overlaps(seed: int, wards: int, corners: int) -> None:
    random = np.random.default_rng(seed)
    polygons = np.array([faulty(shape, random) for shape in coverage(seed, wards)], dtype=object)
    lines = one(
        shapely.LineString(random.uniform(-200, 1200, (corners, 2))),
        shapely.LineString(shapely.get_coordinates(polygons[0].boundary)),
        shapely.MultiLineString([random.uniform(-200, 1200, (count, 2)) for count in (2, 3)]),
        shapely.LineString(random.uniform(2000, 2200, (3, 2))),
    )
    area = shapely.transform(shapely.box(0, 0, 400, 300), lambda xy: xy + random.uniform(-300, 1100, 2))
    sites = one(*lines, area, shapely.multipoints(random.uniform(-100, 1100, (9, 2))))
    table = cross(sites, edge_index(polygons), Plane())
    share = np.bincount(table.site, weights=table.share, minlength=len(sites))
    assert share == pytest.approx(1.0, abs=1e-6)
    metres = np.bincount(table.site, weights=table.length_m, minlength=len(sites))
    assert metres == pytest.approx(shapely.length(sites) * (shapely.get_dimensions(sites) == 1), abs=MM)
    assert table.area_m2[table.site == 4].sum() == pytest.approx(area.area, abs=0.05)
    union = shapely.union_all(polygons, grid_size=1e-6)
    beyond = np.array([shapely.difference(shape, union).area for shape in sites])
    for site, ward, size in zip(table.site, table.ward, table.area_m2, strict=True):
        if ward < 0:
            assert size == pytest.approx(beyond[site], abs=0.01)
    # A site has one row for what lies in no ward, the last.
    assert all(np.count_nonzero(table.ward[table.site == site] < 0) <= 1 for site in range(len(sites)))
    last = np.append(np.flatnonzero(np.diff(table.site)), table.site.size - 1)
    assert not (np.delete(table.ward, last) < 0).any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_what_sides_show_is_what_places_show(seed: int, wards: int) -> None:
    random = np.random.default_rng(seed)
    polygons = coverage(seed, wards)
    some = random.random(len(polygons)) < 0.2
    polygons[some] = [faulty(shape, random) for shape in polygons[some]]
    corner = random.uniform(0, 900, 2)
    polygons = np.append(polygons, shapely.box(*corner, *corner + random.uniform(1, 100, 2)))  # over the others
    lines = np.array([shapely.LineString(random.uniform(-200, 1200, (9, 2))) for _ in range(9)], dtype=object)
    index = edge_index(polygons)
    without = replace(index, sure=np.zeros(len(index), dtype=bool))
    by_sides, by_places = (ward_lengths(lines, one, Plane()) for one in (index, without))
    assert by_sides.line.tolist() == by_places.line.tolist()
    assert by_sides.ward.tolist() == by_places.ward.tolist()
    assert by_sides.length_m == pytest.approx(by_places.length_m, abs=MM)


def faulty(ward: shapely.Geometry, random: np.random.Generator) -> shapely.Geometry:
    """A ward that shrank (a gap), grew (an overlap), got a hole, or stayed as it is."""
    kind = random.integers(0, 4)
    if kind == 0:
        return ward
    if kind == 1:
        return ward.buffer(random.uniform(0.01, 20), join_style="mitre")
    if kind == 2:
        smaller = ward.buffer(-random.uniform(0.01, 10), join_style="mitre")
        return ward if smaller.is_empty else smaller
    middle = shapely.point_on_surface(ward)
    holed = ward.difference(middle.buffer(random.uniform(1, 40)))
    return ward if holed.is_empty or holed.geom_type not in ("Polygon", "MultiPolygon") else holed


def test_geometry_of_the_stretches_is_the_route() -> None:
    polygons = coverage(5, 12)
    line = shapely.LineString(np.random.default_rng(5).uniform(100, 900, (9, 2)))
    table = cross(one(line), edge_index(polygons), Plane())
    assert shapely.length(table.geometry) == pytest.approx(table.length_m, abs=1e-6)
    for ward, stretch in zip(table.ward, table.geometry, strict=True):
        assert shapely.intersection(stretch, polygons[ward]).length == pytest.approx(stretch.length, abs=1e-6)


def test_multi_lines_go_on_with_their_chainage() -> None:
    polygons = one(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    line = shapely.MultiLineString([[(2, 5), (12, 5)], [(12, 8), (6, 8)]])
    table = cross(one(line), edge_index(polygons), Plane())
    assert table.length_m.tolist() == [12.0, 4.0]
    assert table.intervals_m.tolist() == [[[0.0, 8.0], [12.0, 16.0]], [[8.0, 12.0]]]
    assert table.geometry[0].geom_type == "MultiLineString"


def test_what_lies_outside_all_wards_is_a_row_of_its_own() -> None:
    table = cross(one(shapely.LineString([(-5, 5), (5, 5)])), edge_index(one(shapely.box(0, 0, 10, 10))), Plane())
    assert table.ward.tolist() == [0, -1]
    assert table.length_m.tolist() == [5.0, 5.0]
    assert table.share.tolist() == [0.5, 0.5]
    assert table.intervals_m.tolist() == [[[5.0, 10.0]], [[0.0, 5.0]]]


def test_routes_wholly_outside_and_wholly_inside() -> None:
    index = edge_index(one(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)))
    table = cross(one(shapely.LineString([(-9, 5), (-5, 5)]), shapely.LineString([(40, 40), (60, 60)])), index, Plane())
    assert table.site.tolist() == [0, 1]
    assert table.ward.tolist() == [-1, 0]
    assert table.border_m.tolist() == [4.0, 0.0]
    assert table.border_with.tolist() == [[0], []]


def test_no_site_meets_any_ward(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    rows = geo.crossings(sites, wards[wards["province_code"] == "46"].reset_index(drop=True))
    assert rows["ward_code"].isna().all()
    assert rows["site_id"].tolist() == sites["site_id"].tolist()
    assert rows["share"].to_numpy() == pytest.approx(1.0)
    assert list(rows.columns)[:3] == ["site_id", "ward_code", "ward_name"]


def test_a_loop_that_crosses_itself_counts_every_metre() -> None:
    polygons = one(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    line = shapely.LineString([(5, 5), (15, 5), (15, 8), (5, 8), (5, 5), (15, 5)])
    table = cross(one(line), edge_index(polygons), Plane())
    assert table.length_m.sum() == pytest.approx(line.length)


def test_areas_are_divided() -> None:
    polygons = one(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    table = cross(one(shapely.box(8, 2, 14, 4), shapely.box(10, 0, 12, 2)), edge_index(polygons), Plane())
    assert table.site.tolist() == [0, 0, 1]
    assert table.ward.tolist() == [0, 1, 1]
    assert table.area_m2.tolist() == [4.0, 8.0, 4.0]
    assert table.share == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_points_and_a_mix_keep_their_order() -> None:
    polygons = one(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    mixed = one(
        shapely.Point(15, 5),
        shapely.LineString([(1, 1), (2, 1)]),
        shapely.MultiPoint([(1, 1), (11, 1), (12, 1)]),
        shapely.box(1, 1, 2, 2),
        shapely.Point(99, 99),
    )
    table = cross(mixed, edge_index(polygons), Plane())
    assert table.site.tolist() == [0, 1, 2, 2, 3, 4]
    assert table.ward.tolist() == [1, 0, 0, 1, 0, -1]
    assert table.share == pytest.approx([1.0, 1.0, 1 / 3, 2 / 3, 1.0, 1.0])


def test_nothing_against_wards() -> None:
    table = cross(np.zeros(0, dtype=object), edge_index(one(shapely.box(0, 0, 1, 1))), Plane())
    assert table.site.size == 0


def test_multipolygons_with_holes_have_all_their_edges() -> None:
    """Rings of every part count: an edge that the index lacks would give a route to the wrong ward."""
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    islands = shapely.MultiPolygon([shapely.box(40, 40, 60, 60), shapely.box(200, 0, 210, 100)])
    line = shapely.LineString([(10, 50), (220, 50)])
    table = cross(one(line), edge_index(one(ring, islands)), Plane())
    assert dict(zip(table.ward.tolist(), table.length_m.tolist(), strict=True)) == {0: 70.0, 1: 30.0, -1: 110.0}


@pytest.fixture(scope="module")
def ground() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return geo.load_sites(), geo.load_wards()


def test_lengths_of_the_sites_add_up(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    rows = geo.crossings(sites, wards)
    sums = rows.groupby("site_id")["length_m"].sum()
    for site, geometry in zip(sites["site_id"], sites.geometry, strict=True):
        assert sums[site] == pytest.approx(GEOD.geometry_length(geometry), abs=MM)
    assert rows.groupby("site_id")["share"].sum().to_numpy() == pytest.approx(1.0)


def test_every_declared_ward_is_confirmed(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    agreements = geo.reconcile(sites, geo.crossings(sites, wards))
    assert len(agreements) == 12
    assert [a.site_id for a in agreements if a.absent] == []
    blank = [a for a in agreements if not a.declared]
    assert [a.site_id for a in blank] == ["HN-II-5"]
    assert blank[0].undeclared


def test_geodesic_and_vn_2000_agree(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    rows = geo.crossings(sites, wards)
    metric = shapely.length(crs.to_metric(np.asarray(rows.geometry, dtype=object), "01"))
    long = rows["length_m"].to_numpy() > 25
    assert metric[long] == pytest.approx(rows["length_m"].to_numpy()[long], rel=1e-4)


def test_longest_shared_borders_of_the_city_count_once(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    _, wards = ground
    hanoi = wards[wards["province_code"] == "01"].reset_index(drop=True)
    geometries = np.asarray(hanoi.geometry, dtype=object)
    a, b = shapely.STRtree(geometries).query(geometries, predicate="touches")
    pair = a < b
    shared = shapely.line_merge(shapely.intersection(geometries[a[pair]], geometries[b[pair]]))
    lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
    lines = sorted(lines, key=lambda line: line.length, reverse=True)[:30]
    frame = gpd.GeoDataFrame({"site_id": [str(i) for i in range(30)]}, geometry=lines, crs=4326)
    sums = geo.crossings(frame, hanoi).groupby("site_id")["length_m"].sum()
    for number, line in enumerate(lines):
        assert sums[str(number)] == pytest.approx(GEOD.geometry_length(line), abs=MM)


def test_input_in_metres_gives_the_same(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    there = geo.crossings(sites, wards)
    metric = geo.crossings(sites.to_crs("EPSG:5897"), wards)
    assert metric["ward_code"].tolist() == there["ward_code"].tolist()
    assert metric["length_m"].to_numpy() == pytest.approx(there["length_m"].to_numpy(), abs=0.05)


def test_bad_sites_are_refused_all_together(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    broken = sites.copy()
    broken.loc[0, "geometry"] = None
    broken.loc[3, "geometry"] = shapely.LineString([(21.0, 105.8), (21.01, 105.81)])
    with pytest.raises(InputError) as caught:
        geo.crossings(broken, wards)
    assert [problem.where for problem in caught.value.problems] == ["sites: site_id HN-I-1", "sites: site_id HN-I-4"]


def test_a_collection_is_one_kind_or_refused(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    line, other = (shapely.LineString([(105.8, y), (105.82, y)]) for y in (21.0, 21.01))
    lines = shapely.GeometryCollection([line, shapely.GeometryCollection([other])])
    sites = gpd.GeoDataFrame({"site_id": ["a"]}, geometry=[lines], crs=4326)
    apart = gpd.GeoDataFrame({"site_id": ["a"]}, geometry=[shapely.MultiLineString([line, other])], crs=4326)
    assert geo.crossings(sites, ground[1])["length_m"].sum() == geo.crossings(apart, ground[1])["length_m"].sum()
    mixed = shapely.GeometryCollection([line, shapely.box(105.8, 21.02, 105.81, 21.03)])
    with pytest.raises(InputError, match="holds lines, areas or points together"):
        geo.crossings(sites.set_geometry([mixed], crs=4326), ground[1])


def test_an_index_made_before_gives_the_same(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    again = geo.crossings(sites, wards, index=ward_index(wards))
    assert again.equals(geo.crossings(sites, wards))


def test_ellipsoid_and_plane_find_the_same_wards(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    sites, wards = ground
    hanoi = wards[wards["province_code"] == "01"]
    degrees, lines = np.asarray(hanoi.geometry, dtype=object), np.asarray(sites.geometry, dtype=object)
    table = cross(lines, edge_index(degrees), Ellipsoid())
    flat = cross(crs.to_metric(lines, "01"), edge_index(crs.to_metric(degrees, "01")), Plane())
    long = {pair for pair, m in zip(zip(table.site, table.ward, strict=True), table.length_m, strict=True) if m > 1}
    assert long == {
        pair for pair, m in zip(zip(flat.site, flat.ward, strict=True), flat.length_m, strict=True) if m > 1
    }
