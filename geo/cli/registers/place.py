"""`diaban place`: a place as a notice prints it, as candidates on the map."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import BAD_USE
from geo.cli.base.console import print_notes, print_problems, table, word, written
from geo.cli.base.options import CITY, CityOption, CrsOption, LayerOption, OutputOption, WardOption
from geo.cli.common import FOUND, emit, emit_made, emit_tables, explained, format_option
from geo.cli.geometry_files import read_streets

if TYPE_CHECKING:
    from collections.abc import Callable

    from geopandas import GeoDataFrame
    from rich.table import Table

    from geo.output.shared.formats import Format
    from geo.reference.cities import City
    from geo.reference.places.place_index import PlaceIndex
    from geo.reference.places.search import Answer, Part


class Side(StrEnum):
    """`geo.reference.streets.Carriageway` once more, so that `--help` doesn't wait for geopandas."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


def place(
    description: Annotated[str, typer.Argument(metavar="TEXT")],
    ward: WardOption = None,
    choose: Annotated[int | None, typer.Option("--choose", metavar="N", min=1)] = None,
    streets: Annotated[list[Path] | None, typer.Option("--streets")] = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    carriageway: Annotated[Side, typer.Option("--carriageway")] = Side.BOTH,
    city: CityOption = CITY,
    province: Annotated[str | None, typer.Option("--province", metavar="CODE")] = None,
    format: Annotated[str | None, format_option("place")] = None,
    output: OutputOption = None,
) -> None:
    """The places that a text describes: candidates, best first, each with wards, accuracy and what speaks for it.

    Exit code 0 for one sure answer, 1 where the reader must choose, 2 where nothing is found.
    """
    with explained():
        from geo.analysis.place_wards import collection
        from geo.output.shared.formats import format_of
        from geo.reference.cities import city as city_named
        from geo.reference.places.search import find_in_cities, find_places

        chosen_format = format_of("place", output, format)
        where = city_named(province or city)
        if streets:
            index = _own_index(streets, where, carriageway, read_streets(crs, layer))
            answer = find_places(description, index, ward or "")
        else:
            answer, index = find_in_cities(description, where, ward or "", lambda found: _with_side(found, carriageway))
        document = collection(answer, index)
        if choose is not None:
            document = _chosen(document, choose)
        if answer.found or output is None:
            _print(document, chosen_format, output)
    _end(answer, settled=choose is not None)


def _own_index(files: list[Path], where: City, carriageway: Side, read: Callable[[Path], GeoDataFrame]) -> PlaceIndex:
    """The index over a street network of the user's own."""
    from geo.reference.places.place_index import PlaceIndex
    from geo.reference.streets import load_gazetteer, load_network

    gazetteer = load_gazetteer()
    network = load_network(files, where.province_code, gazetteer, read)
    return _with_side(PlaceIndex.of(where, network, gazetteer), carriageway)


def _with_side(index: PlaceIndex, carriageway: Side) -> PlaceIndex:
    from geo.reference.streets import Carriageway

    return index if carriageway is Side.BOTH else replace(index, carriageway=Carriageway(carriageway.value))


def _chosen(document: dict[str, Any], number: int) -> dict[str, Any]:
    from geo.errors import InputError, Problem

    features = document["features"]
    if number > len(features):
        raise InputError(Problem("places.no-such-candidate", "--choose", number=number, count=len(features)))
    return {**document, "features": [features[number - 1]]}


def _print(document: dict[str, Any], format: Format, output: Path | None) -> None:
    if format.writer:
        emit_made(format, output, document)
    elif format.name == "table":
        if not document["features"]:
            return
        emit_tables([_table(document["features"])], output)
    else:
        emit(json.dumps(document, ensure_ascii=False, indent=2), output)


def _table(features: list[dict[str, Any]]) -> Table:
    drawn = table(word("title.places"), "", "place-kind", "place-name", "place-length", "accuracy", "wards", "evidence")
    for number, entry in enumerate(features, start=1):
        found = entry["properties"]
        wards = ", ".join(_ward(ward) for ward in found["wards"]) or "–"
        length = written().length(found["length_m"]) if found["length_m"] else "–"
        texts = "\n".join([*found["evidence"], *found["notes"]])
        kind = word(f"place-kind.{found['kind']}")
        drawn.add_row(
            str(number), kind, found["name"], length, f"±{written().length(found['accuracy_m'])}", wards, texts
        )
    return drawn


def _ward(ward: dict[str, Any]) -> str:
    return f"{ward['name']} ({written().length(ward['length_m'])})" if ward["length_m"] else str(ward["name"])


def _end(answer: Answer, *, settled: bool) -> None:
    """What the reader has to do, on the error stream, and the exit code."""
    missing = [part for part in answer.parts if not part.candidates]
    print_problems(problem for part in missing for problem in _problems(part))
    if not answer.found:
        if not missing:
            print_problems(_nothing(answer.text, (), ()))
        raise typer.Exit(BAD_USE)
    if settled:
        return
    open_parts = [part for part in answer.parts if part.candidates and not part.sure]
    print_notes(
        word("choose-place", text=part.text, count=len(part.candidates))
        if len(part.candidates) > 1
        else word("unsure-place", text=part.text, notes=list(map(str, part.candidates[0].notes)))
        for part in open_parts
    )
    if open_parts or missing:
        raise typer.Exit(FOUND)


def _problems(part: Part) -> list[Any]:
    return [*part.problems, *_nothing(part.text, part.understood, part.nearest)]


def _nothing(text: str, understood: Any, nearest: Any) -> list[Any]:
    from geo.errors import Problem
    from geo.i18n.message import either, quoted

    if nearest:
        names = either(quoted(nearest))
        return [Problem("places.nothing-found-near", text=text, understood=list(understood), nearest=names)]
    return [Problem("places.nothing-found", text=text, understood=list(understood))]
