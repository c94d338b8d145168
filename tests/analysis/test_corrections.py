"""What a year of looks is worth is drawn once, and read from disk by the next process."""

from __future__ import annotations

import orjson
import pytest

from benchmarks.calibration.city import year
from geo import settings
from geo.analysis.detection import monitor as monitors
from tests.analysis.test_detection import CITY, monitor_of

DAY = 955


def begun_again():
    """As in a process that has just begun."""
    monitors._corrections.clear()


def files():
    return sorted(settings.cache_dir().glob("corrections-*/*.json"))


@pytest.fixture
def quiet(tmp_path, monkeypatch):
    """The monitor of a quiet city, and a cache folder of its own."""
    monkeypatch.setenv("DIABAN_CACHE_DIR", str(tmp_path))
    begun_again()
    yield monitor_of(year(3, CITY))
    begun_again()


def test_the_next_process_reads_what_one_has_drawn(quiet):
    drawn = quiet.corrections(DAY)
    [file] = files()
    begun_again()
    assert quiet.corrections(DAY) == drawn
    held = orjson.loads(file.read_bytes())
    held["scan"]["greatest"]["location"] += 1
    file.write_bytes(orjson.dumps(held))
    begun_again()
    read = quiet.corrections(DAY)
    assert read.scan.greatest.location == pytest.approx(drawn.scan.greatest.location + 1)
    assert read.looks == drawn.looks


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"looks": {}, "scan": 1}'])
def test_what_is_damaged_is_drawn_anew(quiet, content):
    drawn = quiet.corrections(DAY)
    [file] = files()
    file.write_bytes(content)
    begun_again()
    assert quiet.corrections(DAY) == drawn
    assert file.read_bytes() != content


def test_other_reports_are_drawn_for_themselves(quiet):
    quiet.corrections(DAY)
    monitor_of(year(4, CITY)).corrections(DAY)
    assert len(files()) == 2


def test_it_holds_numbers_alone_and_no_place(quiet):
    """Nothing of a report can be read from what is cached: neither a day nor a place."""
    quiet.corrections(DAY)
    [file] = files()
    held = orjson.loads(file.read_bytes())
    assert set(held) == {"looks", "scan"}
    assert set(held["looks"]) == {"count", "at", "sites", "dispersion"}
    assert set(held["scan"]) == {"lengths", "handicaps", "greatest", "dispersion"}
