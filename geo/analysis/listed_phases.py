"""The phases of wards as they are recorded, beside those that the programme in force lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import DiabanError
from geo.i18n.message import Message
from geo.reference.programmes import Programme
from geo.reference.wards import WardRegister


def unlike_programme(
    programme: Programme, register: WardRegister, phases: Mapping[str, str]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Recorded phase, listed phase, and the names of the wards of which the two differ, by the programme's order.

    `phases`: ward → recorded phase. Nothing differs where the programme lists no phases.
    """
    listed = {code: phase for phase, names in programme.phases.lists for code in _codes(register, names)}
    if not listed:
        return
    found: dict[tuple[str, str], list[str]] = {}
    for ward in register.wards:
        pair = phases.get(ward.code, "none"), listed.get(ward.code, "none")
        if pair[0] != pair[1]:
            found.setdefault(pair, []).append(ward.full_name)
    yield from ((recorded, printed, tuple(names)) for (recorded, printed), names in sorted(found.items()))


def said_of_phases(
    programme: Programme, register: WardRegister, phases: Mapping[str, str], terms: Mapping[str, Any]
) -> tuple[Message, ...]:
    """The same as sentences, with the words for phases: somebody has to decide which of the two holds."""
    return tuple(
        Message(
            "analysis.phases-differ",
            count=len(names),
            wards=list(names),
            recorded=terms.get(recorded, recorded),
            listed=terms.get(printed, printed),
            document=programme.document,
        )
        for recorded, printed, names in unlike_programme(programme, register, phases)
    )


def _codes(register: WardRegister, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        try:
            yield register.by_printed(name).code
        except DiabanError:
            continue  # said by `diaban check`
