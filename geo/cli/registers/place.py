"""`diaban place`: a described stretch of street as a GeoJSON feature."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.base.console import print_notes, word
from geo.cli.base.options import CITY, CityOption, OutputOption
from geo.cli.common import emit, explained


class Side(StrEnum):
    """`geo.reference.streets.Carriageway` once more, so that `--help` doesn't wait for geopandas."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


def place(
    description: Annotated[str, typer.Argument(metavar="DESCRIPTION")],
    streets: Annotated[list[Path], typer.Option("--streets")],
    carriageway: Annotated[Side, typer.Option("--carriageway")] = Side.BOTH,
    city: CityOption = CITY,
    province: Annotated[str | None, typer.Option("--province", metavar="CODE")] = None,
    output: OutputOption = None,
) -> None:
    """Place a described stretch of street: one centre line, what was found and chosen, and how sure it is.

    Exit code 2 if the street or a limit is not in the network; the nearest names are suggested.
    """
    with explained():
        from geo.output.shared.formats import format_of
        from geo.reference.cities import city as city_named
        from geo.reference.geojson import feature
        from geo.reference.streets import Carriageway, load_gazetteer, load_network
        from geo.reference.streets import place as place_stretch

        format_of("place", output)
        gazetteer = load_gazetteer()
        network = load_network(streets, province or city_named(city).province_code, gazetteer)
        placed = place_stretch(description, network, gazetteer, Carriageway(carriageway.value))
        emit(json.dumps(feature(placed.record()), ensure_ascii=False, indent=2), output)
    print_notes((*map(str, placed.notes), *(word("or", other=str(other)) for other in placed.alternatives)))
