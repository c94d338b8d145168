"""Who sends a request: anonymous, the local user, or an account, with its role, wards and provinces."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.core.problems import SignInError
from geo.errors import Problem
from geo.records.accounts import READING
from geo.records.entries import Actor
from geo.visibility import Role, Viewer
from geo.visibility.viewer import rights_in

if TYPE_CHECKING:
    from api.core.service import Service
    from geo.records.sign_in.sessions import Account
    from geo.reference.cities import City

COOKIE = "diaban_session"
SECURE_COOKIE = "__Host-diaban_session"
_FORWARDED = frozenset(
    ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-real-ip")
)
LOCAL_USER = "local"
LOCAL_OFFICE = "Máy chủ tại chỗ"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request: account name, role, own `wards` (codes, role WARD only), office, and the class of network.

    `session` is the secret of the browser session, None for programs and for nobody. `reads_only`: by a token that
    writes nothing. `provinces`: those that an account is bound to (`City.key`), as `Viewer` has them. A request has the
    identity with the rights that its account has in the list that it is about (`of_list`).
    """

    who: str
    role: Role
    wards: tuple[str, ...] = ()
    office: str = ""
    origin: str = "api"
    session: str | None = None
    reads_only: bool = False
    provinces: tuple[str, ...] = ()

    @property
    def viewer(self) -> Viewer:
        """What decides on what they may see; answers for viewers with one `key` are the same bytes."""
        return Viewer(self.role, frozenset(self.wards), frozenset(self.provinces))

    @property
    def bounds(self) -> frozenset[str] | None:
        """The codes of the wards that the account is bound to, its own or its provinces'; None where to none."""
        viewer = self.viewer
        return None if viewer.sees_all else viewer.own

    def in_city(self, place: City) -> Identity:
        """The same account where all is of one city: with all its rights, or with those of the public."""
        if not self.provinces or place.key in self.provinces:
            return self
        return replace(self, role=Role.PUBLIC, provinces=())

    def of_list(self, key: str) -> Identity:
        """The same account before the records of one list (`City.list_key`): with its rights there, or the public's."""
        if self.role < Role.WARD or self.viewer.sees_all:
            return self
        left = rights_in(self.provinces, key, by_ward=self.role == Role.WARD)
        if left is None:
            return replace(self, role=Role.PUBLIC, wards=(), provinces=())
        return replace(self, provinces=() if self.role == Role.WARD else left)

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
    if service.local is not None and not is_for_this_machine(headers):
        # The way in without accounts is for this machine: what comes through a proxy, or by another name, is anybody's.
        return nobody(service, origin)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _bearer(service, token.strip(), origin)
    session = session_of(headers.get("cookie", ""), by_https=service.settings.https)
    return (session and _browser(service, session, origin)) or nobody(service, origin)


def is_for_this_machine(headers: Headers) -> bool:
    """Whether a request came straight here, and called this machine by a name that no other one can have.

    A page elsewhere whose name is made to lead to 127.0.0.1 (DNS rebinding) sends its own name as Host.
    """
    if not _FORWARDED.isdisjoint(headers):
        return False
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def nobody(service: Service, origin: str = "api") -> Identity:
    """Somebody who did not sign in; may read what is public, unless the settings say otherwise."""
    return Identity("anonymous", Role.PUBLIC if service.settings.anonymous_reads else Role.NOBODY, origin=origin)


def session_of(cookie: str, *, by_https: bool = False) -> str | None:
    """The session secret of a Cookie header, if it holds one.

    Where browsers come `by_https`, only of the cookie that no other host and no plain page can have set.
    """
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookie)
    except CookieError:
        return None
    found = jar.get(SECURE_COOKIE) or (None if by_https else jar.get(COOKIE))
    return found.value if found is not None else None


def csrf_token(service: Service, session: str) -> str:
    """What a page of this server must send along with every write of this session."""
    key = service.settings.secret.get_secret_value().encode()
    return hmac.new(key, b"csrf:" + session.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def network_class(client: str | None) -> str:
    """The class of an address: `local`, `office` (private networks) or `net`; the address itself is never stored."""
    try:
        address = ipaddress.ip_address(client or "")
    except ValueError:
        return "local"
    if address.is_loopback:
        return "local"
    return "office" if address.is_private else "net"


@lru_cache(maxsize=4096)
def network_of(client: str | None) -> str:
    """The network that an address stands for: itself, of IPv6 its /64; '' where it is no address.

    >>> network_of("203.0.113.7"), network_of("2001:db8:1:2:aaaa::1"), network_of("::ffff:203.0.113.7")
    ('203.0.113.7', '2001:db8:1:2::/64', '203.0.113.7')
    """
    try:
        address = ipaddress.ip_address((client or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _bearer(service: Service, token: str, origin: str) -> Identity:
    if service.local is not None and service.local.holds_token(token):
        return Identity(LOCAL_USER, Role.ADMIN, (), LOCAL_OFFICE, origin)
    account = service.store.accounts.token(token)
    if account is None:
        raise SignInError(Problem("security.token-not-valid", "Authorization"))
    return replace(of_account(account, origin, None), reads_only=token.startswith(READING))


def _browser(service: Service, session: str, origin: str) -> Identity | None:
    if service.local is not None and service.local.holds_session(session, service.now):
        return Identity(LOCAL_USER, Role.ADMIN, (), LOCAL_OFFICE, origin, session)
    lasts, idle = timedelta(hours=service.settings.session_hours), timedelta(minutes=service.settings.idle_minutes)
    account = service.store.accounts.session(session, lasts=lasts, idle=idle)
    return None if account is None else of_account(account, origin, session)


def of_account(account: Account, origin: str, session: str | None) -> Identity:
    """The identity of an account."""
    return Identity(
        account.username,
        Role[account.role.upper()],
        account.wards,
        account.office,
        origin,
        session,
        False,
        account.provinces,
    )
