"""`diaban place`: a described stretch of street as a GeoJSON feature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def place(
    description: Annotated[
        str,
        typer.Argument(
            help="Street and limits, e.g. 'Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)'. "
            "A limit may be a cross street, a bridge, a junction, a place or LON,LAT."
        ),
    ],
    streets: Annotated[
        list[Path],
        typer.Option("--streets", help="Street network: .osm.pbf, GeoPackage, GeoParquet or GeoJSON; may be repeated."),
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the feature to this file.")] = None,
    province: Annotated[str, typer.Option("--province", help="Province code; chooses the metric zone.")] = "01",
    carriageway: Annotated[
        str,
        typer.Option("--carriageway", help="Of a dual carriageway: both (the middle), forward or backward."),
    ] = "both",
) -> None:
    """Place a described stretch of street: one centre line, what was found and chosen, and how sure it is."""
    from geo.errors import InputError, Problem
    from geo.files import write_atomic
    from geo.reference.geojson import feature
    from geo.reference.streets import load_gazetteer, load_network
    from geo.reference.streets import place as place_stretch
    from geo.reference.streets.placement import Carriageway

    if carriageway not in set(Carriageway):
        remedy = "choose " + ", ".join(Carriageway)
        raise InputError(Problem(f"'{carriageway}' is not a carriageway", "--carriageway", remedy))
    gazetteer = load_gazetteer()
    network = load_network(streets, province, gazetteer)
    placed = place_stretch(description, network, gazetteer, Carriageway(carriageway))
    text = json.dumps(feature(placed.record()), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    write_atomic(output, text)
    typer.echo(f"{output}: {placed.length_m:.0f} m, accuracy {placed.accuracy_m:.0f} m", err=True)
