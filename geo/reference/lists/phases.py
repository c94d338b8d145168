"""The phases of wards in a further list of a province: its own programme's, written down when the list was added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.cities import City, folder_of
from geo.reference.programme.terms import NOT_COVERED

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

PHASES = "phases.json"
"""The file of a further list: ward code → phase, of the wards that its programme covers."""


def with_phases(wards: GeoDataFrame, place: City) -> GeoDataFrame:
    """The wards of a province with their phases in a further list of it.

    Raises
    ------
    InputError
        The file of phases is no JSON.
    """
    known = _phases(place)
    return wards.assign(phase=[known.get(code, NOT_COVERED) for code in wards["code"]])


def phases_text(phases: Mapping[str, str]) -> str:
    """The content of the file: of the wards that are covered."""
    covered = {code: phase for code, phase in sorted(phases.items()) if phase != NOT_COVERED}
    return json.dumps(covered, ensure_ascii=False, indent=1) + "\n"


def _phases(place: City) -> Mapping[str, str]:
    folder = folder_of(place)
    file = Path() if folder is None else folder / PHASES
    if not file.is_file():
        return {}
    try:
        return {str(code): str(phase) for code, phase in json.loads(read_bytes(file)).items()}
    except (ValueError, AttributeError) as error:
        raise InputError(Problem("reference.not-json", str(file), reason=str(error))) from error
