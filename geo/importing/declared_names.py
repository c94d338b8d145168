"""Wards that a route declares: by code, or by name where that leads to one ward for sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from geo.i18n.message import Message
from geo.importing.cells import CellError

if TYPE_CHECKING:
    from geo.reference.wards import WardRegister

_CODE = re.compile(r"(?a)\d{5}")
_MOST = 8


def by_code(declared: Sequence[list[Any]], wards: Callable[[], WardRegister]) -> tuple[list[list[Any]], list[Message]]:
    """The lists with a code for each name that leads to one ward; what leads to none or several stays as it is.

    With notes on what was read so, and on codes that no ward of the country bears.
    """
    given = dict.fromkeys(value for values in declared for value in values if isinstance(value, str))
    if not given:
        return list(declared), []
    register = wards()
    known = {ward.code for ward in register.wards}
    codes = {text: code for text in given if not _CODE.fullmatch(text) and (code := _code(text, register))}
    read = [f"{text} → {code}" for text, code in codes.items()]
    notes = [Message("importing.declared-by-name", wards=read[:_MOST])] if read else []
    unknown = [text for text in given if _CODE.fullmatch(text) and text not in known]
    unknown = [code for code in unknown if code not in _of_country()] if unknown else []
    if unknown:
        notes.append(Message("importing.declared-unknown", codes=unknown[:_MOST]))
    return [[codes.get(value, value) if isinstance(value, str) else value for value in row] for row in declared], notes


def _code(text: str, register: WardRegister) -> str:
    # Only where a route declares wards by name: it brings the checks of all records with it.
    from geo.importing.coverage.wards import ward_of

    try:
        return ward_of(text, register).code
    except CellError:
        return ""  # refused with its feature


def _of_country() -> frozenset[str]:
    from geo.reference.country.wards import country_codes, has_country

    return country_codes() if has_country() else frozenset()
