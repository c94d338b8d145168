"""In which coordinate system a file's coordinates are: as the user says, as the file says, or as its format has it.

Never guessed in silence. What is declared wrongly is refused with the systems that fit; what is taken is said.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message, either
from geo.importing.geometries.model import Features, Geometries, unusable
from geo.importing.geometries.systems.declared import named_crs
from geo.importing.geometries.systems.offers import Floats, Offer, inside, offer_of, offers, sample
from geo.importing.geometries.systems.packed import NAMES, is_form, packed_problem, unpacked
from geo.importing.geometries.systems.projections import (
    TransverseMercator,
    has_unknown_datum,
    hn72_text,
    is_declared_wrongly,
    is_of_elsewhere,
    is_on_krassowsky,
    is_on_wgs84_ellipsoid,
    metres_beside_vn2000,
    metres_of_scale,
    names_a_shift,
    transverse_mercator,
    vn2000_text,
    zone_of,
)
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.systems.worded import overruled
from geo.reference.checks import VIET_NAM
from geo.reference.crs import WGS84

if TYPE_CHECKING:
    from pyproj import CRS

    from geo.reference.wards import WardRegister

Wards = Callable[[], "WardRegister"]
"""Wards by which systems are distinguished, read when they are needed."""
NO_WARD = "importing.no-ward-in-system"
"""The code of the note that a file meets no ward in its system, and would in another."""
_LOCAL_M = 20_000.0
_MOST, _MOST_KM = 0.5, 10_000.0
_EXAMPLES = (5897, 9214)
"""What is named where nothing fits and the coordinates are metres."""


@dataclass(frozen=True, slots=True)
class System:
    """The system of coordinates, whether they stand north before east, and what the user should know of that.

    `packed`: the form of packed degrees of WGS 84 that they are in (`systems.packed.NAMES`), '' for none.
    """

    crs: CRS
    is_swapped: bool = False
    notes: tuple[Message, ...] = ()
    packed: str = ""

    def to_wgs84(self, geometries: Geometries) -> Geometries:
        """Geometries of the file as WGS 84 longitude and latitude; infinite where a position is none."""
        from pyproj import Transformer

        if self.packed:
            return replace(self, packed="").to_wgs84(_transformed(geometries, lambda xy: unpacked(xy, self.packed)))
        if self.crs == WGS84 and not self.is_swapped:
            return geometries
        transformer = Transformer.from_crs(self.crs, WGS84, always_xy=True)

        def moved(xy: Floats) -> Floats:
            first, second = (xy[:, 1], xy[:, 0]) if self.is_swapped else (xy[:, 0], xy[:, 1])
            return np.column_stack(transformer.transform(first, second))

        return _transformed(geometries, moved)


def _transformed(geometries: Geometries, moved: Callable[[Floats], Floats]) -> Geometries:
    made: Geometries = shapely.transform(geometries, moved)
    return made


def settle(features: Features, geometries: Geometries, question: Question, where: str, wards: Wards) -> System:
    """The system of a layer's coordinates.

    Parameters
    ----------
    features, geometries
        The layer, and its geometries that are used.
    question
        What the user says.
    wards
        Wards in which routes are looked for, to tell systems apart.

    Raises
    ------
    InputError
        The system is unknown, declared wrongly, or does not fit the coordinates; what fits is offered.
    """
    xy = sample(geometries)
    if question.crs is not None and is_form(question.crs):
        return _of_form(question.crs.strip().casefold(), features, geometries, where)
    packed = packed_problem(xy, where, question.option)
    # A local system of metres may be near its own origin.
    is_near_origin = bool(len(xy)) and float(np.abs(xy).max()) < _LOCAL_M
    if packed is not None and not (is_near_origin and (question.crs or _is_of_metres(features))):
        raise InputError(packed)
    crs, notes = _named(features, xy, question, where, wards)
    _check_units(crs, xy, question, where, wards)
    notes += _check_datum(crs, xy, question, where, wards)
    return _placed(crs, notes, xy, question, wards)


def _of_form(name: str, features: Features, geometries: Geometries, where: str) -> System:
    """The system of degrees that are packed in a form that the user names: that of the file, else WGS 84.

    Raises
    ------
    InputError
        A position has minutes or seconds of 60 and more.
    """
    from pyproj import CRS

    xy = shapely.get_coordinates(geometries)
    odd = xy[np.isnan(unpacked(xy, name)).any(axis=1)]
    if len(odd):
        position = ", ".join(f"{number:.10g}" for number in odd[0])
        raise unusable("importing.not-so-packed", where, form=Message(NAMES[name]), position=position)
    crs, declared, worded = CRS.from_user_input(WGS84), features.declared, features.worded
    crs = CRS.from_user_input(worded.in_degrees) if worded is not None and worded.in_degrees else crs
    crs = declared.geodetic_crs or crs if declared is not None else crs
    note = Message("importing.packed-as-asked", form=Message(NAMES[name]), crs=crs.name)
    return System(crs, notes=(note,), packed=name)


def _is_of_metres(features: Features) -> bool:
    return features.declared is not None and features.declared.is_projected


def _named(
    features: Features, xy: Floats, question: Question, where: str, wards: Wards
) -> tuple[CRS, tuple[Message, ...]]:
    from pyproj import CRS

    declared = features.declared
    if question.crs is not None:
        place = question.option.strip(" =") or "crs"
        crs = named_crs(question.crs, place, "importing.crs-not-understood")
        if not (crs.is_projected or crs.is_geographic):
            raise unusable("importing.crs-not-understood", place, name=question.crs[:80], reason=crs.type_name)
        if declared is None and features.worded is not None:
            said = overruled(features.worded, crs, shown_system(crs))
            return crs, () if said is None else (said,)
        if declared is None or declared == crs:
            return crs, ()
        return crs, (Message("importing.system-overruled", declared=shown_system(declared), crs=shown_system(crs)),)
    if declared is not None:
        return declared, ()
    if features.is_wgs84 or not len(xy):
        return CRS.from_user_input(WGS84), ()
    if features.is_assumed and _share(xy, VIET_NAM) + _share(xy[:, ::-1], VIET_NAM) > _MOST:
        return CRS.from_user_input(WGS84), (Message("importing.degrees-assumed", option=f"{question.option}EPSG:4756"),)
    raise InputError(_refused("importing.no-system", where, xy, question, wards))


def _check_units(crs: CRS, xy: Floats, question: Question, where: str, wards: Wards) -> None:
    """Degrees where metres are declared, and the reverse."""
    if not len(xy):
        return
    are_degrees = bool((np.abs(xy) <= 180.0).all())
    if crs.is_projected and are_degrees:
        raise InputError(_refused("importing.degrees-not-metres", where, xy, question, wards, crs=shown_system(crs)))
    if crs.is_geographic and not are_degrees and float(np.abs(xy).max()) > 1_000.0:
        raise InputError(_refused("importing.metres-not-degrees", where, xy, question, wards, crs=shown_system(crs)))


def _check_datum(crs: CRS, xy: Floats, question: Question, where: str, wards: Wards) -> tuple[Message, ...]:
    """Refuse a system that is VN-2000 declared wrongly, or may be; say what is taken for WGS 84."""
    projection = transverse_mercator(crs) if crs.is_projected else None
    if len(xy) and is_of_elsewhere(crs, _lonlat(System(crs), xy)):
        fitting = [offer_of(xy, code, wards()) for code in _possible(projection, crs)]
        raise InputError(
            _refused("importing.system-of-elsewhere", where, xy, question, wards, first=fitting, crs=shown_system(crs))
        )
    if crs.to_authority(min_confidence=100) is not None and not crs.is_projected:
        return ()
    if projection is not None and is_declared_wrongly(crs, projection):
        metres = metres_beside_vn2000(crs, projection)
        known = zone_of(projection)
        fitting = [offer_of(xy, known, wards())] if known else []
        raise InputError(
            _refused(
                "importing.datum-left-out", where, xy, question, wards,
                first=fitting, otherwise=vn2000_text(projection), crs=shown_system(crs), metres=metres,
            )
        )  # fmt: skip
    if not has_unknown_datum(crs):
        return _scale_notes(crs, projection, xy, question, wards)
    if crs.is_geographic and is_on_wgs84_ellipsoid(crs) and not names_a_shift(crs):
        return (Message("importing.datum-assumed", crs=shown_system(crs), option=f"{question.option}EPSG:4756"),)
    fitting = [offer_of(xy, code, wards()) for code in _possible(projection, crs)]
    text = hn72_text(projection) if projection is not None and is_on_krassowsky(crs) else ""
    raise InputError(
        _refused(
            "importing.datum-unknown", where, xy, question, wards,
            first=fitting, otherwise=text, crs=shown_system(crs),
        )
    )  # fmt: skip


def _scale_notes(
    crs: CRS, projection: TransverseMercator | None, xy: Floats, question: Question, wards: Wards
) -> tuple[Message, ...]:
    """That a scale of 1 is none of VN-2000's, and the zone that is meant perhaps; grids of building sites have it."""
    found = metres_of_scale(crs, projection)
    if found is None or not len(xy):
        return ()
    metres, zone = found
    known = zone_of(zone)
    fitting = [offer_of(xy, known, wards())] if known else []
    offered = _options(fitting, question) or [f"{question.option}'{vn2000_text(zone)}'"]
    return (Message("importing.scale-of-one", crs=shown_system(crs), metres=metres, offers=either(offered)),)


def _possible(projection: TransverseMercator | None, crs: CRS) -> tuple[int, ...]:
    """What a system of unknown datum may be."""
    if projection is not None and projection.is_utm:
        return (3405, 32648) if projection.meridian == 105.0 else (3406, 32649)
    if crs.is_geographic:
        return (4756, 4326)
    return ()


def _placed(crs: CRS, notes: tuple[Message, ...], xy: Floats, question: Question, wards: Wards) -> System:
    """Whether the axes are swapped, and what to say of a route that lies in no ward."""
    here, there = (_lonlat(System(crs, swapped), xy) for swapped in (False, True))
    turned = _share(here, VIET_NAM) < _MOST <= _share(there, VIET_NAM)
    if crs.is_geographic or not len(xy):
        return System(crs, turned, (*notes, Message("importing.degrees-turned")) if turned else notes)
    share = inside(here, wards())[0]
    if turned or (not share and inside(there, wards())[0] >= _MOST):
        return System(crs, True, (*notes, Message("importing.axes-turned")))
    return System(crs, False, notes if share else (*notes, *_elsewhere(crs, xy, question, wards)))


def _elsewhere(crs: CRS, xy: Floats, question: Question, wards: Wards) -> tuple[Message, ...]:
    """In which other systems a route that lies in no ward would lie in one."""
    fitting = [offer for offer in offers(xy, wards()) if crs.to_epsg() != offer.epsg]
    fitting = [offer for offer in fitting if offer.is_own] or fitting
    if not fitting:
        return ()
    offered = either(_options(fitting, question))
    return (Message(NO_WARD, crs=shown_system(crs), offers=offered),)


def _lonlat(system: System, xy: Floats) -> Floats:
    points: Any = shapely.points(xy) if len(xy) else np.zeros(0, dtype=object)
    return shapely.get_coordinates(system.to_wgs84(points)) if len(xy) else xy


def _share(lonlat: Floats, box: tuple[float, float, float, float]) -> float:
    if not len(lonlat):
        return 0.0
    west, south, east, north = box
    x, y = lonlat[:, 0], lonlat[:, 1]
    return float(((x >= west) & (x <= east) & (y >= south) & (y <= north)).mean())


def _refused(
    code: str,
    where: str,
    xy: Floats,
    question: Question,
    wards: Wards,
    *,
    first: Sequence[Offer] = (),
    otherwise: str = "",
    **parameters: Any,
) -> Problem:
    """The problem, with the systems that fit; where none does, with what is known of that."""
    text = [f"{question.option}'{otherwise}'"] if otherwise else []
    in_wards = [offer for offer in first if offer.share]
    offered: list[Any] = _options(in_wards or first, question)
    if not offered and not _is_in_wards(otherwise, xy, wards):
        offered = _options(offers(xy, wards()), question)
    offered = offered or text
    offered = offered or _in_kilometres(xy, question, wards) or [_nothing_fits(xy, question)]
    position = ", ".join(f"{n:.6f}".rstrip("0").rstrip(".") for n in xy[0]) if len(xy) else ""
    return Problem(code, where, offers=either(offered), position=position, **parameters)


def _is_in_wards(text: str, xy: Floats, wards: Wards) -> bool:
    """Whether the coordinates lie in wards in a system that is offered as a text."""
    from pyproj import CRS

    return bool(text and len(xy)) and inside(_lonlat(System(CRS.from_user_input(text)), xy), wards())[0] > 0


def _in_kilometres(xy: Floats, question: Question, wards: Wards) -> list[Message]:
    """What to do with coordinates that lie in a ward once they are taken a thousandfold."""
    fitting = offers(1_000.0 * xy, wards()) if len(xy) and float(np.abs(xy).max()) <= _MOST_KM else []
    return [Message("importing.kilometres-fit", offers=either(_options(fitting, question)))] if fitting else []


def _nothing_fits(xy: Floats, question: Question) -> Message:
    """What to do where no system that is in use here leads to a ward: never one in which they can't be."""
    code = "importing.no-degrees-fit" if len(xy) and bool((np.abs(xy) <= 180.0).all()) else "importing.no-metres-fit"
    return Message(code, option=question.option, examples=either([f"EPSG:{number}" for number in _EXAMPLES]))


def _options(found: Sequence[Offer], question: Question) -> list[str]:
    return [f"{question.option}{offer}" for offer in found]


def shown_system(crs: CRS) -> str:
    """A system as a reader knows it: its code and name, or the begin of its text."""
    epsg = crs.to_authority(min_confidence=100)
    if epsg is not None:
        return f"{':'.join(epsg)} ({crs.name})"
    if crs.name not in ("unknown", "unnamed", ""):
        return crs.name[:80]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a PROJ text says less than WKT; it is for people to read
        return (crs.to_proj4() or crs.to_string()).removesuffix(" +type=crs")[:120]
