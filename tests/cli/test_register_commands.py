"""`diaban check`, `ward` and `crossings` as their user runs them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyproj import Transformer
from typer.testing import CliRunner, Result

from geo import settings
from geo.cli.app import COMMANDS, application, application_for
from geo.reference.checks import checked
from geo.reference.geojson import read_frame


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application_for(arguments), list(arguments))


def broken(tmp_path: Path, change: str, by: str, file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    assert change in text
    path = tmp_path / file.name
    path.write_text(text.replace(change, by, 1), encoding="utf-8")
    return str(path)


def test_help_reads_well() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("check", "ward", "crossings", "map", "place"):
        assert command in result.stdout


def test_the_command_is_installed() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", "from geo.cli.app import main; main()", "--version"], capture_output=True, check=True
    )
    assert shown.stdout.startswith(b"diaban ")


def test_check_shows_differences_and_answers() -> None:
    result = run("check")
    assert result.exit_code == 1
    assert "errors: 0; differences between plan and map: 1" in result.stdout
    assert "Phường Tây Tựu (00613), which the plan does not name" in " ".join(result.stdout.split())
    assert "the answer to a place that the plan leaves blank" in " ".join(result.stdout.split())


def test_check_notes_official_areas_that_the_polygons_contradict() -> None:
    shown = " ".join(run("check").stdout.split())
    assert shown.count("official area") == 14
    assert "errors: 0; differences between plan and map: 1" in shown  # a note does not count


def test_check_finds_a_wrong_phase(tmp_path: Path) -> None:
    path = broken(tmp_path, '"phase":"pilot"', '"phase":"none"', settings.wards_file())
    result = run("check", "--wards", path)
    assert result.exit_code == 1
    assert "the plan says 'pilot'" in " ".join(result.stdout.split())


def test_check_finds_a_gap(tmp_path: Path) -> None:
    text = settings.wards_file().read_text(encoding="utf-8")
    start = text.index('"coordinates":[[[') + len('"coordinates":[[[')
    pair = text[start : text.index("]", start)]
    lon, lat = pair.split(",")
    path = tmp_path / "wards.geojson"
    # The first corner of the first ward alone is moved by about a metre: it no longer meets its neighbours.
    moved = f"{float(lon) + 1e-5:.7f},{lat}"
    head, tail = text[:start], text[start:]
    ring_end = tail.index("]]")
    path.write_text(head + tail[:ring_end].replace(pair, moved) + tail[ring_end:], encoding="utf-8")
    result = run("check", "--wards", str(path))
    assert result.exit_code == 1
    assert "borders that do not match" in " ".join(result.stdout.split())


def test_check_names_every_fault_of_a_file(tmp_path: Path) -> None:
    text = settings.sites_file().read_text(encoding="utf-8")
    text = text.replace('"level":"active"', '"level":"busy"', 2).replace("HN-II-4", "HN-II-3")
    path = tmp_path / "sites.geojson"
    path.write_text(text, encoding="utf-8")
    result = run("check", "--sites", str(path))
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "HN-II-3 stands twice" in shown or shown.count("busy") == 2


def test_missing_file_is_bad_use_elsewhere() -> None:
    result = run("crossings", "--sites", "/nowhere/sites.geojson")
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_ward_by_code_name_and_former_name() -> None:
    result = run("ward", "00004", "yen hoa", "Phường Vĩnh Phúc", "--format", "json")
    assert result.exit_code == 0
    wards = json.loads(result.stdout)["wards"]
    assert [(ward["code"], ward["found"]) for ward in wards] == [
        ("00004", "by code"),
        ("00175", "name without diacritics"),
        ("00008", "unit before July 2025"),
    ]
    assert [site["site_id"] for site in wards[1]["sites"]] == ["HN-I-4"]


def test_a_name_is_answered_where_the_records_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = run("ward", "Yên Hòa", "--format", "json")
    file = tmp_path / "records.sqlite"
    file.write_text("no database")
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{file}")
    result = run("ward", "Yên Hòa", "--format", "json")
    assert (result.exit_code, result.stdout) == (0, sound.stdout)
    assert "records could not be read" in result.stderr


def test_names_and_places_are_read_without_pandas() -> None:
    """The import of pandas takes longer than either command: what needs it is imported where it is needed."""
    for words in (["ward", "Yên Hòa"], ["place", "Phố Huế", "--city", "hanoi"]):
        script = (
            "import sys; from geo.cli.app import application; words = sys.argv[1:]\n"
            "try: application([words[0]])(words[1:], standalone_mode=False)\n"
            "finally: print('pandas' in sys.modules, file=sys.stderr)"
        )
        ended = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
        assert ended.stderr.strip().endswith("False"), ended.stderr


def test_a_ward_that_is_unknown_leaves_the_others_answered() -> None:
    for names in (("Phường Yên Hòa", "Phường Xyzw"), ("Phường Yên Hòa, Phường Xyzw",)):
        result = run("ward", *names, "--format", "json")
        assert [ward["code"] for ward in json.loads(result.stdout)["wards"]] == ["00175"]
        assert result.exit_code == 2
        assert "'Phường Xyzw' is not known" in result.stderr


@pytest.mark.parametrize("point", ["abc", "1,2", "105,95"])
def test_a_point_that_is_wrong_leaves_the_names_answered(point: str) -> None:
    result = run("ward", "Yên Hòa", "Phường Xyzw", "--at", point, "--format", "json")
    assert [ward["code"] for ward in json.loads(result.stdout)["wards"]] == ["00175"]
    assert result.exit_code == 2
    assert "'Phường Xyzw' is not known" in result.stderr
    assert point in result.stderr


def test_a_former_district_is_no_ward_and_its_wards_are_named() -> None:
    result = run("ward", "quận Hai Bà Trưng")
    assert result.exit_code == 2
    assert "'quận Hai Bà Trưng' is a former district, no ward" in result.stderr
    assert "Phường Bạch Mai" in result.stderr


def test_a_part_of_a_former_unit_has_its_area_and_side() -> None:
    table = " ".join(run("ward", "Phường Định Công, Hoàng Mai", "Đại Kim").stdout.replace("│", " ").split())
    assert "1,948,254 m², south" in table
    assert "also a unit before" not in table
    flat = run("ward", "Định Công", "--format", "csv")
    assert "Phường Phương Liệt (part, 781,997 m², north)" in " ".join(flat.stderr.split())
    assert "Phường Định Công, Quận Hoàng Mai" in next(csv.DictReader(io.StringIO(flat.stdout)))["former"]


@pytest.mark.parametrize(
    ("name", "city", "codes"),
    [
        ("Thuận An", "hue", ["19900"]),
        ("Thuận An", "hanoi", ["00562"]),
        ("Xã Phú Sơn", "hue", ["19960"]),
        ("Phường Thuận Hóa, Huế", "hanoi", ["19789"]),
        ("Xã Phú Sơn, thị xã Hương Thủy", "hanoi", ["19960"]),
        ("19900", "hanoi", ["19900"]),
    ],
)
def test_a_ward_of_the_chosen_city_unless_the_name_gives_another(
    name: str, city: str, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = run("ward", name, "--city", city, "--format", "json")
    monkeypatch.setenv("DIABAN_CITY", city)
    by_setting = run("ward", name, "--format", "json")
    assert [ward["code"] for ward in json.loads(chosen.stdout)["wards"]] == codes
    assert chosen.stdout == by_setting.stdout


def test_a_ward_of_another_city_than_the_chosen_one_is_named_and_suggestions_are_of_the_chosen() -> None:
    elsewhere = run("ward", "Phường Thuận Hóa", "--city", "hanoi")
    assert (elsewhere.exit_code, "Phường Thuận Hóa (19789)" in elsewhere.stderr) == (2, True)
    near = run("ward", "Phường Thuận Hoas", "--city", "hue").stderr
    assert "Thuận Hóa" in near
    assert "Hoàng Mai" not in run("ward", "Phường Văn Miếu").stderr


def test_ward_at_a_point() -> None:
    result = run("ward", "--at", "105.85,21.03", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(result.stdout))
    assert (row["code"], row["full_name"], row["phase"]) == ("00070", "Phường Hoàn Kiếm", "pilot")


@pytest.mark.parametrize(
    "point",
    [
        "21.03,105.85",
        "21.03N, 105.85E",
        "105,85° Đ; 21,03° B",
        "21°01'48\"N 105°51'00\"E",
        "105°51'00\"Đ, 21°01'48\"B",
        "POINT(105.85 21.03)",
        "21°01.8'N 105°51.0'E",
    ],
)
def test_ward_at_a_point_as_people_write_it(point: str) -> None:
    result = run("ward", "--at", point, "--format", "json")
    assert [row["code"] for row in json.loads(result.stdout)["wards"]] == ["00070"], result.stderr


@pytest.mark.parametrize(("crs", "is_turned"), [("EPSG:5897", False), ("EPSG:3405", True)])
def test_ward_at_a_point_in_metres(crs: str, is_turned: bool) -> None:
    pair = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(105.85, 21.03)
    point = ",".join(f"{number:.2f}" for number in (pair[::-1] if is_turned else pair))
    result = run("ward", "--at", point, "--crs", crs, "--format", "json")
    assert [row["code"] for row in json.loads(result.stdout)["wards"]] == ["00070"], result.stderr
    assert ("X for north" in result.stderr) == is_turned


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["ward", "Phường Yên Hoàa"], "did you mean 'Phường Yên Hòa'"),
        (["ward", "--at", "nan,105.85"], "longitude comes first"),
        (["ward", "--at", "587000,2325000"], "--crs EPSG:5897"),
        (["ward", "--at", "here"], "is not LON,LAT"),
        (["ward", "--at", "2.35,48.85"], "no ward holds this point"),
        (["ward"], "give a name, a code, or --at"),
        (["crossings", "HN-I-99"], "site 'HN-I-99' is not known"),
        (["crossings", "--ward", "Phường Không"], "is not known"),
        (["crossings", "--format", "xml"], "Invalid value"),
    ],
)
def test_bad_use_says_what_to_do(arguments: list[str], text: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_crossings_as_json_have_the_stated_form() -> None:
    result = run("crossings", "HN-I-1", "HN-II-5", "--format", "json")
    assert result.exit_code == 0
    sites = json.loads(result.stdout)["sites"]
    assert [site["site_id"] for site in sites] == ["HN-I-1", "HN-II-5"]
    road = sites[0]
    assert set(road) == {"site_id", "name", "length_m", "outside_m", "crossings", "declared", "agreement"}
    assert sum(row["length_m"] for row in road["crossings"]) == pytest.approx(road["length_m"], abs=0.005)
    assert set(road["declared"]) == set(road["agreement"]["confirmed"]) == {"09832", "09817", "09784"}
    for row in road["crossings"]:
        assert set(row) >= {"ward_code", "ward_name", "length_m", "share", "intervals_m", "border_m", "border_with"}
        assert sum(b - a for a, b in row["intervals_m"]) == pytest.approx(row["length_m"], abs=0.02)
    assert sites[1]["declared"] == []
    assert sites[1]["agreement"]["undeclared"] == ["00331"]


def test_crossings_of_a_ward() -> None:
    result = run("crossings", "--ward", "thanh liet", "--format", "json")
    assert {site["site_id"] for site in json.loads(result.stdout)["sites"]} == {"HN-I-5", "HN-I-7"}


def test_crossings_as_csv_and_geojson_hold_the_same(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("crossings", "--format", "csv").stdout)))
    path = tmp_path / "stretches.geojson"
    assert run("crossings", "--format", "geojson", "-o", str(path)).exit_code == 0
    frame = read_frame(path)
    frame["key"] = frame["site_id"] + frame["ward_code"]
    assert checked(frame, "stretches", key="key")["length_m"].tolist() == [float(row["length_m"]) for row in rows]
    assert {row["site_id"] for row in rows} == set(read_frame(settings.sites_file())["site_id"])


def test_table_shows_declared_against_computed(tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    assert run("crossings", "HN-I-1", "-o", str(path)).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "confirmed" in text
    assert "undeclared" in text


def test_a_users_own_sites(tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"site_id":"X-1","name":"Thử",'
        '"group":"public","level":"low","declared_wards":[]},"geometry":{"type":"Point","coordinates":[105.85,21.03]}}]}',
        encoding="utf-8",
    )
    result = run("crossings", "--sites", str(path), "--format", "json")
    assert result.exit_code == 0, result.stderr
    [site] = json.loads(result.stdout)["sites"]
    assert [row["ward_code"] for row in site["crossings"]] == ["00070"]


def test_every_command_is_where_it_is_said_to_be() -> None:
    alone = {name: CliRunner().invoke(application([name]), [name, "--help"]) for name in COMMANDS}
    assert {name: answer.exit_code for name, answer in alone.items()} == dict.fromkeys(COMMANDS, 0)
    everything = run("--help").output
    assert all(f" {name} " in everything for name in COMMANDS)


def test_the_shares_of_a_site_add_up_as_on_its_papers() -> None:
    shown = run("crossings", "HN-I-7", "--lang", "en").stdout
    assert [part for part in ("1.3 %", "74.3 %", "24.4 %") if part not in shown.replace("\u00a0", " ")] == []


def test_a_phase_that_changes_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    said = ("--document", "5/KH-UBND", "--office", "Sở Y tế", "--day", "2026-03-01", "--lang", "en")
    alone = run("phase", "set", "pilot", "Phường Ba Đình", *said)
    assert alone.exit_code == 2
    assert "Phường Ba Đình is in this phase already" in " ".join(alone.stderr.split())
    other = run("phase", "set", "none", "00091", *said)  # none is what nobody recorded
    assert other.exit_code == 2
    both = run("phase", "set", "expansion", "Phường Ba Đình", "Phường Yên Hòa", *said, "--publish")
    assert both.exit_code == 0
    again = run("phase", "set", "expansion", "Phường Ba Đình", "Phường Hoàn Kiếm", *said, "--publish")
    assert (again.exit_code, "Phường Ba Đình: the phase is" in " ".join(again.stderr.split())) == (0, True)
    for pair in (("00199", "00199"), ("00004", "Phường Ba Đình")):
        twice = run("phase", "set", "pilot", *pair, *said)
        assert (twice.exit_code, "is named twice" in twice.stderr) == (2, True), twice.output
    # Two former units may have become one ward: that is said to be looked at, as before.
    assert run("phase", "set", "none", "Phường Vĩnh Phúc", "Phường Liễu Giai", *said).exit_code == 1


def test_a_fault_names_the_option_that_was_typed_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    said = ("--document", "5/KH-UBND", "--office", "Sở Y tế", "--day", "2026-03-01", "--lang", "en")

    def named(*command: str) -> list[str]:
        answer = run(*command)
        assert answer.exit_code == 2, answer.output
        return re.findall(r"^diaban: (\S+):", answer.stderr, re.M)

    agree = ("responsibility", "set", "HN-I-4", "00175", *said)
    assert named(*agree, "--from", "-5") == ["--from"]
    assert named(*agree, "--from", "99999") == ["--from"]
    assert named(*agree, "--to", "99999") == ["--to"]
    assert named(*agree, "--from", "900", "--to", "100") == ["--to"]
    assert named("responsibility", "end", "HN-I-4", *said) == ["SITE_ID"]
    assert named("responsibility", "end", "HN-I-4", *said, "--to", "7") == ["--to"]
    assert named("responsibility", "end", "HN-I-4", *said, "--from", "7") == ["--from"]
    assert named("site", "change", "HN-I-4", *said, "--accuracy", "-1", "--from", "x" * 400) == ["--from", "--accuracy"]
    assert named("site", "rename", "HN-I-4", "--name", "", *said) == ["--name"]
    early = ("--document", "", "--office", "Sở Y tế", "--day", "2020-01-01", "--lang", "en")
    assert named("phase", "set", "pilot", "00091", "00127", *early) == ["--document", "--day"]


def test_phases_and_agreements_that_are_published_are_shown_by_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    said = ("--document", "5/KH-UBND", "--office", "Sở Y tế", "--day", "2026-03-01", "--publish")
    assert run("phase", "set", "expansion", "Phường Ba Đình", *said).exit_code == 0
    assert run("responsibility", "set", "HN-I-4", "Phường Yên Hòa", *said).exit_code == 0
    listed = run("phase", "list", "--format", "csv", "--lang", "en")
    assert (listed.exit_code, "expansion,00004,Phường Ba Đình" in listed.stdout) == (1, True)
    told = " ".join(listed.stderr.split())
    assert re.search(r"Phường Ba Đình are recorded as \S.*, and Kế hoạch 07/KH-UBND lists them as", told), told
    (ward,) = json.loads(run("ward", "Ba Đình", "--format", "json").stdout)["wards"]
    assert ward["phase"] == "expansion"
    rows = json.loads(run("site", "history", "HN-I-4", "--format", "json").stdout)
    assert [row["event"] for row in rows] == ["version", "level", "agreed responsibility"]
    assert (rows[0]["about"], rows[2]["about"]) == ("Đường Trần Duy Hưng", "Phường Yên Hòa (00175)")
    refused = run("draft", "withdraw", "1", "--office", "Sở Y tế", "--reason", "nhầm")
    assert refused.exit_code != 0  # what is in force is not taken back with its draft
    (ward,) = json.loads(run("ward", "Ba Đình", "--day", "2026-02-01", "--format", "json").stdout)["wards"]
    assert ward["phase"] == "pilot"
    assert run("record", "phase-change", "add", "--ward", "00004", "--phase", "none", *said[:-1]).exit_code == 2
    back = ("--reason", "Ghi nhầm", *said)
    assert run("draft", "revoke", "phase_change:9999", *back).exit_code == 2
    rows = json.loads(run("draft", "rows", "--about", "00004", "--format", "json").stdout)
    assert [row["entry"]["phase"] for row in rows] == ["pilot", "expansion"]
    assert run("draft", "revoke", f"phase_change:{rows[-1]['row']}", *back).exit_code == 0
    (ward,) = json.loads(run("ward", "Ba Đình", "--format", "json").stdout)["wards"]
    assert ward["phase"] == "pilot"
    assert run("responsibility", "end", "HN-I-4", *said).exit_code == 0
    assert run("site", "clear", "HN-I-4", *said[:-1]).exit_code in (0, 1)
    assert run("draft", "publish", "5", "--office", "Sở Y tế").exit_code == 0
    left = run("crossings", "HN-I-4", "--lang", "en")
    assert (left.exit_code, "is not on the list since 1 March 2026" in " ".join(left.stderr.split())) == (2, True)
    assert run("crossings", "HN-I-4", "--day", "2026-02-01").exit_code == 0
    assert "since 1 March 2026" in " ".join(run("dossier", "HN-I-4", "--lang", "en").stderr.split())


def test_what_there_is_to_look_at_is_said_before_a_draft_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the page says it; what is the city's own affair is refused, and nothing is published unseen."""
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    said = ("--document", "5/KH-UBND", "--office", "Sở Y tế", "--day", "2026-03-01", "--lang", "en")
    hue = tmp_path / "hue.geojson"
    hue.write_text('{"type":"LineString","coordinates":[[107.585,16.465],[107.59,16.468]]}', encoding="utf-8")
    new = ("site", "add", "--level", "active", *said)
    for arguments, text in (
        ((*new, "--name", "Ở Huế", "--file", str(hue)), "meets no ward of Hanoi"),
        ((*new, "--name", "Phố Hàng Bài", "--city", "hue"), "meets no ward of Huế"),
        ((*new, "--name", "Phố Hàng Bài", "--number", "II.3"), "is that of HN-II-3 already"),
        (
            (*new, "--name", "Phố Hàng Bài", "--number", "I.9", "--group", "public"),
            "is no number of a site of group II",
        ),
        (("site", "return", "HN-I-4", *said), "what has not left cannot return"),
        (("responsibility", "set", "HN-I-4", "Phường Ba Đình", *said), "neither meets nor runs beside"),
        (("responsibility", "set", "HN-I-4", "Phường Yên Hòa", "--from", "90000", *said), "beyond the route"),
    ):
        refused = run(*arguments)
        assert (refused.exit_code, text in " ".join(refused.stderr.split())) == (2, True), refused.stderr
    moved = run("site", "change", "HN-I-4", "--place", "Phố Hàng Bài", "--publish", *said)
    assert moved.exit_code == 1
    assert "HN-I-4 is moved: only 0 m of" in " ".join(moved.stderr.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "diaban draft publish 1" in " ".join(moved.stderr.split())
    assert len(json.loads(run("site", "history", "HN-I-4", "--format", "json").stdout)) == 2
    assert run("draft", "publish", "1", "--office", "Sở Y tế").exit_code == 0
    assert len(json.loads(run("site", "history", "HN-I-4", "--format", "json").stdout)) == 3
    far = run("responsibility", "set", "HN-I-1", "Phường Tây Tựu", "--from", "4900", "--to", "5400", "--publish", *said)
    assert (far.exit_code, "neither in nor beside" in " ".join(far.stderr.split())) == (1, True)
    # A change of an earlier day is one of what is in force then, and the later version undoes it.
    earlier = run("site", "change", "HN-I-4", "--handed-over", "2024", *said[:4], "--day", "2026-02-01", *said[6:])
    told = " ".join(earlier.stderr.split())
    assert ("from 1 March 2026 on the version of 5/KH-UBND is in force" in told, "moved" in told) == (True, False)


PLAN = """ỦY BAN NHÂN DÂN
THÀNH PHỐ HÀ NỘI
Số: 15/KH-UBND
Hà Nội, ngày 08 tháng 01 năm 2027
STT | Tên điểm | Phường, xã | Mức độ
II | Điểm tại địa bàn công cộng
1 | Phố Hàng Bài | Phường Láng | Có hoạt động
2 | Nơi xyzw qqq không ai biết | Phường Láng | Có hoạt động
"""


def test_what_there_is_to_look_at_of_a_plan_is_said_as_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path / 'records.sqlite'}")
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    assert run("site", "add", "--name", "Phố Hàng Bài", "--group", "public", "--level", "active", "--document",
               "5/KH-UBND", "--office", "Sở Y tế", "--day", "2026-03-01", "--publish", "--choose", "1").exit_code == 0  # fmt: skip
    ended = run("plan", "import", str(plan), "--lang", "en", "--row", "II.1=new", "--choose", "II.1=1", "--publish")
    said = " ".join(ended.stderr.replace("\N{NO-BREAK SPACE}", " ").split())
    assert ended.exit_code == 1
    title = json.loads(run("draft", "list", "--format", "json").stdout)[-1]["title"]
    assert title == "kế hoạch 15/KH-UBND"  # as the register speaks, whichever language the command does
    assert "of Hà Nội recorded" in " ".join(ended.stdout.split())
    other = run("plan", "import", str(plan), "--city", "hue", "--lang", "en")
    assert (other.exit_code, "is of Hanoi, not of Huế" in " ".join(other.stderr.split())) == (2, True), other.stderr
    plan.write_text(PLAN.replace("1 | Phố Hàng Bài | Phường Láng | Có hoạt động\n", ""), encoding="utf-8")
    alone = run("plan", "import", str(plan), "--lang", "en", "--number", "16/KH-UBND")
    assert (alone.exit_code, "no row is sure" in " ".join(alone.stderr.split())) == (2, True), alone.stderr
    assert "HN-II-7 may be HN-II-6 Phố Hàng Bài (647 m are the same)" in said
    assert "HN-II-7: declared, but not met by the route: Phường Láng" in said
    assert "HN-II-7: crossed by the route, but not declared: Phường Cửa Nam" in said
    assert "HN-II-7: the place may be off by up to 6 m" in said
    assert "xyzw qqq không ai biết: no such place is found →" in said
    assert "diaban draft publish 2" in said and "published" not in ended.stdout
