"""A second factor of accounts: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

Codes are asked for after the password, so that whoever guesses at them knows it: the wrong ones of an account are
counted together, from wherever they come, by the same delay as passwords. A code is taken once. Recovery codes have
120 random bits and are stored as SHA-256; the secret of the app must be readable and is stored as it is.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import dataclass

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from geo.errors import InputError, Problem
from geo.records.ledger import write_transaction as ledger
from geo.records.model.actor import Actor
from geo.records.model.errors import LoginRefusedError
from geo.records.model.tables import RecoveryCode, SecondFactor
from geo.records.sign_in.attempts import Attempts
from geo.records.sign_in.sessions import Sessions, digest_of, known_account
from geo.records.sign_in.shared_attempts import SharedAttempts

ISSUER = "diaban"
RECOVERY_CODES = 10
_RECOVERY_BYTES = 15
"""120 bits: enough that a plain hash can't be guessed back (ASVS 6.5.2)."""
_DRIFT = 1
"""How many steps of 30 s a clock may be off, on each side."""


@dataclass(frozen=True, slots=True)
class FactorState:
    """Whether an account asks for a code, and how many recovery codes it has left."""

    is_on: bool
    recovery_codes: int


class SecondFactors(Sessions):
    """The part of the accounts of a database that is about the second factor."""

    attempts: Attempts | SharedAttempts

    def second_factor(self, username: str) -> FactorState:
        """Whether an account has a second factor that was confirmed."""
        left = select(func.count()).where(RecoveryCode.username == username, RecoveryCode.used_at.is_(None))
        with self._reading() as connection:
            found = _row(connection, username)
            count = int(connection.execute(left).scalar_one())
        return FactorState(found is not None and found.confirmed_at is not None, count)

    def begin_second_factor(self, username: str) -> str:
        """A new secret for an authenticator app, in base 32; it counts once it is confirmed.

        Raises
        ------
        InputError
            The account has a second factor: it is taken off first.
        """
        secret = pyotp.random_base32()
        with self._writing() as (connection, _):
            known_account(connection, username)
            _refuse_second(_row(connection, username))
            connection.execute(delete(SecondFactor).where(SecondFactor.username == username))
            connection.execute(insert(SecondFactor).values(username=username, secret=secret, last_step=0))
        return secret

    def pending_secret(self, username: str) -> str | None:
        """The secret that waits to be confirmed; None where none does."""
        with self._reading() as connection:
            found = _row(connection, username)
        return None if found is None or found.confirmed_at is not None else str(found.secret)

    def confirm_second_factor(self, username: str, code: str, actor: Actor) -> tuple[str, ...]:
        """Turn the second factor on, with a code of the app; the recovery codes, shown once.

        Raises
        ------
        InputError
            The code is wrong, or nothing waits to be confirmed.
        AccountLockedError
            Too many wrong ones.
        """
        self.attempts.begin(_counted_as(username), "", self._moment())
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        with self._writing() as (connection, moment):
            found = _row(connection, username)
            _refuse_second(found)
            step = None if found is None else self._step(found.secret, code)
            if step is None:
                raise InputError(Problem("accounts.code-wrong", "code"))
            mine = SecondFactor.username == username
            connection.execute(update(SecondFactor).where(mine).values(confirmed_at=moment, last_step=step))
            _clear_codes(connection, username)
            rows = [{"digest": digest_of(_plain(text)), "username": username} for text in codes]
            connection.execute(insert(RecoveryCode), rows)
            ledger.write_audit(connection, moment, actor, action="account.second-factor-on", subject=username)
        self.attempts.forget(_counted_as(username))
        return codes

    def check_code(self, username: str, code: str, origin: str) -> None:
        """Take a code of the app, or a recovery code; none twice. Both ends leave an audit line where it matters.

        Raises
        ------
        LoginRefusedError
            It is wrong, or was used.
        AccountLockedError
            Too many wrong ones for this account.
        """
        number = self.attempts.begin(_counted_as(username), "", self._moment())
        with self._writing() as (connection, moment):
            account = known_account(connection, username)
            recovered = self._recovered(connection, username, code)
            taken = recovered or self._taken(connection, username, code)
            actor = Actor(username, account.office, origin)
            if recovered or not taken:
                action = "session.recovery-code" if taken else "session.code-refused"
                detail = "" if taken else f"attempt {number}"
                ledger.write_audit(connection, moment, actor, action=action, subject=username, detail=detail)
        if not taken:
            raise LoginRefusedError(Problem("accounts.code-wrong", "code"))
        self.attempts.forget(_counted_as(username))

    def end_second_factor(self, username: str, actor: Actor) -> None:
        """Take the second factor of an account off, with its recovery codes; its sessions end."""
        with self._writing() as (connection, moment):
            known_account(connection, username)
            connection.execute(delete(SecondFactor).where(SecondFactor.username == username))
            _clear_codes(connection, username)
            ledger.write_audit(connection, moment, actor, action="account.second-factor-off", subject=username)
        self.end_sessions(username, actor)
        self.attempts.forget(_counted_as(username))

    def _recovered(self, connection: Connection, username: str, code: str) -> bool:
        mine = RecoveryCode.digest == digest_of(_plain(code)), RecoveryCode.username == username
        used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=self._moment())
        return connection.execute(used).rowcount == 1

    def _taken(self, connection: Connection, username: str, code: str) -> bool:
        """Whether a code of the app is right and later than the last one that was taken; it is then the last one."""
        found = _row(connection, username)
        step = None if found is None or found.confirmed_at is None else self._step(found.secret, code)
        if step is None:
            return False
        # In one statement: of two requests with the same code one is refused.
        later = SecondFactor.username == username, SecondFactor.last_step < step
        return connection.execute(update(SecondFactor).where(*later).values(last_step=step)).rowcount == 1

    def _step(self, secret: str, code: str) -> int | None:
        """The time step of which a code is; None where it is of none near now."""
        try:
            typed = "".join(code.split())
            return pyotp.TOTP(secret).verify_and_get_timecode(typed, for_time=self._moment(), valid_window=_DRIFT)
        except OTPVerificationError:
            return None


def provisioning_uri(secret: str, username: str) -> str:
    """The `otpauth:` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def _row(connection: Connection, username: str) -> SecondFactor | None:
    query = select(SecondFactor.__table__).where(SecondFactor.username == username)
    return connection.execute(query).one_or_none()  # type: ignore[return-value]  # a row with the same fields


def _refuse_second(found: SecondFactor | None) -> None:
    if found is not None and found.confirmed_at is not None:
        raise InputError(Problem("accounts.second-factor-on", "code"))


def _clear_codes(connection: Connection, username: str) -> None:
    connection.execute(delete(RecoveryCode).where(RecoveryCode.username == username))


def _counted_as(username: str) -> str:
    """The name by which the wrong codes of an account are counted; no account can bear it."""
    return f"code of {username}"


def _recovery_code() -> str:
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[begin : begin + 4] for begin in range(0, len(text), 4))


def _plain(code: str) -> str:
    """A recovery code as it is hashed, however it was typed."""
    return "".join(code.casefold().replace("-", " ").split())
