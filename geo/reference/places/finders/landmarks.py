"""Landmarks by name, what lies in front of one on a street, lakes, wards."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from geo.errors import DiabanError
from geo.i18n.message import Message
from geo.reference.crs import to_metric
from geo.reference.places.candidate import Candidate, Kind, Text
from geo.reference.places.finders import landmark_search
from geo.reference.places.finders.area_filter import groups_in
from geo.reference.places.finders.landmark_search import Spot
from geo.reference.places.grammar.qualifiers import Area, Unit, units_named
from geo.reference.places.grammar.reading import Reading
from geo.reference.places.landmark_names import kind_by_words
from geo.reference.places.place_index import PlaceIndex, union_of
from geo.reference.places.shapes import multi, nearest
from geo.reference.streets.limits import PLACE_REACH_M

IN_FRONT_M = 50.0
"""How far 'in front of' reaches beyond the place itself."""


def landmarks(index: PlaceIndex, reading: Reading, _area: Area) -> Iterator[Candidate]:
    """Landmarks, lakes and localities of a name; a ward of this name as an area."""
    name = reading.names[0]
    recorded = index.gazetteer.place(name)
    if recorded and recorded.lonlat:
        point = to_metric(np.array([shapely.Point(recorded.lonlat)], dtype=object), index.city.province_code)[0]
        evidence = (Message("places.recorded", reason=recorded.reason),)
        yield Candidate(Kind.POINT, recorded.name, point, recorded.accuracy_m, reading, evidence=evidence)
        return
    exact = landmark_search.spots(index, name)
    for spot in exact or landmark_search.spread(index, name):
        if reading.which != "known" or spot.kind not in ("locality", "bus_stop"):
            yield _of_spot(reading, spot)


def _of_spot(reading: Reading, spot: Spot) -> Candidate:
    dimension = int(shapely.get_dimensions(spot.shape))
    notes: tuple[Text, ...] = (Message("places.in-front", name=spot.name),) if reading.aside else ()
    if not spot.exact:
        notes = (*notes, Message("reference.taken-for", name=reading.names[0], found=spot.name))
    stop = spot.kind == "bus_stop"
    if stop:
        notes = (*notes, Message("places.by-bus-stop", name=spot.name))
    if spot.kind in ("locality", "estate"):
        notes = (*notes, Message("places.about", name=spot.name))
    accuracy = spot.accuracy_m + (IN_FRONT_M if reading.aside else 0.0)
    return Candidate(
        (Kind.POINT, Kind.STRETCH, Kind.AREA)[dimension],
        spot.name,
        spot.shape,
        accuracy,
        reading,
        evidence=(Message("places.evidence.landmark", name=spot.name, kind=Message("places.kind." + spot.kind)),),
        notes=notes,
        length_m=float(spot.shape.length) if dimension == 1 else 0.0,
        sure=spot.exact and not stop,
    )


def wards(index: PlaceIndex, reading: Reading) -> Iterator[Candidate]:
    """A ward or a former unit named alone: its area; a former unit's are those of its heirs."""
    try:
        match = index.register.find(reading.text)
    except DiabanError:
        for unit in units_named(reading.text, index.register):
            yield _district(index, reading, unit)
        return
    for ward in match.wards:
        evidence = (Message("places.evidence.ward-itself", name=ward.full_name),)
        notes: tuple[Text, ...] = (Message("places.heir", name=reading.text),) if match.how == "former" else ()
        office, shape = kind_by_words(reading.text) == "office", index.ward_shapes[ward.code]
        # A former unit is a part of its heir: somewhere in it.
        accuracy = float(np.sqrt(shape.area)) if match.how == "former" else 5.0
        if office:
            notes = (*notes, Message("places.office-unknown", name=reading.text))
        yield Candidate(
            *(Kind.AREA, ward.full_name, shape, accuracy, reading),
            evidence=evidence,
            notes=notes,
            sure=not office and match.how != "former",
        )


def _district(index: PlaceIndex, reading: Reading, unit: Unit) -> Candidate:
    """A former district as the wards that came mostly from it; its border is not theirs where one came in part."""
    shape = union_of(index, unit.codes)
    evidence = Message("places.evidence.district", name=reading.text)
    notes: tuple[Text, ...] = (Message("places.former-border", unit=unit.title),) if unit.part else ()
    return Candidate(
        *(Kind.AREA, unit.title, shape, 200.0, reading), evidence=(evidence,), notes=notes, sure=not unit.part
    )


def besides(index: PlaceIndex, reading: Reading, area: Area) -> Iterator[Candidate]:
    """The point of a street in front of a landmark: 'Đường Giải Phóng, đoạn trước Bệnh viện Bạch Mai'."""
    groups, _ = groups_in(index, reading.street, area)
    for group in groups:
        whole = multi(index.lines[group.rows])
        near = landmark_search.near_spots(index, reading.names[0], whole, PLACE_REACH_M)
        near = [pair for pair in near if not landmark_search.behind(index, group, whole, pair[1])]
        for distance, spot in near[:3]:
            point = nearest(whole, spot.shape)
            evidence = Message("places.evidence.on-street", name=spot.name, street=group.asked, metres=distance)
            far = distance > spot.accuracy_m or not spot.exact
            notes = (Message("places.beside-by", name=spot.name, metres=distance),) if far else ()
            yield Candidate(
                Kind.POINT,
                f"{group.asked}, {spot.name}",
                point,
                max(spot.accuracy_m, distance) / 2 + IN_FRONT_M,
                reading,
                evidence=(evidence,),
                notes=(*group.notes, *notes),
                sure=not far,
            )
