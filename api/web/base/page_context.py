"""One visit to a page: who, in which language, of which city and day, and how the page is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.core.problems import QueryError
from api.core.service import Service
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.security.identity import Identity, Role, csrf_token
from api.web.base.translations import Translator, chosen, words
from geo.errors import Problem
from geo.i18n.language import LANGS, Lang
from geo.output.shared.theme import theme
from geo.reference.cities import City, cities
from geo.reference.cities import city as city_named
from geo.situation import Situation, load_registers

LANG_COOKIE = "diaban_lang"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FORMS = ("/upload", "/coverage/import", "/admin/users", "/account/tokens")
_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PageContext:
    """A request for a page; `day` is None for today, `switched` whether the address chose the language."""

    request: Request
    service: Service
    identity: Identity
    words: Translator
    city: City
    day: date | None
    switched: bool = False

    def situation(self) -> Situation:
        """The picture that the page is of; errors as `Service.situation`."""
        return self.service.situation(self.day, self.city.slug)

    def url(self, path: str, **query: object) -> str:
        """An address of this server that keeps city and day; a value of None or '' is left out."""
        kept: dict[str, object] = {"city": self.city.slug if self.city.slug != self.service.settings.city else None}
        kept |= {"day": self.day} | query
        pairs = [(key, str(value)) for key, value in kept.items() if value not in (None, "")]
        return f"{self.root}{path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def here(self, **query: object) -> str:
        """The address of this page with other query values."""
        now = {key: value for key, value in self.request.query_params.items() if key not in ("lang", "saved")}
        pairs = [(key, str(value)) for key, value in (now | query).items() if value not in (None, "")]
        return f"{self.root}{self._page_path}" + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def _page_path(self) -> str:
        """The path of the page; a form that was refused is shown under the address that it was sent to."""
        path = path_of(self.request)
        if self.request.method in ("GET", "HEAD"):
            return path
        page = path.removesuffix("/status").removesuffix("/verification")
        return next((form for form in _FORMS if path.startswith(form)), page)

    @property
    def root(self) -> str:
        """What stands before every path, where the server lies below a folder of a proxy."""
        return str(self.request.scope.get("root_path", "")).rstrip("/")

    @property
    def csrf(self) -> str:
        """The token that a form of this page must send along; '' without a session."""
        return csrf_token(self.service, self.identity.session) if self.identity.session else ""

    @property
    def signed_in(self) -> bool:
        """Whether there is a session that can be ended."""
        return self.identity.session is not None

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page that a template makes of `values`."""
        html = environment().get_template(template).render(**self._common(), **values)
        headers = {"Content-Security-Policy": POLICY, "Content-Language": self.words.lang}
        response = HTMLResponse(html, status, headers=headers)
        if self.switched:
            secure = self.service.settings.https
            response.set_cookie(
                LANG_COOKIE, self.words.lang, max_age=_YEAR_S, samesite="lax", httponly=True, secure=secure
            )
        return response

    def see(self, path: str, **query: object) -> RedirectResponse:
        """Lead the browser on after a write, so that loading the page again writes nothing."""
        return RedirectResponse(self.url(path, **query), status_code=303)

    def _common(self) -> dict[str, Any]:
        langs: Iterable[Lang] = LANGS
        return {
            "context": self,
            "w": self.words,
            "t": self.words.text,
            "url": self.url,
            "known_texts": self.words.texts,
            "theme": theme(),
            "cities": cities(),
            "identity": self.identity,
            "works": self.identity.role >= Role.WARD,
            "is_admin": self.identity.role >= Role.ADMIN,
            "csrf": self.csrf,
            "today": self.service.today,
            "other_langs": [lang for lang in langs if lang != self.words.lang],
            "own_wards": ward_names(self.identity.wards),
        }


@cache
def environment() -> Environment:
    """The templates; every value is escaped, and one that is missing is an error."""
    loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def path_of(request: Request) -> str:
    """The path of a request without the folder of a proxy."""
    return str(request.scope["path"]).removeprefix(str(request.scope.get("root_path", "")))


def parse_day(text: str, name: str = "day") -> date | None:
    """A day from an address or form, None for ''.

    Raises
    ------
    QueryError
        It is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise QueryError(Problem(f"'{text[:40]}' is not a day", name, "write it like 2026-06-01")) from None


def ward_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, full name) of wards of any city; codes that no ward bears are left out."""
    known = all_wards()
    return [(code, known[code][1]) for code in codes if code in known]


def all_wards() -> dict[str, tuple[str, str]]:
    """code → (slug of the city, full name) of every ward."""
    grounds = [load_registers(city.slug) for city in cities()]
    return _all_wards(tuple((ground.city.slug, ground.version) for ground in grounds))


@cache
def _all_wards(versions: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for slug, _ in versions:
        wards = load_registers(slug).wards
        found |= {str(code): (slug, str(name)) for code, name in zip(wards["code"], wards["full_name"], strict=True)}
    return found


async def _visit(
    request: Request,
    service: ServiceNeed,
    identity: IdentityNeed,
    city: Annotated[str, Query(max_length=40)] = "",
    day: Annotated[str, Query(max_length=40)] = "",
    lang: Annotated[str, Query(max_length=10)] = "",
) -> PageContext:
    language = chosen(lang, request.cookies.get(LANG_COOKIE))
    where = city_of(request.path_params) or city_named(city or service.settings.city)
    return PageContext(request, service, identity, words(language), where, parse_day(day), switched=lang in LANGS)


PageContextNeed = Annotated[PageContext, Depends(_visit)]


def city_of(parameters: dict[str, Any]) -> City | None:
    """The city that the site or ward of a path lies in; None where the path names neither, or one that is unknown."""
    named = next((parameters[key] for key in ("site_id", "code", "subject") if key in parameters), "")
    ward = all_wards().get(named)
    if ward:
        return city_named(ward[0])
    return next((city for city in cities() if named.startswith(f"{city.site_prefix}-")), None)
