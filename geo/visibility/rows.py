"""Frames of records as a viewer may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from geo.records.kinds.registry import kind
from geo.visibility.policy import public_columns
from geo.visibility.viewer import Viewer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from geo.analysis.reconcile import Agreement

Frame = TypeVar("Frame", bound="DataFrame")
WardsOf = Callable[[Any], frozenset[str]]
"""The wards that a value of a record's `subject` stands for."""


def visible_rows(kind_name: str, frame: Frame | None, viewer: Viewer, wards_of: WardsOf) -> Frame | None:
    """The rows of a frame of one kind that a viewer may see, with the columns that the viewer may see.

    None where nothing of this kind is open to the viewer, which is not the same as no rows. In rows that do not concern
    a ward account the columns that are not public are None.
    """
    if frame is None or viewer.sees_all:
        return frame
    public = [name for name in public_columns(kind_name) if name in frame.columns]
    if not viewer.works:
        return frame[public].reset_index(drop=True) if public else None
    own = own_rows(kind_name, frame, viewer, wards_of)
    if not public:
        return frame[own].reset_index(drop=True)
    private = {name: frame[name].astype(object).where(own, None) for name in frame.columns if name not in public}
    return frame.assign(**private)


def own_rows(kind_name: str, frame: DataFrame, viewer: Viewer, wards_of: WardsOf) -> NDArray[np.bool_]:
    """Which rows concern one of the viewer's own wards."""
    subject = kind(kind_name).subject
    column = frame[subject]
    if subject == "ward_code":
        own: NDArray[np.bool_] = column.isin(list(viewer.own)).to_numpy(dtype=bool)
        return own
    wards = viewer.own
    mine = (bool(wards & wards_of(value)) for value in column)
    return np.fromiter(mine, dtype=bool, count=len(frame))


def answering_wards(agreements: Iterable[Agreement]) -> Mapping[str, frozenset[str]]:
    """Site → the wards that answer for it: crossed for more than a sliver, or declared."""
    return {found.site_id: frozenset((*found.confirmed, *found.undeclared, *found.declared)) for found in agreements}
