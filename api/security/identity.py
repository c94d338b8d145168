"""Who asks: anonymous, the local user, or an account, and what they may see."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from enum import IntEnum
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from api.core.problems import SignInError
from geo.errors import Problem
from geo.records.entries import Actor

if TYPE_CHECKING:
    from api.core.service import Service
    from geo.records.accounts import Account

COOKIE = "diaban_session"
SECURE_COOKIE = "__Host-diaban_session"
LOCAL_USER = "local"
LOCAL_OFFICE = "Máy chủ tại chỗ"


class Role(IntEnum):
    """What an account may do; each includes what those before it may."""

    NOBODY = 0
    PUBLIC = 1
    WARD = 2
    CITY = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: account name, role, own `wards` (codes, role WARD only), office, and the class of network.

    `session` is the secret of the browser session, None for programs and for nobody.
    """

    who: str
    role: Role
    wards: tuple[str, ...] = ()
    office: str = ""
    origin: str = "api"
    session: str | None = None

    @property
    def audience(self) -> str:
        """Whose answers these are: `public`, `ward:<codes>` or `city`; answers of one audience are the same bytes."""
        if self.role >= Role.CITY:
            return "city"
        return f"ward:{','.join(sorted(self.wards))}" if self.role == Role.WARD else "public"

    @property
    def sees_all(self) -> bool:
        """Whether reports of every ward are open to them."""
        return self.role >= Role.CITY

    def sees_ward(self, code: str | None) -> bool:
        """Whether the reports of a ward are open to them."""
        return self.sees_all or (self.role == Role.WARD and code in self.wards)

    @property
    def actor(self) -> Actor:
        """Who writes, as the records want it."""
        return Actor(self.who, self.office or "diaban", self.origin)


def identify(service: Service, headers: Headers, client: str | None) -> Identity:
    """Who sends a request with these headers from the address `client`. Reads the database where a secret is given.

    Raises
    ------
    SignInError
        A bearer token was given that does not hold; an ended session is nobody instead.
    """
    origin = f"api:{network_class(client)}"
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _bearer(service, token.strip(), origin)
    session = session_of(headers.get("cookie", ""))
    return (session and _browser(service, session, origin)) or nobody(service, origin)


def nobody(service: Service, origin: str = "api") -> Identity:
    """Somebody who did not sign in; may read what is public, unless the settings say otherwise."""
    return Identity("anonymous", Role.PUBLIC if service.settings.anonymous_reads else Role.NOBODY, origin=origin)


def session_of(cookie: str) -> str | None:
    """The session secret of a Cookie header, if it holds one."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookie)
    except CookieError:
        return None
    found = jar.get(SECURE_COOKIE) or jar.get(COOKIE)
    return found.value if found is not None else None


def csrf_token(service: Service, session: str) -> str:
    """What a page of this server must send along with every write of this session."""
    key = service.settings.secret.get_secret_value().encode()
    return hmac.new(key, b"csrf:" + session.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def network_class(client: str | None) -> str:
    """The class of an address: `local`, `office` (private networks) or `net`; the address itself is never kept."""
    try:
        address = ipaddress.ip_address(client or "")
    except ValueError:
        return "local"
    if address.is_loopback:
        return "local"
    return "office" if address.is_private else "net"


def _bearer(service: Service, token: str, origin: str) -> Identity:
    if service.local is not None and service.local.holds_token(token):
        return Identity(LOCAL_USER, Role.ADMIN, (), LOCAL_OFFICE, origin)
    account = service.store.accounts.token(token)
    if account is None:
        raise SignInError(Problem("the token does not hold", "Authorization", "ask for another: diaban user token"))
    return of_account(account, origin, None)


def _browser(service: Service, session: str, origin: str) -> Identity | None:
    if service.local is not None and service.local.holds_session(session, service.now):
        return Identity(LOCAL_USER, Role.ADMIN, (), LOCAL_OFFICE, origin, session)
    account = service.store.accounts.session(session)
    return None if account is None else of_account(account, origin, session)


def of_account(account: Account, origin: str, session: str | None) -> Identity:
    """The identity of an account."""
    return Identity(account.username, Role[account.role.upper()], account.wards, account.office, origin, session)
