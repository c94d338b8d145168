"""Rows that were taken back because a text of them names a person: their texts are shown to nobody any more.

What was known at an earlier moment is drawn again from rows that were taken back or corrected since. Of those that were
taken back because they name a person no text comes with it, nor of those of which the privacy screen would refuse a
text by now; the rows themselves, the audit log and the hash chain stay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from geo.records.kinds.registry import kind
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.model.hidden import HIDDEN

if TYPE_CHECKING:
    from pandas import DataFrame

_WHOLE = ("city_plan", "programme_version")
"""Kinds whose texts are what they are: of these the row is left out."""


def rows_with_names(connection: Connection, spec: KindSpec) -> frozenset[int]:
    """The rows of a kind that were taken back because they name a person."""
    table = kind("withdrawal").table.c
    query = select(table.row).where(table.kind == spec.name, table.names_person.is_(True))
    return frozenset(connection.execute(query).scalars())


def without_names(connection: Connection, spec: KindSpec, frame: DataFrame) -> DataFrame:
    """A frame of rows of a kind (column `id`) without the texts of those that name a person: that were taken back for
    it, or that hold no more and would be refused by now."""
    rows = rows_with_names(connection, spec) | _refused_by_now(connection, spec, frame) if len(frame) else frozenset()
    named = frame["id"].isin(rows) if rows else None
    if named is None or not named.any():
        return frame
    if spec.name in _WHOLE:
        return frame[~named].reset_index(drop=True)
    frame = frame.copy()
    for name in set(text_fields(spec)) & set(frame.columns):
        frame.loc[named & (frame[name] != ""), name] = HIDDEN
    return frame


def _refused_by_now(connection: Connection, spec: KindSpec, frame: DataFrame) -> frozenset[int]:
    """The rows of a frame that were corrected or taken back since and have a text which the screen refuses today."""
    if spec.name in _WHOLE:
        return frozenset()
    table = spec.table.c
    replaced = set(connection.execute(select(table.corrects_id).where(table.corrects_id.is_not(None))).scalars())
    old = frame[frame["id"].isin(replaced)]
    texts = old[[name for name in text_fields(spec) if name in old.columns]]
    pairs = zip(old["id"].tolist(), texts.itertuples(index=False), strict=True)
    return frozenset(number for number, row in pairs if any(map(_is_private, row)))


@lru_cache(maxsize=65_536)
def _is_private(text: str) -> bool:
    from geo.records.validation.privacy import screen

    return any(True for _ in screen(text))


def without_texts(entry: NewEntry, spec: KindSpec) -> NewEntry:
    """An entry without its texts."""
    given: dict[str, Any] = {name: HIDDEN for name in text_fields(spec) if getattr(entry, name)}
    return replace(entry, **given)


def text_fields(spec: KindSpec) -> Collection[str]:
    """The fields of a kind that somebody writes in words; ids, codes, terms and geometries are none."""
    own = (column for column in spec.columns if column.type is str and not column.many)
    return tuple(c.name for c in own if "maxLength" in c.rule.schema and c.rule.concerns is None)
