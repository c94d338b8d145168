"""What was entered for a period: the last word on each figure, and shorter periods made into longer ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.reference.programmes import Period, Programme

CITY = ""
"""The row of figures that bodies of the city entered (entries without a ward)."""

COLUMNS = ("ward_code", "indicator", "period", "value", "day")
ENTRIES = Message("analysis.coverage-entries")
_FIGURE, _SPAN = ["ward", "indicator"], ["year", "last", "months"]
_COMBINE = {"sum": "sum", "latest": "last", "most": "max", "least": "min"}


@dataclass(frozen=True, slots=True)
class Entered:
    """`figures`: a row for each ward code and `CITY` last, a column for each entry id, NaN where nothing was entered.

    `carried`: the same rows and columns, whether a figure was entered for an earlier period alone.
    `unused`: how many entries of the period name no ward of the city, or a ward where the city enters, or the reverse.
    `partial`: ids of which a ward's figure comes from parts that do not make up the period.
    """

    figures: pd.DataFrame
    carried: pd.DataFrame
    unused: int
    partial: frozenset[str] = frozenset()

    def is_carried(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """(rows,) whether what is known of a target (its entry ids) was entered for an earlier period alone."""
        known, carried = self.figures[list(ids)].notna(), self.carried[list(ids)]
        found: NDArray[np.bool_] = (known.any(axis=1) & ~(known & ~carried).any(axis=1)).to_numpy(dtype=bool)
        return found


def entered(programme: Programme, entries: pd.DataFrame | None, codes: list[str], period: Period, day: date) -> Entered:
    """The figures of `period` as known on `day`.

    A figure for a period replaces those of the periods in it (halves, quarters, months); without one they are combined
    as the target says. Targets for the whole programme also take what earlier periods entered, which is `carried`.

    Raises
    ------
    InputError
        A column is missing, or a day, period or value can't be read.
    """
    ids = [name for target in programme.targets for name in target.entry_ids]
    index = pd.Index([*codes, CITY], dtype=object)
    empty = pd.DataFrame(np.nan, index=index, columns=ids)
    if entries is None or entries.empty:
        return Entered(empty, empty.notna(), 0)
    rows = _of_period(programme, _read(entries, programme.id), period, day)
    fits = _fits(programme, rows, codes)
    if not fits.any():
        return Entered(empty, empty.notna(), int((~fits).sum()))
    words = _last_word(rows[fits])
    combined = _combined(programme, words).reindex(index=index, columns=ids)
    carried = combined.notna() & ~_of_its_own(words).reindex(index=index, columns=ids, fill_value=False)
    return Entered(combined, carried, int((~fits).sum()), _partial(words, period) - _of_whole(programme))


def _read(entries: pd.DataFrame, programme: str) -> pd.DataFrame:
    absent = [name for name in COLUMNS if name not in entries]
    if absent:
        raise InputError(Problem("analysis.columns-missing", ENTRIES, missing=absent, columns=COLUMNS))
    if "programme" in entries:
        entries = entries[entries["programme"] == programme]
    periods = {text: Period.parse(str(text)) for text in entries["period"].unique()}
    rows = pd.DataFrame(
        {
            "ward": entries["ward_code"].astype(object).where(entries["ward_code"].notna(), CITY),
            "indicator": entries["indicator"].astype(str),
            "year": [periods[text].year for text in entries["period"]],
            "last": [periods[text].last_month for text in entries["period"]],
            "months": [periods[text].months for text in entries["period"]],
            "value": pd.to_numeric(entries["value"], errors="coerce"),
            "day": pd.to_datetime(entries["day"], errors="coerce"),
        }
    ).reset_index(drop=True)
    broken = rows["day"].isna() | np.isinf(rows["value"]) | (rows["value"] < 0)
    if broken.any():
        where = Message("place.row", file=ENTRIES, row=int(np.argmax(broken)) + 1)
        raise InputError(Problem("analysis.entry-unusable", where))
    return rows


def _of_period(programme: Programme, rows: pd.DataFrame, period: Period, day: date) -> pd.DataFrame:
    begins = rows["last"] - rows["months"]
    within = (begins >= period.last_month - period.months) & (rows["last"] <= period.last_month)
    same = (rows["year"] == period.year) & within
    ends, wanted = rows["year"] * 12 + rows["last"], period.year * 12 + period.last_month
    by_then = (ends < wanted) | ((ends == wanted) & (rows["months"] <= period.months))
    earlier = rows["indicator"].isin(_of_whole(programme)) & by_then & (rows["year"] >= programme.first_year)
    known = (rows["day"] <= pd.Timestamp(day)) & rows["value"].notna()
    return rows.assign(own=same)[(same | earlier) & known]


def _of_whole(programme: Programme) -> frozenset[str]:
    """Ids of the targets that are reached over the whole programme."""
    whole = [indicator for indicator in programme.indicators if indicator.period == "whole"]
    return frozenset(name for each in whole for target in each.targets for name in target.entry_ids)


def _fits(programme: Programme, rows: pd.DataFrame, codes: list[str]) -> pd.Series:
    of_city = {name for target in programme.targets if target.level == "city" for name in target.entry_ids}
    of_ward = {name for target in programme.targets if target.level == "ward" for name in target.entry_ids}
    yes_or_no = {target.id for target in programme.targets if target.is_yes_or_no}
    by_city = rows["ward"] == CITY
    beside_wards = rows["indicator"].isin(of_ward - yes_or_no)
    return (by_city & (rows["indicator"].isin(of_city) | beside_wards)) | (
        rows["ward"].isin(codes) & rows["indicator"].isin(of_ward)
    )


def _last_word(rows: pd.DataFrame) -> pd.DataFrame:
    """The last entry on each figure and period, in the order of the periods; none that lies in another's period."""
    ordered = rows.sort_values([*_SPAN, "day"], kind="stable").drop_duplicates([*_FIGURE, *_SPAN], keep="last")
    return ordered[~_replaced(ordered).to_numpy()]


def _replaced(rows: pd.DataFrame) -> pd.Series:
    """Which entries lie in a longer period that has an entry on the same figure."""
    replaced = pd.Series(data=False, index=rows.index)
    for months in (12, 6, 3):
        longer = rows.loc[rows["months"] == months, [*_FIGURE, "year", "last"]]
        holder = rows[[*_FIGURE, "year"]].assign(last=-(-rows["last"] // months) * months)
        held = pd.MultiIndex.from_frame(holder).isin(pd.MultiIndex.from_frame(longer))
        replaced |= held & (rows["months"] < months)
    return replaced


def _of_its_own(words: pd.DataFrame) -> pd.DataFrame:
    """Which figures were entered for the period itself or for a part of it, by ward and id."""
    own: pd.DataFrame = words.groupby(_FIGURE)["own"].any().unstack("indicator", fill_value=False)
    return own


def _partial(words: pd.DataFrame, period: Period) -> frozenset[str]:
    """Ids of which a figure comes from parts that do not make up the period."""
    filled = words.groupby(_FIGURE)["months"].sum()
    return frozenset(filled[filled < period.months].index.get_level_values("indicator"))


def _combined(programme: Programme, rows: pd.DataFrame) -> pd.DataFrame:
    ways = {
        name: way
        for target in programme.targets
        for name, way in zip(target.entry_ids, (target.combine, target.base_combine), strict=False)
    }
    parts = [
        chosen.groupby(["ward", "indicator"])["value"].agg(_COMBINE[way])
        for way, chosen in rows.groupby(rows["indicator"].map(ways))
    ]
    wide: pd.DataFrame = pd.concat(parts).unstack("indicator")
    return wide
