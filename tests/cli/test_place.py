"""`diaban place`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from streets_town import write
from typer.testing import CliRunner

from geo.cli.registers.place import place

app = typer.Typer()
app.command()(place)
STRETCH = "Đường Thử (đoạn từ Phố Một đến đường Hai)"


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write(tmp_path_factory.mktemp("town") / "town.gpkg"))


def test_a_feature_is_printed(streets: str) -> None:
    result = CliRunner().invoke(app, [STRETCH, "--streets", streets])
    assert result.exit_code == 0
    feature = json.loads(result.stdout)
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["length_m"] == pytest.approx(400, abs=1)
    assert set(feature["properties"]) >= {"description", "accuracy_m", "found", "chosen", "alternatives", "notes"}


def test_a_file_is_written(streets: str, tmp_path: Path) -> None:
    output = tmp_path / "stretch.geojson"
    result = CliRunner().invoke(app, [STRETCH, "--streets", streets, "-o", str(output)])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert json.loads(output.read_text(encoding="utf-8"))["properties"]["description"] == STRETCH


@pytest.mark.parametrize(
    ("text", "nearest"), [("Đường Thư", "Đường Thử"), ("Đường Thử từ Phố Mốt đến Đường Hai", "Phố Một")]
)
def test_unknown_names_are_bad_use_with_the_nearest(streets: str, text: str, nearest: str) -> None:
    result = CliRunner().invoke(app, [text, "--streets", streets])
    assert result.exit_code == 2
    assert nearest in result.stderr
    assert result.stdout == ""


def test_a_missing_file_is_bad_use(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [STRETCH, "--streets", str(tmp_path / "none.gpkg")])
    assert result.exit_code == 2
    assert "none.gpkg" in result.stderr
