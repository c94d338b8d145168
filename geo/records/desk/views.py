"""Views that an account gave a name, and when it last marked a page as seen: an account's own, no part of the records.

Nothing here is append-only, bumps the data version or stands in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, select

from geo.errors import InputError, Problem
from geo.records.database.engine import explained, reading, writing
from geo.records.ledger.write_transaction import refuse
from geo.records.model.tables import LastLook, SavedView
from geo.records.validation.entry_checks import clean, text_faults

MOST_VIEWS = 30
MAX_NAME, MAX_QUERY = 60, 1000


class Desk:
    """What the accounts of one database have beside the records of a list (its key); `now` is the clock."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], list_key: str = "") -> None:
        self._engine = engine
        self._now = now
        self._list = list_key

    def _page(self, page: str) -> str:
        """What a page is called in the tables: that of a further list is a page of its own."""
        return f"{page}@{self._list}" if self._list else page

    def views(self, account: str, page: str) -> list[tuple[str, str]]:
        """(name, query) of the views of a page that an account saved, by name."""
        mine = SavedView.account == account, SavedView.page == self._page(page)
        with explained(self._engine.url), reading(self._engine) as connection:
            query = select(SavedView.name, SavedView.query).where(*mine).order_by(SavedView.name)
            return [(row.name, row.query) for row in connection.execute(query)]

    def save_view(self, account: str, page: str, name: str, query: str) -> None:
        """Save a view under a name; one of the same name is replaced.

        Raises
        ------
        InputError, PrivacyError
            The name is empty, too long or about a person; the query is too long; there are `MOST_VIEWS` already.
        """
        name = clean(name)
        refuse(list(text_faults("name", name, MAX_NAME)))
        if len(query) > MAX_QUERY:
            raise InputError(Problem("records.view-too-long", "name", limit=MAX_QUERY))
        mine = SavedView.account == account, SavedView.page == self._page(page)
        with explained(self._engine.url), writing(self._engine) as connection:
            connection.execute(delete(SavedView).where(*mine, SavedView.name == name))
            if connection.execute(select(func.count()).select_from(SavedView).where(*mine)).scalar_one() >= MOST_VIEWS:
                raise InputError(Problem("records.too-many-views", "name", limit=MOST_VIEWS))
            connection.execute(insert(SavedView).values(account=account, page=self._page(page), name=name, query=query))

    def forget_view(self, account: str, page: str, name: str) -> None:
        """Remove a view; nothing happens where there is none of this name."""
        mine = SavedView.account == account, SavedView.page == self._page(page), SavedView.name == name
        with explained(self._engine.url), writing(self._engine) as connection:
            connection.execute(delete(SavedView).where(*mine))

    def last_look(self, account: str, page: str) -> datetime | None:
        """When an account last marked a page as seen (UTC); None for never."""
        mine = LastLook.account == account, LastLook.page == self._page(page)
        with explained(self._engine.url), reading(self._engine) as connection:
            return connection.execute(select(LastLook.at).where(*mine)).scalar()

    def look(self, account: str, page: str, moment: datetime) -> None:
        """Mark everything on a page up to a moment as seen."""
        mine = LastLook.account == account, LastLook.page == self._page(page)
        with explained(self._engine.url), writing(self._engine) as connection:
            connection.execute(delete(LastLook).where(*mine))
            connection.execute(insert(LastLook).values(account=account, page=self._page(page), at=moment))
