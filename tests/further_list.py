"""A second list over the wards of Hà Nội beside its complex sites: the flood points of the examples, at other places."""

from __future__ import annotations

import json
import os
from pathlib import Path

from geo.reference.build.added.choice import chosen_city
from geo.reference.build.added.folder import folder_for
from geo.reference.build.added.further_list import make_list
from geo.reference.build.added.programme_file import copy_programme, put_sites
from geo.reference.cities import City
from geo.reference.programmes import read_programme
from geo.reference.provinces import province

EXAMPLE = Path(__file__).parents[1] / "data" / "programmes" / "examples" / "flood-points-2026.toml"
FLOOD, PREFIX, SITE = "hanoi-flood", "HNF", "HNF-D-1"
WARD = "00004"
"""Phường Ba Đình, in which the first two places lie."""
PLACES = {
    SITE: ("Đường Hoa Sen", "flood_impassable", [[105.83, 21.035], [105.835, 21.036], [105.84, 21.036]]),
    "HNF-D-2": ("Đường Bến Nước", "flood_dry", [[105.836, 21.03], [105.836, 21.034]]),
}


def write_files(folder: Path) -> tuple[Path, Path]:
    """The programme and the list as files."""
    text = EXAMPLE.read_text("utf-8").replace('"Hải Châu", "Thanh Khê"', '"Ba Đình", "Hoàn Kiếm"')
    text = text.replace("issued = 2026-02-04", "issued = 2026-01-05")  # before the clocks of all tests
    programme = folder / EXAMPLE.name
    programme.write_text(text, encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {
                "site_id": site, "name": name, "group": "flood_street", "level": level, "declared_wards": [],
                "document": "Kế hoạch 903/KH-VD, Phụ lục 2", "accuracy_m": 20, "corridor_m": 40,
            },
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for site, (name, level, line) in PLACES.items()
    ]  # fmt: skip
    sites = folder / "flood-points.geojson"
    sites.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return programme, sites


def add_flood_list(folder: Path) -> City:
    """Add the list to the cities of `DIABAN_CITIES_DIR`, as `diaban city add` does."""
    assert os.environ["DIABAN_CITIES_DIR"]
    file, sites = write_files(folder)
    programme = read_programme(file)
    place = chosen_city(FLOOD, province("01"), epsg=None, prefix=PREFIX, programme=programme.id)
    target = folder_for(FLOOD)
    make_list(place, target, programme)
    copy_programme(file, place, target)
    put_sites(sites, place, target)
    return place
