"""Browser sessions of accounts: opened, lengthened by being used, listed, ended."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from geo.i18n.message import Message
from geo.records.ledger import write_transaction as ledger
from geo.records.model.actor import Actor
from geo.records.model.errors import UnknownRowError
from geo.records.model.tables import Account as AccountRow
from geo.records.model.tables import LoginSession
from geo.records.validation.entry_checks import actor_faults

SESSION = timedelta(hours=8)
_LENGTHENED_BY = timedelta(minutes=1)
"""A session that is used is not written at each request."""
_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Account:
    """An account: what it may do (`role`), for which `wards` (codes; role `ward` only), of which `office`.

    `provinces`: codes of those that an account of role `city` is bound to, none where it answers for all.
    """

    username: str
    role: str
    wards: tuple[str, ...]
    office: str
    active: bool
    locked_until: datetime | None
    created_at: datetime
    provinces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A browser session as it can be listed: a `name` made of the hash of its secret, and when it began and ends."""

    name: str
    created_at: datetime
    expires_at: datetime


class Sessions:
    """The part of the accounts of a database that is about sessions."""

    def _reading(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def _writing(self) -> AbstractContextManager[tuple[Connection, datetime]]:
        raise NotImplementedError

    def _moment(self) -> datetime:
        raise NotImplementedError

    def open_session(
        self, username: str, *, lasts: timedelta = SESSION, idle: timedelta | None = None, origin: str = ""
    ) -> str:
        """The secret of a new browser session; shown once, stored as SHA-256. Sessions that ended are cleared away.

        With `idle` it ends when it was not used for so long. With an `origin` it leaves an audit line.
        """
        secret = secrets.token_urlsafe(32)
        with self._writing() as (connection, moment):
            row = known_account(connection, username)
            connection.execute(delete(LoginSession).where(LoginSession.expires_at <= moment))
            ends = moment + min(lasts, idle or lasts)
            values = {"username": username, "created_at": moment, "expires_at": ends}
            connection.execute(insert(LoginSession).values(digest=digest_of(secret), **values))
            if origin:
                actor = Actor(username, row.office, origin)
                ledger.write_audit(connection, moment, actor, action="session.open", subject=username)
        return secret

    def session(self, secret: str, *, lasts: timedelta = SESSION, idle: timedelta | None = None) -> Account | None:
        """The open account of a session that lasts; None for any other secret. With `idle`, being used lengthens it."""
        digest, now = digest_of(secret), self._moment()
        columns = (LoginSession.username, LoginSession.created_at, LoginSession.expires_at)
        with self._reading() as connection:
            found = connection.execute(select(*columns).where(LoginSession.digest == digest)).one_or_none()
            row = None if found is None else account_row(connection, found.username)
        if found is None or row is None or found.expires_at <= now or not row.active:
            return None
        ends = found.expires_at if idle is None else min(now + idle, found.created_at + lasts)
        if ends - found.expires_at > _LENGTHENED_BY:
            with self._writing() as (connection, _):
                connection.execute(update(LoginSession).where(LoginSession.digest == digest).values(expires_at=ends))
        return account_of(row)

    def sessions(self, username: str) -> tuple[Session, ...]:
        """The sessions of an account that last, oldest first; never their secrets."""
        columns = (LoginSession.digest, LoginSession.created_at, LoginSession.expires_at)
        query = select(*columns).where(LoginSession.username == username, LoginSession.expires_at > self._moment())
        with self._reading() as connection:
            rows = connection.execute(query.order_by(LoginSession.created_at, LoginSession.digest))
            return tuple(Session(row.digest[:_SHOWN_DIGITS], row.created_at, row.expires_at) for row in rows)

    def end_sessions(self, username: str, actor: Actor, name: str = "", *, but: str = "") -> int:
        """End the session of an account that bears a name, or all but the one of the secret `but`; how many ended."""
        ledger.refuse(actor_faults(actor))
        chosen = delete(LoginSession).where(LoginSession.username == username)
        if name:
            chosen = chosen.where(LoginSession.digest.startswith(name, autoescape=True))
        if but:
            chosen = chosen.where(LoginSession.digest != digest_of(but))
        with self._writing() as (connection, moment):
            ended = connection.execute(chosen).rowcount
            ledger.write_audit(
                connection, moment, actor, action="session.end", subject=username, detail=f"{ended} sessions"
            )
        return int(ended)

    @staticmethod
    def session_name(secret: str) -> str:
        """What a session is called in `sessions`."""
        return digest_of(secret)[:_SHOWN_DIGITS]

    def close_session(self, secret: str) -> None:
        """End a session (log out); an unknown one is no error."""
        with self._writing() as (connection, _):
            connection.execute(delete(LoginSession).where(LoginSession.digest == digest_of(secret)))

    def _holder(self, query: Any) -> Account | None:
        with self._reading() as connection:
            username = connection.execute(query).scalar()
            row = account_row(connection, username) if username is not None else None
        return account_of(row) if row is not None and row.active else None


def account_row(connection: Connection, username: str, *, lock: bool = False) -> Any:
    """The row of an account, None where there is none."""
    query = select(AccountRow.__table__).where(AccountRow.username == username)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def known_account(connection: Connection, username: str) -> Any:
    """The row of an account; `UnknownRowError` where there is none."""
    row = account_row(connection, username)
    if row is None:
        raise UnknownRowError(Message("records.account"), username)
    return row


def account_of(row: Any) -> Account:
    """A row as an account."""
    return Account(**{name: getattr(row, name) for name in Account.__slots__})


def digest_of(secret: str) -> str:
    """What is stored of a secret of 256 random bits: they can't be guessed back; argon2 is for passwords."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
