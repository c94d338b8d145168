"""One reading of a description: what kind of place its words name, and the names in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What a text may be: the value is the code of its name in the catalogues (`places.form.*`)."""

    STREET = "street"
    STRETCH = "stretch"
    IN_LINE = "in-line"
    JUNCTION = "junction"
    BRIDGE = "bridge"
    LANDMARK = "landmark"
    NUMBER = "number"
    NUMBERS = "numbers"
    LANE = "lane"
    KILOMETRE = "kilometre"
    BANK = "bank"
    BESIDE = "beside"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Reading:
    """A `form` with the names that it needs.

    `street`: the street, river or lane's street; `start`, `end`: limits as printed, '' for none; `names`: the streets
    in line or at a junction; `number`: a house or lane number as printed; `kilometres`: one post or two; `aside`: the
    text says 'in front of', 'opposite'; `which`: *đầu* or *cuối*, '' for neither.
    """

    form: Form
    text: str
    street: str = ""
    start: str = ""
    end: str = ""
    names: tuple[str, ...] = ()
    number: str = ""
    kilometres: tuple[float, ...] = ()
    aside: bool = False
    which: str = ""
