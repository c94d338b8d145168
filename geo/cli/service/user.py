"""`diaban user …`: office accounts. An account belongs to an office or a post, never to a named person."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import err, explained, out

if TYPE_CHECKING:
    from geo.records.accounts import Accounts
    from geo.records.entries import Actor

app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="User name of an office or post, like yen-hoa; no person's name.")]
RoleOption = Annotated[str, typer.Option("--role", help="public, ward, city or admin.")]
WardOption = Annotated[list[str] | None, typer.Option("--ward", help="Ward (code or name) of the role 'ward'.")]
OfficeOption = Annotated[str, typer.Option("--office", help='Its office, like "UBND phường Yên Hòa".')]
LabelOption = Annotated[str, typer.Option("--label", help="Which program the token is for.")]
DaysOption = Annotated[int | None, typer.Option("--days", help="Days that it lasts; for ever if absent.", min=1)]


@app.callback()
def user() -> None:
    """Make and close the accounts of offices (tài khoản), set passwords, issue tokens."""


@app.command("add")
def add(name: NameArgument, office: OfficeOption, role: RoleOption = "ward", ward: WardOption = None) -> None:
    """Make an account. The password is asked for, or read from the first line of the input; never an argument."""
    with explained(), _accounts() as (accounts, actor):
        from geo.records.accounts import NewAccount

        codes = _codes(ward or [])
        new = NewAccount(username=name, password=_password(), role=role, office=office, wards=codes)
        made = accounts.add(new, actor)
        err().print(f"account {made.username} made, role {made.role}", highlight=False)


@app.command("list")
def list_accounts() -> None:
    """List all accounts: role, wards, office, and whether they are open."""
    with explained(), _accounts() as (accounts, _):
        from rich.table import Table

        table = Table("account", "role", "wards", "office", "state")
        for account in accounts.all():
            state = "open" if account.active else "closed"
            if account.locked_until is not None and account.locked_until > datetime.now(UTC):
                state = "locked"
            table.add_row(account.username, account.role, " ".join(account.wards), account.office, state)
        out().print(table)


@app.command("disable")
def disable(name: NameArgument) -> None:
    """Close an account: it can't log in, and its tokens and sessions work no more."""
    with explained(), _accounts() as (accounts, actor):
        accounts.close(name, actor)
        err().print(f"account {name} closed", highlight=False)


@app.command("enable")
def enable(name: NameArgument) -> None:
    """Open a closed or locked account again."""
    with explained(), _accounts() as (accounts, actor):
        accounts.reopen(name, actor)
        err().print(f"account {name} open", highlight=False)


@app.command("password")
def password(name: NameArgument) -> None:
    """Give an account another password; its sessions end."""
    with explained(), _accounts() as (accounts, actor):
        accounts.get(name)
        accounts.set_password(name, _password(), actor)
        err().print(f"password of {name} changed", highlight=False)


@app.command("token")
def token(name: NameArgument, label: LabelOption = "program", days: DaysOption = None) -> None:
    """Issue a bearer token of an account for a program; it is printed once."""
    with explained(), _accounts() as (accounts, actor):
        ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
        secret = accounts.add_token(name, label, actor, expires_at=ends)
        sys.stdout.write(secret + "\n")


@app.command("tokens")
def tokens(name: NameArgument) -> None:
    """List the tokens of an account; their secrets can't be shown again."""
    with explained(), _accounts() as (accounts, _):
        from rich.table import Table

        table = Table("number", "label", "made", "expires", "revoked")
        for entry in accounts.tokens(name):
            days = (entry.created_at, entry.expires_at, entry.revoked_at)
            table.add_row(str(entry.id), entry.label, *(f"{day:%Y-%m-%d}" if day else "" for day in days))
        out().print(table)


@app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="Number of the token.")]) -> None:
    """Make a token work no more."""
    with explained(), _accounts() as (accounts, actor):
        accounts.revoke_token(number, actor)
        err().print(f"token {number} revoked", highlight=False)


@contextmanager
def _accounts() -> Iterator[tuple[Accounts, Actor]]:
    from geo.records.entries import Actor
    from geo.records.open import opened_store

    with opened_store() as store:
        yield store.accounts, Actor("diaban", "diaban", "cli")


def _codes(texts: list[str]) -> tuple[str, ...]:
    """The codes of wards that somebody typed; only wards of the register have one."""
    from geo.reference.wards import WardRegister

    if not texts:
        return ()
    register = WardRegister.load()
    return tuple(register.by_name(text).code for text in texts)


def _password() -> str:
    """The password, typed twice at a terminal, or the first line of the input."""
    from geo.errors import InputError, Problem

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise InputError(Problem("the two passwords differ", "password", "type the same twice"))
    return first
