"""The ward that a cell names; a former unit is no ward of today, and its figure not that of the ward that took it."""

from __future__ import annotations

from geo.errors import UnknownWardError
from geo.importing.cells import CellError
from geo.importing.cells.errors import short
from geo.reference.ward_names.former_units import FormerUnits, load_former_units, split_district
from geo.reference.wards import Match, Ward, WardRegister


def ward_of(name: str, register: WardRegister) -> Ward:
    """The one ward of today with this name, or code.

    Raises
    ------
    CellError
        No ward bears the name, several do, or it is that of a former unit: taken over whole, in part, or by several;
        or it is that of a former district.
    """
    try:
        match = register.find(name)
    except UnknownWardError as error:
        if _is_district(name):  # a ward of its name is a part of it
            raise CellError("importing.former-district", text=short(name)) from error
        code = "importing.unknown-ward-near" if error.suggestions else "importing.unknown-ward"
        raise CellError(code, text=short(name), options=error.suggestions) from error
    if match.how == "former":
        raise _former(name, match)
    if len(match.wards) > 1:
        raise CellError("importing.several-wards", text=short(name), wards=_named(match.wards))
    return match.wards[0]


def _is_district(name: str) -> bool:
    """Whether a text names a district of before July 2025, with its kind."""
    return split_district(name)[0] is not None and FormerUnits(load_former_units()).is_district(name)


def _former(name: str, match: Match) -> CellError:
    if len(match.wards) > 1:
        return CellError("importing.former-split", text=short(name), wards=_named(match.wards))
    part = any(heir.extent == "part" for found in match.answer.found for _, heir in found.former)
    code = "importing.former-part" if part else "importing.former-whole"
    return CellError(code, text=short(name), wards=_named(match.wards))


def _named(wards: tuple[Ward, ...]) -> list[str]:
    return [f"{ward.full_name} ({ward.code})" for ward in wards]
