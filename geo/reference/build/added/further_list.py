"""A further list of a province: its programme, places and phases, on the wards and streets of its city."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from geo.files import write_atomic
from geo.reference.build.added.programme_file import phased
from geo.reference.lists.phases import PHASES, phases_text
from geo.reference.wards import WardRegister

if TYPE_CHECKING:
    from geo.reference.cities import City
    from geo.reference.programmes import Programme


def make_list(place: City, folder: Path, programme: Programme) -> int:
    """Write what a further list has of its own beside its programme: its entry, and phases; how many wards there are.

    Raises
    ------
    InputError
        The programme names a ward for a phase that the province does not have.
    """
    table = WardRegister.load(city=place).table
    phases = phased(table, programme)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "cities.toml", entry_text(place))
    write_atomic(folder / PHASES, phases_text(dict(zip((ward.code for ward in table.wards), phases, strict=True))))
    return len(table.wards)


def entry_text(place: City) -> str:
    """The entry of a city in `cities.toml`; what is empty is left out."""
    fields = ((key, value) for key, value in asdict(place).items() if value or key != "further_of")
    return "[[city]]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields)
