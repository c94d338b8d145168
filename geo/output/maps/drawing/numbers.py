"""Numbers that stand for the names of wards where a name finds no room; a key beside the map lists them."""

from __future__ import annotations

from collections.abc import Iterable

from geo.output.maps.drawing.drawing import Layer
from geo.reference.names import plain


def ward_names(layers: Iterable[Layer]) -> tuple[str, ...]:
    """The names of all wards of some layers, each once, in the order of their letters; the first has the number 1.

    They follow from the wards alone: at every size and on both sides of a map of two days a ward has one number.
    """
    marks = (feature.mark for layer in layers for feature in layer.features if feature.mark)
    names = {mark.text for mark in marks if mark.kind == "ward"}
    return tuple(sorted(names, key=lambda name: (plain(name), name)))


def ward_numbers(layers: Iterable[Layer]) -> dict[str, int]:
    """The number of each ward by its name."""
    return {name: number for number, name in enumerate(ward_names(layers), 1)}
