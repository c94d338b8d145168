"""Office accounts, their passwords, tokens and sessions.

An account belongs to an office or a post (`yen-hoa`, `suc-khoe.1`), never to a named person. Passwords are stored as
argon2 hashes, tokens and sessions (256 random bits each) as SHA-256. Every change of rights leaves an audit line in the
same transaction; these tables are bookkeeping and change in place.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from geo.errors import InputError, Problem
from geo.i18n.message import Message, Words
from geo.records.database.engine import explained, reading, writing
from geo.records.kinds.fields import ward_faults
from geo.records.ledger import write_transaction as ledger
from geo.records.model.actor import Actor
from geo.records.model.errors import LoginRefusedError, UnknownRowError
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import Account as AccountRow
from geo.records.model.tables import ApiToken, LoginSession
from geo.records.model.vocabulary import vocabulary
from geo.records.sign_in.attempts import MAX_ATTEMPTS, Attempts
from geo.records.sign_in.hashing import hashed, hashing, stepped_back
from geo.records.sign_in.passwords import MAX_PASSWORD, password_faults
from geo.records.sign_in.second_factor import SecondFactors
from geo.records.sign_in.sessions import (
    Account,
    account_of,
    account_row,
    digest_of,
    known_account,
)
from geo.records.sign_in.shared_attempts import SharedAttempts
from geo.records.validation.entry_checks import MAX_TEXT, USERNAME, Fault, actor_faults, clean, fault, text_faults
from geo.reference.cities import every_list, list_of

if TYPE_CHECKING:
    from pwdlib import PasswordHash

READING = "diaban_read_"
"""How the secret of a token begins that reads alone."""
__all__ = ["Account", "Accounts", "NewAccount", "Token"]
ADMIN = "admin"
"""The role that may change accounts."""


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
    """An account to make; `wards` are codes, needed for role `ward` and empty for all others.

    `provinces` are codes, of a further list its address (`City.key`), for role `city`: with any, it answers for these
    and not for all. For role `ward` they name the lists in which it works on its wards, if not those of the cities.
    """

    username: str
    password: str
    role: str
    office: str
    wards: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()


class Accounts(SecondFactors):
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
        self.attempts: Attempts | SharedAttempts = Attempts()

    # ---- accounts

    def add(self, new: NewAccount, actor: Actor, *, within: Callable[[Connection], None] | None = None) -> Account:
        """Make an account; `within` writes what belongs to it in the same transaction.

        Raises
        ------
        InputError
            User name, password, role, wards or office can't be used, or the account is there already.
        """
        rights = new.role, new.wards, new.provinces
        found = [*actor_faults(actor), *self._faults(new.username, *rights), *_office(new.office)]
        ledger.refuse([*found, *password_faults(new.username, new.password)])
        digest = hashed(self._hasher.hash, new.password)
        with self._writing() as (connection, moment):
            if account_row(connection, new.username) is not None:
                raise InputError(Problem("records.account-exists", "username", name=new.username))
            values = {"role": new.role, "wards": new.wards, "provinces": new.provinces}
            values |= {"office": clean(new.office), "password_hash": digest}
            state = {"active": True, "failed_attempts": 0, "created_at": moment, "changed_at": moment}
            connection.execute(insert(AccountRow).values(username=new.username, **values, **state))
            ledger.write_audit(
                connection,
                moment,
                actor,
                action="account.add",
                subject=new.username,
                detail=_rights(*rights),
            )
            if within is not None:
                within(connection)
        return self.get(new.username)

    def get(self, username: str) -> Account:
        """The account of this name; `UnknownRowError` if there is none."""
        with self._reading() as connection:
            return account_of(known_account(connection, username))

    def all(self) -> tuple[Account, ...]:
        """All accounts by name, closed ones too."""
        with self._reading() as connection:
            rows = connection.execute(select(AccountRow.__table__).order_by(AccountRow.username))
            return tuple(account_of(row) for row in rows)

    def set_rights(
        self,
        username: str,
        role: str,
        wards: tuple[str, ...],
        actor: Actor,
        *,
        provinces: tuple[str, ...] = (),
        office: str | None = None,
    ) -> Account:
        """Give an account another role, wards and provinces, and another office where one is named; its sessions end.

        Raises
        ------
        InputError
            As `add`, and where no open account of an administrator would be left.
        """
        rights = role, wards, provinces
        found = [*actor_faults(actor), *self._faults(username, *rights), *(_office(office) if office else ())]
        ledger.refuse(found)
        values = {"role": role, "wards": wards, "provinces": provinces, **({"office": clean(office)} if office else {})}
        return self._change(username, actor, "account.rights", _rights(*rights), **values)

    def set_password(self, username: str, password: str, actor: Actor) -> Account:
        """Give an account another password; its sessions and tokens end. Errors as `add`."""
        ledger.refuse([*actor_faults(actor), *password_faults(username, password)])
        digest = hashed(self._hasher.hash, password)
        values = {"password_hash": digest, "failed_attempts": 0, "locked_until": None}
        changed = self._change(username, actor, "account.password", "", **values)
        self.attempts.forget(username)
        return changed

    def close(self, username: str, actor: Actor) -> Account:
        """Close an account: it can't log in, its tokens and sessions work no more."""
        ledger.refuse(actor_faults(actor))
        return self._change(username, actor, "account.close", "", active=False)

    def reopen(self, username: str, actor: Actor) -> Account:
        """Open a closed or locked account again."""
        ledger.refuse(actor_faults(actor))
        return self._change(username, actor, "account.reopen", "", active=True, failed_attempts=0, locked_until=None)

    # ---- passwords

    def check_password(self, username: str, password: str, origin: str, network: str = "") -> Account:
        """The account, when the password is right and the account is open.

        After five wrong ones of a name from a `network`, whether an account bears it or not, nobody there may try it
        for 15 minutes (`geo.records.sign_in.attempts`). An unknown name takes as long as a wrong password. Both ends
        leave an audit line.

        Raises
        ------
        AccountLockedError, LoginRefusedError, SignInBusyError
        """
        with hashing():  # who does not get a place has not tried
            number = self.attempts.begin(username, network, self._moment())
            with self._reading() as connection:
                row = account_row(connection, username)
            digest = row.password_hash if row is not None else self._decoy
            # What is too long is none, and takes as long.
            right = stepped_back(self._hasher.verify, password[:MAX_PASSWORD], digest) and len(password) <= MAX_PASSWORD
        if row is None or not right or not row.active:
            self._note(
                row, origin, "account.lock" if number == MAX_ATTEMPTS else "session.refused", f"attempt {number}"
            )
            raise LoginRefusedError(Problem("records.login-refused"))
        self.attempts.forget(username, network)
        return account_of(row)

    def change_password(self, username: str, old: str, new: str, actor: Actor, network: str = "") -> Account:
        """Give one's own account another password; its sessions and tokens end.

        Raises
        ------
        InputError
            The old one is wrong, or the new one can't be used, or is the old one.
        AccountLockedError, SignInBusyError
            As `check_password`.
        """
        try:
            self.check_password(username, old, actor.origin, network)
        except LoginRefusedError:
            raise InputError(Problem("accounts.old-password", "old")) from None
        if new == old:
            raise InputError(Problem("accounts.same-password", "new"))
        return self.set_password(username, new, actor)

    # ---- tokens

    def add_token(
        self, username: str, label: str, actor: Actor, *, expires_at: datetime | None = None, read_only: bool = False
    ) -> str:
        """The secret of a new bearer token; shown once, stored as SHA-256. `label` says what program it is for.

        A `read_only` one writes nothing; its secret says so, and no other secret has its hash. A closed account gets
        none (`InputError`): it would work, unseen, from the day on which the account is opened again.
        """
        ledger.refuse([*actor_faults(actor), *text_faults("label", label, MAX_TEXT)])
        secret = f"{READING if read_only else 'diaban_'}{secrets.token_urlsafe(32)}"
        with self._writing() as (connection, moment):
            if not known_account(connection, username).active:
                raise InputError(Problem("accounts.token-of-closed", username))
            values = {"username": username, "label": clean(label), "created_at": moment, "expires_at": expires_at}
            made = insert(ApiToken).values(digest=digest_of(secret), **values).returning(ApiToken.id)
            number = connection.execute(made).scalar_one()
            ledger.write_audit(
                connection, moment, actor, action="token.add", subject=username, detail=f"token {number}"
            )
        return secret

    def token(self, secret: str) -> Account | None:
        """The open account of a token that is neither revoked nor expired; None for any other secret."""
        lasts = ApiToken.expires_at.is_(None) | (ApiToken.expires_at > self._moment())
        query = select(ApiToken.username).where(ApiToken.digest == digest_of(secret), lasts)
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

    def note(self, actor: Actor, action: str, subject: str, detail: str = "") -> None:
        """An audit line of something that was looked at, and changed nothing."""
        with self._writing() as (connection, moment):
            ledger.write_audit(connection, moment, actor, action=action, subject=subject, detail=detail)

    # ---- inside

    def _change(self, username: str, actor: Actor, action: str, detail: str, **values: Any) -> Account:
        with self._writing() as (connection, moment):
            known_account(connection, username)
            if values.get("role", ADMIN) != ADMIN or not values.get("active", True):
                _refuse_last_admin(connection, username)
            connection.execute(_update(username, changed_at=moment, **values))
            connection.execute(delete(LoginSession).where(LoginSession.username == username))
            if "password_hash" in values:
                # Whoever had the old password may have made them.
                live = ApiToken.username == username, ApiToken.revoked_at.is_(None)
                connection.execute(update(ApiToken).where(*live).values(revoked_at=moment))
            ledger.write_audit(connection, moment, actor, action=action, subject=username, detail=detail)
        return self.get(username)

    def _note(self, row: Any, origin: str, action: str, detail: str = "") -> None:
        """The audit line of an attempt; a name that no account bears is not written: it may be a password."""
        who, office = ("unknown", "unknown") if row is None else (row.username, row.office)
        with self._writing() as (connection, moment):
            actor = Actor(who, office, origin)
            ledger.write_audit(connection, moment, actor, action=action, subject=who, detail=detail)

    def _faults(self, username: str, role: str, wards: tuple[str, ...], provinces: tuple[str, ...]) -> Iterator[Fault]:
        if not USERNAME.fullmatch(username):
            yield fault("username", "records.no-account-name", name=username[:60])
        yield from text_faults("username", username, MAX_TEXT)
        if not vocabulary().holds("role", role):
            options = [Words(term.vi, term.id, term.id) for term in vocabulary().terms("role")]
            yield fault("role", "records.unknown-role", role=role[:60], options=options)
        if (role == "ward") != bool(wards):
            yield fault("wards", "records.wards-of-role")
        for code in wards:
            yield from ward_faults("wards", code, self._registers)
        yield from _province_faults(role, provinces)

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

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that reads, for what belongs to accounts and stands elsewhere."""
        return self._reading()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self._engine.url), reading(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, datetime]]:
        with explained(self._engine.url), writing(self._engine) as connection:
            yield connection, self._moment()


def _refuse_last_admin(connection: Connection, username: str) -> None:
    """Somebody must be left who can change accounts; the rows stay locked, so that no two go at once."""
    query = select(AccountRow.username).where(AccountRow.role == ADMIN, AccountRow.active).with_for_update()
    if connection.execute(query).scalars().all() == [username]:
        raise InputError(Problem("accounts.last-admin", username))


def _update(username: str, **values: Any) -> Any:
    return update(AccountRow).where(AccountRow.username == username).values(**values)


def _rights(role: str, wards: tuple[str, ...], provinces: tuple[str, ...]) -> str:
    return " ".join((role, *wards, *provinces))


def _province_faults(role: str, codes: tuple[str, ...]) -> Iterator[Fault]:
    """Only the account of a city is bound to provinces, and only to such as have a city here.

    That of a ward may name further lists beside: else it is one of the cities' own lists alone.
    """
    known = {place.key: place for place in every_list()}
    if codes and role != "city" and not (role == "ward" and any(map(list_of, codes))):
        yield fault("provinces", "records.provinces-of-role")
    for code in codes:
        if code not in known:
            options = [place.slug for place in known.values()]
            yield fault("provinces", "records.unknown-province", province=code[:40], options=options)


def _office(office: str) -> list[Fault]:
    return text_faults("office", office, MAX_TEXT)
