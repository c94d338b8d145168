"""The ward that a cell names; a former unit is no ward of today, and its figure not that of the ward that took it."""

from __future__ import annotations

from geo.errors import UnknownWardError
from geo.importing.cells import CellError
from geo.importing.cells.errors import short
from geo.reference.names import fold
from geo.reference.wards import Ward, WardRegister, former_name


def ward_of(name: str, register: WardRegister) -> Ward:
    """The one ward of today with this name, or code.

    Raises
    ------
    CellError
        No ward bears the name, several do, or it is that of a former unit: taken over whole, in part, or by several.
    """
    try:
        match = register.find(name)
    except UnknownWardError as error:
        code = "importing.unknown-ward-near" if error.suggestions else "importing.unknown-ward"
        raise CellError(code, text=short(name), options=error.suggestions) from error
    if match.how == "former":
        raise _former(name, match.wards)
    if len(match.wards) > 1:
        raise CellError("importing.several-wards", text=short(name), wards=_named(match.wards))
    return match.wards[0]


def _former(name: str, wards: tuple[Ward, ...]) -> CellError:
    if len(wards) > 1:
        return CellError("importing.former-split", text=short(name), wards=_named(wards))
    # A part is printed with what became of the rest: 'Phường Cửa Đông (phần còn lại sau khi ...)'.
    printed = [text for text in wards[0].merged_from if fold(former_name(text)[1]) in fold(name)]
    part = any("(" in text for text in printed)
    return CellError(
        "importing.former-part" if part else "importing.former-whole", text=short(name), wards=_named(wards)
    )


def _named(wards: tuple[Ward, ...]) -> list[str]:
    return [f"{ward.full_name} ({ward.code})" for ward in wards]
