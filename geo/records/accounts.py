"""Office accounts, their passwords, tokens and sessions.

An account belongs to an office or a post (`yen-hoa`, `suc-khoe.1`), never to a named person. Passwords are stored as
argon2 hashes, tokens and sessions (256 random bits each) as SHA-256. Every change of rights leaves an audit line in the
same transaction; these tables are bookkeeping and change in place.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from geo.errors import InputError, Problem
from geo.i18n.message import Message, Words
from geo.records.database.engine import explained, reading, writing
from geo.records.kinds.fields import ward_faults
from geo.records.ledger import write_transaction as ledger
from geo.records.model.actor import Actor
from geo.records.model.errors import AccountLockedError, LoginRefusedError, UnknownRowError
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import Account as AccountRow
from geo.records.model.tables import ApiToken, LoginSession
from geo.records.model.vocabulary import vocabulary
from geo.records.sign_in import hashing
from geo.records.validation.entry_checks import MAX_TEXT, USERNAME, Fault, actor_faults, clean, fault, text_faults

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
SESSION = timedelta(hours=8)
MIN_PASSWORD = 12
MAX_PASSWORD = 256
ADMIN = "admin"
"""The role that may change accounts."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account: what it may do (`role`), for which `wards` (codes; role `ward` only), of which `office`."""

    username: str
    role: str
    wards: tuple[str, ...]
    office: str
    active: bool
    locked_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token as it can be listed: never the secret itself."""

    id: int
    username: str
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to make; `wards` are codes, needed for role `ward` and empty for all others."""

    username: str
    password: str
    role: str
    office: str
    wards: tuple[str, ...] = ()


class Accounts:
    """The accounts of one database. Methods that need a password hash take tens of milliseconds, on purpose."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        registers: RegisterLookup | None = None,
        hasher: Any = None,
    ) -> None:
        self._engine = engine
        self._now = now
        self._registers = registers
        self._chosen_hasher = hasher

    # ---- accounts

    def add(self, new: NewAccount, actor: Actor) -> Account:
        """Make an account.

        Raises
        ------
        InputError
            User name, password, role, wards or office can't be used, or the account is there already.
        """
        found = [*actor_faults(actor), *self._faults(new.username, new.role, new.wards), *_office(new.office)]
        ledger.refuse([*found, *_password_faults(new.username, new.password)])
        with hashing.place():
            digest = self._hasher.hash(new.password)
        with self._writing() as (connection, moment):
            if _row(connection, new.username) is not None:
                raise InputError(Problem("records.account-exists", "username", name=new.username))
            values = {"role": new.role, "wards": new.wards, "office": clean(new.office), "password_hash": digest}
            state = {"active": True, "failed_attempts": 0, "created_at": moment, "changed_at": moment}
            connection.execute(insert(AccountRow).values(username=new.username, **values, **state))
            ledger.write_audit(
                connection,
                moment,
                actor,
                action="account.add",
                subject=new.username,
                detail=_rights(new.role, new.wards),
            )
        return self.get(new.username)

    def get(self, username: str) -> Account:
        """The account of this name; `UnknownRowError` if there is none."""
        with self._reading() as connection:
            return _account(_known(connection, username))

    def all(self) -> tuple[Account, ...]:
        """All accounts by name, closed ones too."""
        with self._reading() as connection:
            rows = connection.execute(select(AccountRow.__table__).order_by(AccountRow.username))
            return tuple(_account(row) for row in rows)

    def set_rights(
        self, username: str, role: str, wards: tuple[str, ...], actor: Actor, *, office: str | None = None
    ) -> Account:
        """Give an account another role and wards, and another office where one is named; its sessions end.

        Raises
        ------
        InputError
            As `add`, and where no open account of an administrator would be left.
        """
        found = [*actor_faults(actor), *self._faults(username, role, wards), *(_office(office) if office else ())]
        ledger.refuse(found)
        values = {"role": role, "wards": wards, **({"office": clean(office)} if office else {})}
        return self._change(username, actor, "account.rights", _rights(role, wards), **values)

    def set_password(self, username: str, password: str, actor: Actor) -> Account:
        """Give an account another password; it is unlocked and its sessions end. Errors as `add`."""
        ledger.refuse([*actor_faults(actor), *_password_faults(username, password)])
        with hashing.place():
            digest = self._hasher.hash(password)
        values = {"password_hash": digest, "failed_attempts": 0, "locked_until": None}
        return self._change(username, actor, "account.password", "", **values)

    def close(self, username: str, actor: Actor) -> Account:
        """Close an account: it can't log in, its tokens and sessions work no more."""
        ledger.refuse(actor_faults(actor))
        return self._change(username, actor, "account.close", "", active=False)

    def reopen(self, username: str, actor: Actor) -> Account:
        """Open a closed or locked account again."""
        ledger.refuse(actor_faults(actor))
        return self._change(username, actor, "account.reopen", "", active=True, failed_attempts=0, locked_until=None)

    # ---- passwords

    def check_password(self, username: str, password: str, origin: str) -> Account:
        """The account, when the password is right and the account is open.

        An attempt is counted before the password is checked, so that many at once can't slip past the count; the
        fifth wrong one locks the account for 15 minutes. An unknown name takes as long as a wrong password.

        Raises
        ------
        AccountLockedError, LoginRefusedError
        """
        row = self._count_attempt(username)
        digest = row.password_hash if row is not None else self._decoy
        with hashing.place():
            right = len(password) <= MAX_PASSWORD and self._hasher.verify(password, digest)
        if row is None or not right or not row.active:
            self._note_lock(row, origin)
            raise LoginRefusedError(Problem("records.login-refused"))
        with self._writing() as (connection, _):
            connection.execute(_update(username, failed_attempts=0, locked_until=None))
        return _account(row)

    # ---- sessions

    def open_session(self, username: str, *, lasts: timedelta = SESSION) -> str:
        """The secret of a new browser session; shown once, stored as SHA-256. Sessions that ended are cleared away."""
        secret = secrets.token_urlsafe(32)
        with self._writing() as (connection, moment):
            _known(connection, username)
            connection.execute(delete(LoginSession).where(LoginSession.expires_at <= moment))
            values = {"username": username, "created_at": moment, "expires_at": moment + lasts}
            connection.execute(insert(LoginSession).values(digest=_digest(secret), **values))
        return secret

    def session(self, secret: str) -> Account | None:
        """The open account of a session that lasts; None for any other secret."""
        query = select(LoginSession.username).where(LoginSession.digest == _digest(secret))
        return self._holder(query.where(LoginSession.expires_at > self._moment()))

    def close_session(self, secret: str) -> None:
        """End a session (log out); an unknown one is no error."""
        with self._writing() as (connection, _):
            connection.execute(delete(LoginSession).where(LoginSession.digest == _digest(secret)))

    # ---- tokens

    def add_token(self, username: str, label: str, actor: Actor, *, expires_at: datetime | None = None) -> str:
        """The secret of a new bearer token; shown once, stored as SHA-256. `label` says what program it is for."""
        ledger.refuse([*actor_faults(actor), *text_faults("label", label, MAX_TEXT)])
        secret = f"diaban_{secrets.token_urlsafe(32)}"
        with self._writing() as (connection, moment):
            _known(connection, username)
            values = {"username": username, "label": clean(label), "created_at": moment, "expires_at": expires_at}
            made = insert(ApiToken).values(digest=_digest(secret), **values).returning(ApiToken.id)
            number = connection.execute(made).scalar_one()
            ledger.write_audit(
                connection, moment, actor, action="token.add", subject=username, detail=f"token {number}"
            )
        return secret

    def token(self, secret: str) -> Account | None:
        """The open account of a token that is neither revoked nor expired; None for any other secret."""
        lasts = ApiToken.expires_at.is_(None) | (ApiToken.expires_at > self._moment())
        query = select(ApiToken.username).where(ApiToken.digest == _digest(secret), lasts)
        return self._holder(query.where(ApiToken.revoked_at.is_(None)))

    def tokens(self, username: str) -> tuple[Token, ...]:
        """The tokens of an account, oldest first, revoked ones too; never their secrets."""
        columns = [getattr(ApiToken, name) for name in Token.__slots__]
        with self._reading() as connection:
            rows = connection.execute(select(*columns).where(ApiToken.username == username).order_by(ApiToken.id))
            return tuple(Token(*row) for row in rows)

    def revoke_token(self, number: int, actor: Actor) -> None:
        """Make a token work no more; `UnknownRowError` if there is none of this number."""
        ledger.refuse(actor_faults(actor))
        with self._writing() as (connection, moment):
            username = connection.execute(select(ApiToken.username).where(ApiToken.id == number)).scalar()
            if username is None:
                raise UnknownRowError(Message("records.token"), str(number))
            connection.execute(update(ApiToken).where(ApiToken.id == number).values(revoked_at=moment))
            ledger.write_audit(
                connection, moment, actor, action="token.revoke", subject=username, detail=f"token {number}"
            )

    # ---- inside

    def _change(self, username: str, actor: Actor, action: str, detail: str, **values: Any) -> Account:
        with self._writing() as (connection, moment):
            _known(connection, username)
            if values.get("role", ADMIN) != ADMIN:
                _refuse_last_admin(connection, username)
            connection.execute(_update(username, changed_at=moment, **values))
            connection.execute(delete(LoginSession).where(LoginSession.username == username))
            ledger.write_audit(connection, moment, actor, action=action, subject=username, detail=detail)
        return self.get(username)

    def _count_attempt(self, username: str) -> Any:
        with self._writing() as (connection, moment):
            row = _row(connection, username, lock=True)
            if row is None:
                return None
            if row.locked_until is not None and row.locked_until > moment:
                minutes = -(-(row.locked_until - moment) // timedelta(minutes=1))
                raise AccountLockedError(Problem("records.account-locked", minutes=minutes))
            attempts = 1 if row.locked_until is not None else row.failed_attempts + 1
            locked_until = moment + LOCKED if attempts >= MAX_ATTEMPTS else None
            connection.execute(_update(username, failed_attempts=attempts, locked_until=locked_until))
            return row

    def _note_lock(self, row: Any, origin: str) -> None:
        """The audit line of an attempt that locked the account (the count before it was one short)."""
        if row is None or row.locked_until is not None or row.failed_attempts + 1 < MAX_ATTEMPTS:
            return
        with self._writing() as (connection, moment):
            actor = Actor(row.username, row.office, origin)
            detail = f"{MAX_ATTEMPTS} attempts"
            ledger.write_audit(connection, moment, actor, action="account.lock", subject=row.username, detail=detail)

    def _holder(self, query: Any) -> Account | None:
        with self._reading() as connection:
            username = connection.execute(query).scalar()
            row = _row(connection, username) if username is not None else None
        return _account(row) if row is not None and row.active else None

    def _faults(self, username: str, role: str, wards: tuple[str, ...]) -> Iterator[Fault]:
        if not USERNAME.fullmatch(username):
            yield fault("username", "records.no-account-name", name=username[:60])
        yield from text_faults("username", username, MAX_TEXT)
        if not vocabulary().holds("role", role):
            options = [Words(term.vi, term.id) for term in vocabulary().terms("role")]
            yield fault("role", "records.unknown-role", role=role[:60], options=options)
        if (role == "ward") != bool(wards):
            yield fault("wards", "records.wards-of-role")
        for code in wards:
            yield from ward_faults("wards", code, self._registers)

    def _moment(self) -> datetime:
        return self._now().astimezone(UTC)

    @cached_property
    def _hasher(self) -> PasswordHash:
        if self._chosen_hasher is not None:
            chosen: PasswordHash = self._chosen_hasher
            return chosen
        from pwdlib import PasswordHash

        return PasswordHash.recommended()

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(16))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self._engine.url), reading(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, datetime]]:
        with explained(self._engine.url), writing(self._engine) as connection:
            yield connection, self._moment()


def _row(connection: Connection, username: str, *, lock: bool = False) -> Any:
    query = select(AccountRow.__table__).where(AccountRow.username == username)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _known(connection: Connection, username: str) -> Any:
    row = _row(connection, username)
    if row is None:
        raise UnknownRowError(Message("records.account"), username)
    return row


def _refuse_last_admin(connection: Connection, username: str) -> None:
    """Somebody must be left who can change accounts; the rows stay locked, so that no two go at once."""
    query = select(AccountRow.username).where(AccountRow.role == ADMIN, AccountRow.active).with_for_update()
    if connection.execute(query).scalars().all() == [username]:
        raise InputError(Problem("accounts.last-admin", username))


def _update(username: str, **values: Any) -> Any:
    return update(AccountRow).where(AccountRow.username == username).values(**values)


def _account(row: Any) -> Account:
    return Account(**{name: getattr(row, name) for name in Account.__slots__})


def _digest(secret: str) -> str:
    # Secrets are 256 random bits, so a plain hash can't be guessed back; argon2 is for passwords.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _rights(role: str, wards: tuple[str, ...]) -> str:
    return " ".join((role, *wards))


def _office(office: str) -> list[Fault]:
    return text_faults("office", office, MAX_TEXT)


def _password_faults(username: str, password: str) -> Iterator[Fault]:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        yield fault("password", "records.password-length", count=len(password), least=MIN_PASSWORD, most=MAX_PASSWORD)
    if username.casefold() in password.casefold() or len(set(password)) < 5:
        yield fault("password", "records.password-easy")
