"""The snapshot of a day: registers in force, records, lazily flags and coverage."""

from geo.situation.in_force import has_sites, registers_ever, registers_on, with_recorded
from geo.situation.lazy import Lazy
from geo.situation.listing.lives import not_listed
from geo.situation.registers import Registers, load_registers
from geo.situation.snapshot import Situation, at, from_registers, limit_cache

__all__ = [
    "Lazy",
    "Registers",
    "Situation",
    "at",
    "from_registers",
    "has_sites",
    "limit_cache",
    "load_registers",
    "not_listed",
    "registers_ever",
    "registers_on",
    "with_recorded",
]
