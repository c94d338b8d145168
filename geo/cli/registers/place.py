"""`diaban place`: a described stretch of street as a GeoJSON feature."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.common import OutputOption, emit, err, explained


class Side(StrEnum):
    """`geo.reference.streets.Carriageway` once more, so that `--help` doesn't wait for geopandas."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


def place(
    description: Annotated[
        str,
        typer.Argument(
            help="Street and limits: 'Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)'. "
            "A limit is a cross street, a bridge, a junction, a place or LON,LAT; without limits the whole street."
        ),
    ],
    streets: Annotated[
        list[Path],
        typer.Option("--streets", help="Street network: .osm.pbf, GeoPackage, GeoParquet or GeoJSON; repeatable."),
    ],
    carriageway: Annotated[
        Side,
        typer.Option(
            "--carriageway",
            help="Of a dual carriageway: the middle of both, or one direction of travel from first limit to second.",
        ),
    ] = Side.BOTH,
    province: Annotated[str, typer.Option("--province", help="Province code; it decides the metric zone.")] = "01",
    output: OutputOption = None,
) -> None:
    """Place a described stretch of street: one centre line, what was found and chosen, and how sure it is.

    Exit code 2 if the street or a limit is not in the network; the nearest names are suggested.
    """
    with explained():
        from geo.reference.geojson import feature
        from geo.reference.streets import Carriageway, load_gazetteer, load_network
        from geo.reference.streets import place as place_stretch

        gazetteer = load_gazetteer()
        network = load_network(streets, province, gazetteer)
        placed = place_stretch(description, network, gazetteer, Carriageway(carriageway.value))
        emit(json.dumps(feature(placed.record()), ensure_ascii=False, indent=2), output)
    for line in (*placed.notes, *(f"or: {other}" for other in placed.alternatives)):
        err().print(f"diaban: {line}", style="yellow", highlight=False, markup=False)
