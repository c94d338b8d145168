"""`diaban user …`: office accounts. An account belongs to an office or a post, never to a named person."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import note, out, table, word, written
from geo.cli.common import explained, opened
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geo.records.accounts import Accounts
    from geo.records.entries import Actor

app = Commands(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="ACCOUNT")]
WardOption = Annotated[list[str] | None, typer.Option("--ward", metavar="CODE|NAME")]
CityOption = Annotated[list[str] | None, typer.Option("--city", metavar="SLUG|CODE")]


_ALL = "all"


class Role(StrEnum):
    """What an account may do."""

    PUBLIC = "public"
    WARD = "ward"
    CITY = "city"
    ADMIN = "admin"


@app.callback()
def user() -> None:
    """Make and close the accounts of offices (tài khoản), set passwords, issue tokens."""


@app.command("add")
def add(
    name: NameArgument,
    office: Annotated[str, typer.Option("--office")],
    role: Annotated[Role, typer.Option("--role")] = Role.WARD,
    ward: WardOption = None,
    city: CityOption = None,
) -> None:
    """Make an account; one of role city answers for all cities, or with --city for these alone.

    The password is asked for, or read from the first line of the input; never an argument.
    """
    with explained(), _accounts() as (accounts, actor):
        from geo.records.accounts import NewAccount

        bound = {"wards": _codes(ward or []), "provinces": _provinces(city or [])}
        new = NewAccount(username=name, password=_password(), role=role.value, office=office, **bound)
        made = accounts.add(new, actor)
        note("account-made", name=made.username, role=_role(made.role))


@app.command("set")
def set_rights(
    name: NameArgument,
    role: Annotated[Role | None, typer.Option("--role")] = None,
    ward: WardOption = None,
    city: CityOption = None,
    office: Annotated[str | None, typer.Option("--office")] = None,
) -> None:
    """Change role, wards, cities or office of an account; what is not named stays. Its sessions end.

    With --city all, an account of role city answers for all cities again.
    """
    with explained(), _accounts() as (accounts, actor):
        if role is None and not ward and not city and office is None:
            raise InputError(Problem("cli.nothing-to-set", "--role, --ward, --city, --office"))
        before = accounts.get(name)
        wanted = role.value if role else before.role
        wards = _codes(ward) if ward else before.wards if wanted == Role.WARD else ()
        before_provinces = before.provinces if wanted == before.role else ()
        provinces = _provinces(city) if city else before_provinces
        made = accounts.set_rights(name, wanted, wards, actor, provinces=provinces, office=office)
        bound = [*made.wards, *made.provinces]
        note("account-set", name=made.username, role=_role(made.role), wards=bound, office=made.office)


@app.command("list")
def list_accounts() -> None:
    """List all accounts: role, wards, office, and whether they are open."""
    with explained(), _accounts() as (accounts, _):
        from rich.markup import escape

        drawn = table("", "account", "role", "wards", "office", "state")
        for account in accounts.all():
            state = "open" if account.active else "closed"
            if account.locked_until is not None and account.locked_until > datetime.now(UTC):
                state = "locked"
            shown = (escape(account.office), word(f"account.{state}"))
            drawn.add_row(account.username, _role(account.role), " ".join((*account.wards, *account.provinces)), *shown)
        out().print(drawn)


@app.command("disable")
def disable(name: NameArgument) -> None:
    """Close an account: it can't log in, and its tokens and sessions work no more."""
    with explained(), _accounts() as (accounts, actor):
        accounts.close(name, actor)
        note("account-closed", name=name)


@app.command("enable")
def enable(name: NameArgument) -> None:
    """Open a closed or locked account again."""
    with explained(), _accounts() as (accounts, actor):
        accounts.reopen(name, actor)
        note("account-open", name=name)


@app.command("password")
def password(name: NameArgument) -> None:
    """Give an account another password; its sessions end."""
    with explained(), _accounts() as (accounts, actor):
        accounts.get(name)
        accounts.set_password(name, _password(), actor)
        note("password-changed", name=name)


@app.command("token")
def token(
    name: NameArgument,
    label: Annotated[str, typer.Option("--label")] = "program",
    days: Annotated[int, typer.Option("--days", min=1, max=3650)] = 365,
    read_only: Annotated[bool, typer.Option("--read-only")] = False,
) -> None:
    """Issue a bearer token of an account for a program; it is printed once, and ends after some days."""
    with explained(), _accounts() as (accounts, actor):
        ends = datetime.now(UTC) + timedelta(days=days)
        secret = accounts.add_token(name, label, actor, expires_at=ends, read_only=read_only)
        sys.stdout.write(secret + "\n")


@app.command("tokens")
def tokens(name: NameArgument) -> None:
    """List the tokens of an account; their secrets can't be shown again."""
    with explained(), _accounts() as (accounts, _):
        from rich.markup import escape

        drawn = table("", "number", "label", "made", "expires", "revoked")
        for entry in accounts.tokens(name):
            days = (entry.created_at, entry.expires_at, entry.revoked_at)
            drawn.add_row(str(entry.id), escape(entry.label), *(written().day(day) if day else "" for day in days))
        out().print(drawn)


@app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(metavar="NUMBER")]) -> None:
    """Make a token work no more."""
    with explained(), _accounts() as (accounts, actor):
        accounts.revoke_token(number, actor)
        note("token-revoked", number=number)


@app.command("sessions")
def sessions(name: NameArgument, end: Annotated[bool, typer.Option("--end")] = False) -> None:
    """List the browser sessions of an account; with --end all of them end."""
    with explained(), _accounts() as (accounts, actor):
        if end:
            note("user-sessions-ended", count=accounts.end_sessions(name, actor))
            return
        drawn = table("", "number", "made", "expires")
        for entry in accounts.sessions(name):
            drawn.add_row(entry.name, written().moment(entry.created_at), written().moment(entry.expires_at))
        out().print(drawn)


@app.command("reset-second-factor")
def reset_second_factor(name: NameArgument) -> None:
    """Take the second factor of an account off, where the phone and the recovery codes are lost; its sessions end."""
    with explained(), _accounts() as (accounts, actor):
        accounts.end_second_factor(name, actor)
        note("second-factor-off", name=name)


@contextmanager
def _accounts() -> Iterator[tuple[Accounts, Actor]]:
    from geo.records.entries import Actor

    with opened() as store:
        yield store.accounts, Actor("diaban", "diaban", "cli")


def _codes(texts: list[str]) -> tuple[str, ...]:
    """The codes of wards that somebody typed; only wards of the register have one."""
    from geo.reference.wards import WardRegister

    if not texts:
        return ()
    register = WardRegister.load()
    return tuple(register.by_name(text).code for text in texts)


def _provinces(texts: list[str]) -> tuple[str, ...]:
    """The provinces (`City.key`) of cities and further lists that somebody typed; none for `all`."""
    from geo.reference.cities import city

    return () if texts == [_ALL] else tuple(dict.fromkeys(city(text).key for text in texts))


def _role(role: str) -> str:
    return word(f"role.{role}")


def _password() -> str:
    """The password, typed twice at a terminal, or the first line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"{word('password')}: ")
    if getpass.getpass(f"{word('password-again')}: ") != first:
        raise InputError(Problem("cli.passwords-differ"))
    return first
