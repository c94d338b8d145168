"""What a year of looks is worth, cached on disk by all that it follows from: a service that starts again need not draw.

The drawing of a city with 100,000 reports takes six seconds of the processor, what comes of it a few numbers. A cache,
nothing more: what is missing, damaged or not writable is drawn anew. It holds no report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import orjson

from geo import settings
from geo.analysis.clusters.scan_law import Gumbel, ScanLaw
from geo.analysis.detection.looks import Looks
from geo.errors import InputError
from geo.files import write_atomic

_MOST_FILES = 400
"""More are not held, the oldest go: a city that has just begun is drawn anew at every report."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a year of looks is worth: for the sites, and for the scan."""

    looks: Looks
    scan: ScanLaw


def stored(key: str, draw: Callable[[], Corrections]) -> Corrections:
    """The corrections of a key that names what they are drawn from: from `DIABAN_CACHE_DIR`, else as `draw` has
    them."""
    place = _folder() / f"{key}.json"
    found = _read(place)
    if found is None:
        found = draw()
        with suppress(OSError, InputError):
            _write(found, place)
    return found


def _folder() -> Path:
    return settings.cache_dir() / f"corrections-{_code()}"


@cache
def _code() -> str:
    """A name for the code that draws, so that what another version drew is never read."""
    digest = hashlib.blake2b(np.__version__.encode(), digest_size=6)
    analysis = Path(__file__).parents[1]
    for file in sorted(file for part in ("clusters", "detection") for file in (analysis / part).glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(place: Path) -> Corrections | None:
    try:
        held = orjson.loads(place.read_bytes())
        scan = held["scan"]
        lengths, handicaps = tuple(map(int, scan["lengths"])), tuple(map(float, scan["handicaps"]))
        law = ScanLaw(lengths, handicaps, Gumbel(**scan["greatest"]), float(scan["dispersion"]))
        return Corrections(Looks(**held["looks"]), law) if len(lengths) == len(handicaps) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(found: Corrections, place: Path) -> None:
    write_atomic(place, orjson.dumps(asdict(found), option=orjson.OPT_SERIALIZE_NUMPY))
    held = sorted(place.parent.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    for old in held[:-_MOST_FILES]:
        old.unlink(missing_ok=True)
