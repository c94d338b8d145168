"""The layers of a file, whatever its format, and the one that is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from geo.errors import InputError, Problem
from geo.i18n.message import Message, quoted
from geo.importing.geometries.formats.archive import members
from geo.importing.geometries.formats.dialects.esri_json import esri_features, is_esri
from geo.importing.geometries.formats.dialects.topology import is_topology, topology_objects
from geo.importing.geometries.formats.geojson import are_positions, geojson_features, is_geojson, position_features
from geo.importing.geometries.formats.json_text import documents
from geo.importing.geometries.formats.kinds import Kind, kind_of
from geo.importing.geometries.formats.parquet import holds, parquet_layers
from geo.importing.geometries.formats.stated_parts import parts_of_more
from geo.importing.geometries.formats.tabular.tables import table_features, wkt_features
from geo.importing.geometries.formats.vector import vector_layers
from geo.importing.geometries.model import AREAS, LINES, POINTS, Features, Layer, TooLargeError, unusable
from geo.importing.geometries.properties import CODE_FIELDS, NAME_FIELDS, SITE_FIELDS, field_of
from geo.importing.geometries.regrouped import cad_layer, joined, without_repeated
from geo.importing.geometries.source import Source
from geo.importing.geometries.systems.question import Question

ALL = "*"
"""Names all layers of a file that hold what is looked for."""
_OF_WARDS, _OF_SITES = (CODE_FIELDS, NAME_FIELDS), (SITE_FIELDS,)
"""Fields by which a layer of areas says that it holds wards, or sites."""
_WITHOUT_GEOMETRY = (
    "importing.table-without-places", "importing.text-without-places", "importing.json-without-geometry",
    "importing.no-geometry-format", "importing.empty-file", "importing.nothing-in-archive",
)  # fmt: skip
"""What is wrong with files that hold no geometries at all."""
_DEEPEST = 2
"""Archives in archives."""


def open_layers(source: Source, depth: int = 0) -> list[Layer]:
    """The layers of a file, in its order.

    Raises
    ------
    DataFileMissingError
        It is not there, or can't be read.
    InputError
        It is of no format that is read, or damaged.
    TooLargeError
        It is larger than its limits.
    """
    kind = kind_of(source.checked())
    if kind is Kind.ARCHIVE:
        return _archive_layers(source, depth)
    if kind is Kind.JSON:
        return _json_layers(source)
    if kind is Kind.PARQUET:
        return parquet_layers(source)
    if kind is Kind.TABLE:
        return [_held(name or source.stem, features) for name, features in table_features(source).items()]
    if kind is Kind.WKT:
        return [_held(source.stem, wkt_features(source))]
    return vector_layers(source, kind)


def numbered(layers: Sequence[Layer]) -> list[Layer]:
    """Layers that can be named: `routes#1` and `routes#2` where two of them are called `routes`.

    >>> numbered([])
    []
    """
    counted = Counter(layer.name.casefold() for layer in layers)
    seen = Counter[str]()
    found: list[Layer] = []
    for layer in layers:
        name = layer.name.casefold()
        seen[name] += 1
        found.append(replace(layer, name=f"{layer.name}#{seen[name]}") if counted[name] > 1 else layer)
    return found


def _archive_layers(source: Source, depth: int) -> list[Layer]:
    """Those of all members. One that can't be read refuses the whole: what is in it would be missed in silence.

    Members without geometries, as tables and texts beside a map are, are passed over and named.
    """
    if depth >= _DEEPEST:
        raise unusable("importing.nested-too-deep", source.where)
    found: list[Layer] = []
    unread: list[Problem] = []
    inside, left = members(source)
    # Documents of KML alone are a KMZ, whatever the archive is called: what is sent has no ending.
    kmz = source.ending == ".kmz" or all(each.ending == ".kml" for each in inside)
    for member in inside:
        try:
            layers = open_layers(member, depth + 1)
            # The documents of a KMZ are one, as the folders of a document are.
            found += [replace(each, document=source.where) if kmz and each.document else each for each in layers]
        except TooLargeError:
            raise
        except InputError as error:
            unread += error.problems
            left += [member.where.rpartition("/")[2]]
    damaged = [problem for problem in unread if problem.code not in _WITHOUT_GEOMETRY]
    if damaged or (not found and unread):
        raise InputError(damaged or unread)
    return [_with_left(layer, left) for layer in found] if left else found


def _with_left(layer: Layer, names: Sequence[str]) -> Layer:
    """A layer of an archive whose other members are not read, which is said."""
    said = Message("importing.members-left", count=len(names), names=list(names[:12]))

    def read() -> Features:
        features = layer.read()
        return replace(features, notes=(said, *features.notes))

    return replace(layer, read=cache(read))


def _json_layers(source: Source) -> list[Layer]:
    found = documents(source.content(), source.where)
    if len(found) > 1 and all(are_positions(item) and not isinstance(item[0], list) for item in found):
        found = [found]
    if len(found) == 1 and are_positions(found[0]):
        return [_held(source.stem, position_features(found[0], source.where))]
    if len(found) == 1 and is_topology(found[0]):
        objects = topology_objects(found[0], source.where)
        return [_held(name, read()) for name, read in objects.items()]
    if len(found) == 1 and is_esri(found[0]):
        return [_held(source.stem, _noted(esri_features(found[0], source.where), found))]
    first = found[0][0] if found and isinstance(found[0], list) and found[0] else next(iter(found), None)
    if isinstance(first, dict) and ("type" not in first or (first is found[0] and not is_geojson(first))):
        names = [str(name)[:30] for name in list(first)[:6]]
        raise unusable("importing.json-without-geometry", source.where, names=quoted(names))
    return [_held(source.stem, _noted(geojson_features(found, source.where), found))]


def _noted(features: Features, documents: Sequence[Any]) -> Features:
    """The features, with what their documents say of others."""
    return replace(features, notes=(*parts_of_more(documents), *features.notes))


def _held(name: str, features: Features) -> Layer:
    """A layer that was read already."""
    count = len(features.geometries) + len(features.passed)
    return Layer(name, count, holds(features.geometries), tuple(features.columns), lambda: features)


def chosen(layers: Sequence[Layer], where: str, wanted: str, question: Question) -> tuple[Layer, tuple[Message, ...]]:
    """The layer that is meant, and what to say: the one that the question names, by its name or its number from 1, else
    the one that holds what is `wanted` (`LINES` or `AREAS`); of areas, the one with the fields of wards or sites.

    Layers of one document (folders of a KML, routes and tracks of a GPX) that hold it are read together, and with the
    name `ALL` those of any file.

    Raises
    ------
    InputError
        There is no such layer, none with a geometry, or several that may be meant.
    """
    if question.layer is not None and question.layer.strip() != ALL:
        return _named(layers, where, question.layer), ()
    filled = [layer for layer in layers if layer.features]
    if not filled:
        raise unusable("reference.no-feature" if layers else "reference.table-without-geometries", where)
    if len(filled) == 1:
        return filled[0], ()
    order = (wanted, *(kind for kind in (LINES, AREAS, POINTS) if kind != wanted))
    ranks = [_rank(layer, order) for layer in filled]
    first = filled[ranks.index(min(ranks))]
    alike: Sequence[Layer] = [layer for layer, rank in zip(filled, ranks, strict=True) if rank == min(ranks)]
    if order[min(ranks)] == AREAS and question.layer is None:
        alike = _by_fields(alike, _OF_WARDS if wanted == AREAS else _OF_SITES)
        first = alike[0]
    taken = [first] if len(alike) == 1 else _once(_together(first, alike, question), wanted)
    _check_one_meant(taken, alike, where, question, wanted)
    others = [layer for layer in filled if layer not in taken]
    if len(taken) == 1:
        return first, (_not_read("importing.layer-chosen", others, question, layer=first.name, count=first.features),)
    read = [f"{layer.name} ({layer.features})" for layer in taken]
    said = [Message("importing.layers-joined", layers=read)]
    said += [_not_read("importing.layers-left", others, question)] if others else []
    return joined(taken, where), tuple(said)


def _by_fields(layers: Sequence[Layer], fields: Sequence[Sequence[str]]) -> Sequence[Layer]:
    """The layers whose fields say that they are meant; all of them where none does."""
    return [layer for layer in layers if all(field_of(layer.columns, names) for names in fields)] or layers


def _once(layers: Sequence[Layer], wanted: str) -> list[Layer]:
    """The layers without those that say others again; districts are no other saying of their wards."""
    return list(layers) if wanted == AREAS else without_repeated(layers)


def _check_one_meant(
    taken: Sequence[Layer], alike: Sequence[Layer], where: str, question: Question, wanted: str
) -> None:
    """Refuse layers of which each may be meant: all that is not read would be missed, and nobody would notice."""
    if question.layer is not None or alike[0].lines_only:
        return
    others = _once([*taken, *(layer for layer in alike if layer not in taken)], wanted)[len(taken) :]
    if others:
        listed = [f"{layer.name} ({layer.features})" for layer in alike]
        options = {"option": question.for_layer(alike[0].name), "all": question.for_layer(ALL)}
        raise unusable("importing.several-layers", where, layers=listed, **options)


def _together(first: Layer, alike: Sequence[Layer], question: Question) -> list[Layer]:
    if question.layer is not None:
        return list(alike)
    return [layer for layer in alike if layer is first or (layer.document and layer.document == first.document)]


def _not_read(code: str, others: Sequence[Layer], question: Question, **parameters: object) -> Message:
    """What is not read, and how it is chosen where the file came in."""
    first, listed = others[0].name, [f"{layer.name} ({layer.features})" for layer in others]
    return Message(code, others=listed, option=question.for_layer(first), **parameters)


def _rank(layer: Layer, order: Sequence[str]) -> int:
    """0 for what is looked for; a layer that does not say what it holds is looked into."""
    held = layer.holds or holds(layer.read().geometries)
    return min((order.index(kind) for kind in held), default=len(order))


def _named(layers: Sequence[Layer], where: str, name: str) -> Layer:
    folded = name.strip().casefold()
    for layer in layers:
        if layer.name.casefold() == folded:
            return layer
    for layer in layers:
        if layer.lines_only:  # whose own layers are often called 1 or 2
            return cad_layer(layer, name, where)
    number = folded.removeprefix("#")
    if number.isascii() and number.isdigit() and 1 <= int(number) <= len(layers):
        return layers[int(number) - 1]
    raise unusable("importing.no-such-layer", where, name=name, layers=quoted(layer.name for layer in layers))
