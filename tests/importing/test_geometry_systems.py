"""Coordinate systems: as declared, as asked for, declared wrongly, swapped; nothing is taken in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from geometry_samples import EN, FRAME, LENGTH_M, METRES, ROUTE, XY, collection, csv, feature, line, named_crs
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import InputError
from geo.importing.geometries import Question, SitesRead, read_register_sites, read_sites
from geo.importing.geometries.systems.offers import vn2000_zones
from geo.reference.crs import to_metric

SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
NO_DATUM = "+ellps=WGS84"


def tmerc(datum: str, *, lon: str = "105", k: str = "0.9999", east: str = "500000") -> str:
    return f"+proj=tmerc +lat_0=0 +lon_0={lon} +k={k} +x_0={east} +y_0=0 {datum} +units=m +no_defs"


def read(xy: Any, crs: Any = None, asked: str | None = None) -> SitesRead:
    member = {"crs": named_crs(crs) if isinstance(crs, str) else crs} if crs is not None else {}
    return read_sites(collection(feature(line(xy)), **member), Question(asked), name="tuyến.geojson")


def metres_off(found: SitesRead) -> float:
    """How far the route lies from where it is, in metres."""
    here, there = to_metric(shapely.get_parts([found.frame.geometry.iloc[0], ROUTE]), "01")
    return float(shapely.hausdorff_distance(here, there))


def said(found: SitesRead) -> str:
    return "; ".join(str(note) for note in found.notes)


@pytest.mark.parametrize(
    "member",
    [
        "urn:ogc:def:crs:EPSG::5897",
        "EPSG:5897",
        "epsg:5897",
        "urn:ogc:def:crs:EPSG:9.9.1:5897",
        "http://www.opengis.net/def/crs/EPSG/0/5897",
        "5897",
        "VN-2000 / TM-3 zone 482",
        tmerc(f"+ellps=WGS84 +towgs84={SHIFT}"),
        {"type": "EPSG", "properties": {"code": 5897}},
        {"type": "link", "properties": {"href": "https://spatialreference.org/ref/epsg/5897/", "type": "proj4"}},
        5897,
    ],
    ids=range(11),
)
def test_a_crs_member_holds_however_it_is_written(member: Any) -> None:
    assert metres_off(read(EN, member)) < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "+init=/dev/null:x",
        "+proj=longlat +nadgrids=/dev/null +type=crs",
        "+proj=longlat +geoidgrids=/dev/null +type=crs",
    ],
)
def test_a_system_that_names_a_file_of_this_machine_is_refused_and_the_file_not_opened(text: str) -> None:
    """One that nothing writes to, as a pipe, was waited for, and the whole process with it."""
    with pytest.raises(InputError, match="names a file"):
        read(EN, text)


@pytest.mark.parametrize("place", ["geometry", "feature"])
def test_a_system_of_a_feature_or_geometry_holds(place: str) -> None:
    crs = {"crs": named_crs("EPSG:5897")}
    item = feature(line(EN) | crs) if place == "geometry" else feature(line(EN), **crs)
    assert metres_off(read_sites(collection(item))) < 0.5


def test_several_systems_in_one_file_are_refused() -> None:
    items = [feature(line(EN) | {"crs": named_crs(name)}) for name in ("EPSG:5897", "EPSG:9209")]
    with pytest.raises(InputError, match="several coordinate systems"):
        read_sites(collection(*items))


def test_degrees_of_vn_2000_are_shifted() -> None:
    degrees = shapely.get_coordinates(FRAME.to_crs(4756).geometry)
    assert metres_off(read(degrees, "EPSG:4756")) < 0.5
    assert metres_off(read(degrees, asked="EPSG:4756")) < 0.5
    assert metres_off(read(degrees, asked="VN2000")) < 0.5
    assert 150 < metres_off(read(degrees)) < 300


@pytest.mark.parametrize(
    "datum",
    [NO_DATUM, "+datum=WGS84", "+ellps=WGS84 +towgs84=0,0,0,0,0,0,0", "+ellps=WGS84 +towgs84=0,0,0",
     "+ellps=WGS84 +towgs84=191.90441429,39.30318279,111.45032835,0.00928836,-0.01975479,0.00427372,-0.252906278"],
    ids=["unknown", "wgs84", "seven noughts", "three noughts", "signs turned"],
)  # fmt: skip
def test_a_zone_without_its_datum_is_refused_with_the_one_that_fits(datum: str) -> None:
    with pytest.raises(InputError, match=r"datum.*--crs EPSG:5897 \(VN-2000 / TM-3 zone 482: Phường Hoàng Mai\)"):
        read(EN, tmerc(datum))
    assert metres_off(read(EN, tmerc(datum), asked="EPSG:5897")) < 0.5
    with pytest.raises(InputError, match="datum"):
        read(EN, asked=tmerc(datum))


SHIFTS = f"+ellps=WGS84 +towgs84={SHIFT}"


@pytest.mark.parametrize("datum", [SHIFTS, "+datum=WGS84"])
def test_a_scale_of_one_is_said_with_the_zone_that_fits(datum: str) -> None:
    found = read(EN, tmerc(datum, k="1"))
    assert metres_off(found) > 200
    assert "has the scale 1" in said(found)
    assert "--crs EPSG:5897 (VN-2000 / TM-3 zone 482" in said(found)


def test_another_unit_than_the_metre_is_no_datum_shift() -> None:
    with pytest.raises(InputError, match="outside Việt Nam"):
        read(EN, tmerc(SHIFTS).replace("+units=m", "+units=km"))
    with pytest.raises(InputError, match=r"some 224 m away.*--crs EPSG:5897"):
        read(EN, tmerc(NO_DATUM, east="152400").replace("+units=m", "+units=us-ft"))


@pytest.mark.parametrize("epsg", sorted(vn2000_zones())[::3])
def test_every_zone_is_known_by_its_meridian(epsg: int) -> None:
    from pyproj import CRS

    crs = CRS.from_epsg(epsg)
    values = {p.name: p.value for p in crs.coordinate_operation.params}
    lon, k = (
        f"{values[f'{name} at natural origin'] if name.startswith('Sc') else values[f'{name} of natural origin']:g}"
        for name in ("Longitude", "Scale factor")
    )
    xy = shapely.get_coordinates(FRAME.to_crs(epsg).geometry)
    with pytest.raises(InputError, match=f"EPSG:{epsg}"):
        read(xy, tmerc(NO_DATUM, lon=lon, k=k))
    assert metres_off(read(xy, f"EPSG:{epsg}")) < 0.5


def test_a_meridian_without_a_code_is_offered_as_text() -> None:
    right = tmerc(f"+ellps=WGS84 +towgs84={SHIFT}", lon="105.25")
    xy = shapely.get_coordinates(FRAME.to_crs(right).geometry)
    with pytest.raises(InputError, match=r"--crs '\+proj=tmerc \+lat_0=0 \+lon_0=105.25 .*towgs84=-191"):
        read(xy, tmerc(NO_DATUM, lon="105.25"))


@pytest.mark.parametrize("form", ["projected", "degrees"])
def test_a_shift_that_a_shapefile_has_lost_is_asked_about(tmp_path: Path, form: str) -> None:
    shift = f"+ellps=WGS84 +towgs84={SHIFT}"
    crs, fits = (tmerc(shift), 5897) if form == "projected" else (f"+proj=longlat {shift} +no_defs", 4756)
    path = tmp_path / "tuyến.shp"
    FRAME.to_crs(crs).to_file(path)
    with pytest.raises(InputError, match=f"datum.*--crs EPSG:{fits} "):
        read_sites(path)
    assert metres_off(read_sites(path, Question(f"EPSG:{fits}"))) < 0.5


@pytest.mark.parametrize(("shift", "asks"), [(f"+towgs84={SHIFT}", False), ("+towgs84=0,0,0", True), ("", True)])
def test_a_proj_string_beside_a_shapefile_is_read(tmp_path: Path, shift: str, asks: bool) -> None:
    """Some programs write one where well-known text belongs; GDAL passes over it."""
    FRAME.to_crs(5897).to_file(tmp_path / "x.shp")
    (tmp_path / "x.prj").write_text(tmerc(f"+ellps=WGS84 {shift}"))
    if not asks:
        assert shapely.hausdorff_distance(read_sites(tmp_path / "x.shp").frame.geometry[0], FRAME.geometry[0]) < 1e-5
        return
    with pytest.raises(InputError, match=r"declares a TM-3 zone of VN-2000 without its datum shift.*EPSG:5897"):
        read_sites(tmp_path / "x.shp")


def test_utm_of_unknown_datum_is_asked_about_and_known_ones_are_read() -> None:
    with pytest.raises(InputError, match=r"EPSG:3405 .*EPSG:32648 "):
        read(EN, tmerc(NO_DATUM, k="0.9996"))
    for epsg in (3405, 32648):
        assert metres_off(read(shapely.get_coordinates(FRAME.to_crs(epsg).geometry), f"EPSG:{epsg}")) < 0.5


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp", "parquet"])
@pytest.mark.parametrize("shift", ["", " +towgs84=0,0,0,0,0,0,0", " +towgs84=0,0,0"], ids=["none", "seven", "three"])
@pytest.mark.parametrize("zone", [48, 49])
def test_utm_of_unknown_datum_is_asked_about_in_every_format(
    tmp_path: Path, ending: str, shift: str, zone: int
) -> None:
    """Writers put DGN95 of Indonesia in its place, or the reader WGS 84."""
    path = tmp_path / f"tuyến.{ending}"
    vn2000 = 3357 + zone
    frame = FRAME.to_crs(vn2000).set_crs(f"+proj=utm +zone={zone} +ellps=WGS84{shift} +no_defs", allow_override=True)
    frame.to_parquet(path) if ending == "parquet" else frame.to_file(path)
    with pytest.raises(InputError, match=rf"datum.*--crs EPSG:{vn2000} .*--crs EPSG:{32600 + zone} ") as refused:
        read_sites(path)
    assert "$schema" not in str(refused.value)
    assert metres_off(read_sites(path, Question(f"EPSG:{vn2000}"))) < 0.5


def test_a_system_of_another_country_is_asked_about() -> None:
    with pytest.raises(InputError, match=r"another country.*--crs EPSG:3405 "):
        read(EN, "EPSG:23868")
    with pytest.raises(InputError, match=r"another country.*--crs EPSG:4756 .*--crs EPSG:4326 "):
        read(XY, "EPSG:4755")


def test_hn_72_is_known_by_its_false_easting() -> None:
    old = shapely.get_coordinates(FRAME.to_crs(2044).geometry)
    assert old[0, 0] > 18_000_000
    for xy in (old, old[:, ::-1]):
        with pytest.raises(InputError, match="--crs EPSG:2044 "):
            read(xy)
        assert metres_off(read(xy, asked="EPSG:2044")) < 1
    with pytest.raises(InputError, match=r"\+ellps=krass \+towgs84=-17.51"):
        read(EN, tmerc("+ellps=krass", k="1"))


@pytest.mark.parametrize(
    ("crs", "text"), [("EPSG:5897", "X for north"), (None, "latitude before longitude")], ids=["metres", "degrees"]
)
def test_swapped_axes_are_turned_and_said(crs: str | None, text: str) -> None:
    straight = EN if crs else XY
    found = read([pair[::-1] for pair in straight], crs)
    assert metres_off(found) < 0.5
    assert text in said(found)
    assert not said(read(straight, crs))


def test_one_swapped_feature_among_others_is_named() -> None:
    with pytest.raises(InputError, match="feature 2: has its axes swapped"):
        read_sites(collection(feature(), feature(line([pair[::-1] for pair in XY]))))


def test_the_zone_that_fits_is_offered_where_a_route_meets_no_ward() -> None:
    assert "--crs EPSG:5897 (VN-2000 / TM-3 zone 482: Phường Hoàng Mai)" in said(read(EN, "EPSG:9209"))


def test_metres_and_degrees_are_told_apart() -> None:
    with pytest.raises(InputError, match=r"coordinates in metres.*--crs EPSG:5897"):
        read(EN)
    with pytest.raises(InputError, match=r"in metres, but its coordinates are degrees.*--crs EPSG:4326"):
        read(XY, "EPSG:5897")


def test_what_is_taken_for_wgs_84_is_said() -> None:
    table = read_sites(csv("lon,lat", *(f"{x},{y}" for x, y in XY)), name="x.csv")
    assert "--crs EPSG:4756" in said(table)
    assert "--crs EPSG:4756" in said(read(XY, "+proj=longlat +ellps=WGS84 +no_defs"))
    assert not said(read(XY))


def test_what_the_user_says_goes_before_what_the_file_says() -> None:
    found = read(EN, "EPSG:9209", asked="5897")
    assert metres_off(found) < 0.5
    assert "declares EPSG:9209" in said(found)
    assert float(found.frame.to_crs(METRES.crs).length.iloc[0]) == pytest.approx(LENGTH_M, abs=0.1)


@pytest.mark.parametrize(
    "asked", ["EPSG:999999", "UTM 48N", "EPSG:5714", "x" * 5000, "", "+proj=pipeline", "DROP TABLE"]
)
def test_a_system_that_is_none_is_refused_with_examples(asked: str) -> None:
    with pytest.raises(InputError, match="EPSG:5897"):
        read(XY, asked=asked)


@pytest.mark.parametrize("xy", [[(5, 5), (900, 900)], [(3e6, 4e6), (3.1e6, 4.1e6)]], ids=["near nought", "far"])
@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_no_degrees_are_offered_for_metres_that_fit_nowhere(xy: Any, crs: str | None) -> None:
    with pytest.raises(InputError) as refused:
        read(xy, crs)
    assert "4326" not in str(refused.value).replace("EPSG:4326 (WGS 84)", "")
    assert "4756" not in str(refused.value)


def test_only_systems_that_lead_to_a_ward_are_offered() -> None:
    with pytest.raises(InputError, match="none of the systems in degrees puts it in a ward"):
        read([(5.0, 50.0), (5.1, 50.1)], "EPSG:5897")
    with pytest.raises(InputError, match=r"--crs EPSG:4326 \(WGS 84: Phường Hoàng Mai\)"):
        read(XY, "EPSG:5897")


@pytest.mark.parametrize("declared", ["00331", ""])
def test_a_route_of_another_zone_is_no_route_of_another_province(tmp_path: Path, declared: str) -> None:
    path = tmp_path / "a.geojson"
    frame = FRAME.assign(declared_wards=declared).to_crs(5897).set_crs(9209, allow_override=True)
    frame.to_file(path)
    shown = CliRunner().invoke(application(["crossings"]), ["crossings", "--sites", str(path), "--format", "csv"])
    assert shown.exit_code == 1
    assert "EPSG:5897" in shown.stderr
    assert f",outside,{declared}," in shown.stdout


def test_a_route_of_another_province_that_no_other_zone_brings_here_is_measured_there(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    line_of_vinh = shapely.LineString([(105.68, 18.67), (105.69, 18.68)])
    geopandas.GeoDataFrame(geometry=[line_of_vinh], crs=4326).to_crs(9208).to_file(path)
    shown = CliRunner().invoke(application(["crossings"]), ["crossings", "--sites", str(path), "--format", "csv"])
    assert shown.exit_code == 0, shown.stderr
    assert ",outside," not in shown.stdout


@pytest.mark.parametrize("crs", ["EPSG:5897", ""])
def test_degrees_and_metres_in_one_file_are_refused_with_which_are_which(crs: str) -> None:
    features = [feature(line(EN)), feature(line(XY)), feature(line(EN))]
    with pytest.raises(InputError) as caught:
        read_sites(collection(*features, **({"crs": named_crs(crs)} if crs else {})), name="a.geojson")
    [problem] = caught.value.problems
    assert (problem.parameters["degrees"], problem.parameters["metres"]) == ("2", "1, 3")
    assert "--crs EPSG:5897" in problem.remedy


def test_declared_wards_are_read_by_name_where_sure_and_unknown_codes_are_named() -> None:
    sent = FRAME.assign(declared_wards="Phường Hoàng Mai; 99999").to_json().encode()
    found = read_sites(sent, name="a.geojson")
    assert found.frame["declared_wards"].tolist() == [["00331", "99999"]]
    said = [str(note) for note in found.notes]
    assert any("Phường Hoàng Mai → 00331" in note for note in said)
    assert any("do not exist: 99999" in note for note in said)
    with pytest.raises(InputError, match="Phường Nào Đó"):
        read_sites(FRAME.assign(declared_wards="Phường Nào Đó").to_json().encode(), name="a.geojson")


def test_wards_of_a_register_are_declared_by_name_too(tmp_path: Path) -> None:
    file = tmp_path / "sites.geojson"
    facts = {"site_id": "HN-I-1", "name": "Kim Giang", "group": "public", "level": "active"}
    FRAME.assign(**facts, declared_wards="Phường Hoàng Mai; phường Định Công").to_file(file)
    found = read_register_sites(file)
    assert found.frame["declared_wards"].tolist() == [["00331", "00316"]]
    assert any("Phường Hoàng Mai → 00331" in str(note) for note in found.notes)
    FRAME.assign(**facts, declared_wards="Phường Nào Đó").to_file(file)
    with pytest.raises(InputError, match="Nào Đó"):
        read_register_sites(file)
