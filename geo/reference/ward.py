"""A commune-level unit, as the register holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Phase = Literal["pilot", "expansion", "none"]


@dataclass(frozen=True, slots=True)
class Ward:
    """A commune-level unit (*đơn vị hành chính cấp xã*).

    `code`: 5 characters, text ('00004'); `kind`: `phường` or `xã`; `phase`: programme coverage; `area_km2`: official
    area; `population`: indicative, None where no source gives it; `merged_from`: units before July 2025, as printed.
    """

    code: str
    name: str
    full_name: str
    kind: str
    province_code: str
    phase: Phase
    area_km2: float | None
    population: int | None
    merged_from: tuple[str, ...]
