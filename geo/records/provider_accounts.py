"""Accounts of people who sign in by a provider of OpenID Connect: made when they first come, by what it says."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from geo.errors import InputError, Problem
from geo.records.accounts import Account, Accounts, NewAccount
from geo.records.model.actor import Actor
from geo.records.model.errors import LoginRefusedError
from geo.records.model.tables import ProviderAccount
from geo.records.validation.entry_checks import clean


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who a provider says has come (`issuer`, `subject`), and the account that this stands for.

    `wards` and `provinces` are codes.
    """

    issuer: str
    subject: str
    username: str
    role: str
    wards: tuple[str, ...]
    office: str
    provinces: tuple[str, ...] = ()

    @property
    def rights(self) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
        """Role, wards, provinces and office."""
        return self.role, self.wards, self.provinces, clean(self.office)


def account_of_provider(accounts: Accounts, claimed: Claimed, origin: str) -> Account:
    """The account of a subject, made if there is none yet, with the rights that are claimed now.

    An account belongs to the subject and not to the name: names may pass on to others. One that was made here stays
    what it is, whoever bears its name at the provider.

    Raises
    ------
    LoginRefusedError
        The account is closed.
    InputError
        Name, role, wards or office can't be those of an account, or an account of this name is there already.
    """
    with accounts.reading() as connection:
        username = _linked(connection, claimed)
    if username is None:
        return _made(accounts, claimed, Actor("unknown", claimed.office, origin))
    found = accounts.get(username)
    if not found.active:
        raise LoginRefusedError(Problem("accounts.provider-closed"))
    if (found.role, found.wards, found.provinces, found.office) == claimed.rights:
        return found
    actor = Actor(username, found.office, origin)
    return accounts.set_rights(
        username, claimed.role, claimed.wards, actor, provinces=claimed.provinces, office=claimed.office
    )


def _linked(connection: Connection, claimed: Claimed) -> str | None:
    mine = ProviderAccount.issuer == claimed.issuer, ProviderAccount.subject == claimed.subject
    found: str | None = connection.execute(select(ProviderAccount.username).where(*mine)).scalar()
    return found


def _made(accounts: Accounts, claimed: Claimed, actor: Actor) -> Account:
    # Nobody knows its password: the account opens by the provider, until an administrator sets one.
    password = secrets.token_urlsafe(32)
    new = NewAccount(
        username=claimed.username,
        password=password,
        role=claimed.role,
        office=claimed.office,
        wards=claimed.wards,
        provinces=claimed.provinces,
    )

    def link(connection: Connection) -> None:
        values: dict[str, Any] = {"issuer": claimed.issuer, "subject": claimed.subject, "username": claimed.username}
        connection.execute(insert(ProviderAccount).values(**values))

    try:
        return accounts.add(new, actor, within=link)
    except InputError as error:
        if any(problem.code == "records.account-exists" for problem in error.problems):
            raise InputError(Problem("accounts.provider-name-taken", name=claimed.username)) from None
        raise
