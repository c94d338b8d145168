"""The way in without accounts: a one-time link for the browser and a token for programs, like Jupyter.

What is known lies in a folder that only this user can read, so that several worker processes share it; of secrets
the SHA-256 alone is stored. The folder goes when the server stops, and all access with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from geo.files import write_atomic


@dataclass(frozen=True, slots=True)
class LocalAccess:
    """Access of whoever started the server; `folder` is private (mode 0700) and shared by the workers."""

    folder: Path

    @classmethod
    def begin(cls, folder: Path) -> tuple[LocalAccess, str, str]:
        """A fresh access in an empty private folder, the key of its one-time link and the token for programs.

        Neither can be read again. Who gave the folder takes it away (`geo.files.scratch`): that ends all access.
        """
        access = cls(folder)
        key, token = secrets.token_urlsafe(24), f"local_{secrets.token_urlsafe(32)}"
        write_atomic(access._file("link", key), "")
        write_atomic(access._file("token", token), "")
        return access, key, token

    def redeem(self, key: str, now: datetime, lasts: timedelta) -> str | None:
        """The secret of a new session for the key of the link; None if the key is wrong or was used before."""
        try:
            # Removing a file succeeds once, whichever worker is asked, however many ask at the same moment.
            self._file("link", key).unlink()
        except FileNotFoundError:
            return None
        session = secrets.token_urlsafe(32)
        write_atomic(self._file("session", session), (now + lasts).isoformat())
        return session

    def renew(self) -> str:
        """The key of a further one-time link."""
        key = secrets.token_urlsafe(24)
        write_atomic(self._file("link", key), "")
        return key

    def holds_token(self, token: str) -> bool:
        """Whether this is the token for programs."""
        return self._file("token", token).is_file()

    def holds_session(self, session: str, now: datetime) -> bool:
        """Whether this is a session that lasts."""
        try:
            return now < datetime.fromisoformat(self._file("session", session).read_text())
        except (OSError, ValueError):
            return False

    def close_session(self, session: str) -> None:
        """End a session; an unknown one is no error."""
        self._file("session", session).unlink(missing_ok=True)

    def _file(self, kind: str, secret: str) -> Path:
        return self.folder / f"{kind}-{hashlib.sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()}"
