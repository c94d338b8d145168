"""The situation that a command shows: of the records, as whoever it is made for may see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import chosen_day

if TYPE_CHECKING:
    from geo.situation import Situation
    from geo.visibility import Viewer

PublicOption = Annotated[
    bool, typer.Option("--public", help="As everybody may see it: no reports, no reviews, no counts from 1 to 4.")
]


def viewer(public: bool) -> Viewer:
    """For whom a command writes: everybody with `--public`, else whoever may read the records' own file."""
    from geo.visibility import EVERYTHING, PUBLIC

    return PUBLIC if public else EVERYTHING


def recorded_situation(day: datetime | None, city: str, shown_to: Viewer) -> Situation:
    """The situation of a day as a viewer may see it, with the records where there are any.

    A machine without a database shows what the registers say: drawing a map makes no database.
    """
    import os

    from geo.records.database.engine import default_file
    from geo.records.open import opened_store
    from geo.situation import at
    from geo.visibility import Published, visible

    if not (os.environ.get("DIABAN_DATABASE_URL") or default_file().is_file()):
        return visible(at(chosen_day(day), city=city), shown_to)
    with opened_store() as store:
        return visible(at(chosen_day(day), city=city, store=store), shown_to, Published(store, store.today))
