"""Jobs that run by themselves: of all processes on one database one has a job in hand, for a while at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, update

from geo.records.database.engine import explained, writing
from geo.records.model.tables import Job


class Jobs:
    """The jobs of one database; `now` is the clock."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def take(self, name: str, holding: timedelta) -> str | None:
        """Take a job in hand for at most `holding`: what it was last done for ('' for nothing); None where it is taken.

        A process that dies with a job in hand gives it free after `holding`.
        """
        now = self._now()
        with explained(self._engine.url), writing(self._engine) as connection:
            row = connection.execute(select(Job.done_for, Job.held_until).where(Job.name == name)).one_or_none()
            if row is not None and row.held_until is not None and row.held_until > now:
                return None
            self._put(connection, name, row is None, held_until=now + holding)
            return "" if row is None else str(row.done_for)

    def done(self, name: str, done_for: str) -> None:
        """Give a job free, done for something: a day, a moment."""
        with explained(self._engine.url), writing(self._engine) as connection:
            self._put(connection, name, False, held_until=None, done_for=done_for)

    def drop(self, name: str) -> None:
        """Give a job free that was not done."""
        with explained(self._engine.url), writing(self._engine) as connection:
            self._put(connection, name, False, held_until=None)

    def _put(self, connection: Connection, name: str, is_new: bool, **values: object) -> None:
        if is_new:
            connection.execute(insert(Job).values(name=name, **({"done_for": ""} | values)))
        else:
            connection.execute(update(Job).where(Job.name == name).values(**values))
