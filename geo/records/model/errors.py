"""Failures of the records, below `DiabanError`."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import DiabanError, InputError, Problem, UnknownNameError
from geo.i18n.message import Bilingual, Message


class StoreError(DiabanError):
    """The database can't be opened, read or written; nothing was written."""


class StoreBusyError(StoreError):
    """Other writers held the database for too long; trying again is safe."""


class StoreFullError(StoreError):
    """The disk is full: nothing can be recorded until there is room again."""


class StoreUnreachableError(StoreError):
    """The database server does not answer, or broke the connection; trying again is safe."""


class SchemaTooNewError(StoreError):
    """The database was written by a newer diaban."""


class DowngradeRefusedError(StoreError):
    """A schema is never taken back: that would lose records."""


class PrivacyError(InputError):
    """The input holds, or seems to hold, something about a person; nothing was written."""


class ConflictError(InputError):
    """The row to correct was corrected by somebody else meanwhile, or is withdrawn."""


class UnknownTermError(UnknownNameError):
    """The vocabulary holds no such term; `suggestions` are ids of those that it holds."""

    def __init__(self, group: str, name: str, suggestions: Sequence[str], where: str = "") -> None:
        self.name, self.suggestions = name, tuple(suggestions)
        named = {"group": Message(f"records.group.{group}"), "name": name, "near": self.suggestions}
        DiabanError.__init__(self, Problem("records.unknown-term", where, **named))


class UnknownRowError(UnknownNameError):
    """No record, account or token has this number or name; `kind` says what was looked for."""

    def __init__(self, kind: str | Message | Bilingual, name: str, where: str = "") -> None:
        self.name, self.suggestions = name, ()
        DiabanError.__init__(self, Problem("records.unknown-row", where, kind=kind, name=name))


class AccessError(DiabanError):
    """Base of what keeps an account out."""


class LoginRefusedError(AccessError):
    """User name or password are wrong, or the account is closed; which of them is not said."""


class CodeNeededError(AccessError):
    """The password is right; the account asks for a code of its second factor as well."""


class AccountLockedError(AccessError):
    """Too many wrong passwords; the account opens again after a while."""


class SignInBusyError(AccessError):
    """More passwords are being checked than there are processors; trying again is safe."""
