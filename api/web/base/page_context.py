"""One request for a page: who, in which language, of which city and day, and how the page is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.core.responses import HTML, Answer
from api.core.service import Service
from api.http.response_cache import CSRF_PLACEHOLDER, LANG_COOKIE, SECURE_LANG_COOKIE, cached_page
from api.resources.city_finding import all_wards, city_in, home_city
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.security.identity import Identity, csrf_token
from api.security.object_permissions import acting_in, city_names
from api.web.base.dates import parse_day, typed
from api.web.base.language import language_of, path_of
from api.web.base.translations import Translator, words
from geo.i18n.language import LANGS, Lang
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.shared.theme import theme
from geo.records.kinds.flag_event import RULE
from geo.records.model.vocabulary import vocabulary
from geo.reference.cities import City, every_list
from geo.reference.cities import city as city_named
from geo.reference.lists.names import list_name
from geo.situation import Situation
from geo.visibility import Role, Viewer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FORMS = (
    *("/upload", "/coverage/import", "/admin/users"),
    *("/account/tokens", "/account/second-factor", "/account", "/login"),
)
_INBOX = ("/reports/verifications", "/reports/links", "/reports/withdrawals", "/reports/views")
_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PageContext:
    """A request for a page; `day` is None for today.

    `home`: the slug of the city that the visitor's addresses mean where they name none. `switched`: whether the address
    chose the language; `framed`: whether another page shows it in a frame.
    """

    request: Request
    service: Service
    identity: Identity
    words: Translator
    city: City
    day: date | None
    home: str
    switched: bool = False
    framed: bool = False

    def situation(self) -> Situation:
        """The situation that the page is of; errors as `Service.situation`."""
        return self.situation_of(self.day)

    def situation_of(self, day: date | None) -> Situation:
        """The situation of another day, for the public by what it can see."""
        find = self.service.situation if self.identity.role >= Role.WARD else self.service.public_situation
        return find(day, self.city.slug)

    @property
    def viewer(self) -> Viewer:
        """What decides on what is seen of the page's city; on what may be of another one `identity.viewer` does."""
        return self.identity.viewer.in_city(self.city.slug)

    @property
    def own_names(self) -> list[str]:
        """The names of the wards, or of the cities, that the account is bound to."""
        return city_names(self.identity) or [name for _, name in ward_names(self.identity.wards)]

    def url(self, path: str, **query: object) -> str:
        """An address of this server with the same city and day; a value of None or '' is left out.

        The city is left out where everybody would get it without: who follows a link that was passed on sees the same.
        """
        slug, plain = self.city.slug, {city_named(self.service.settings.city).slug, self.home}
        values: dict[str, object] = {"city": None if plain == {slug} else slug, "day": self.day} | query
        pairs = [(key, str(value)) for key, value in values.items() if value not in (None, "")]
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
        page = "/reports" if path in _INBOX else page
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
        response = HTMLResponse(self._html(template, self.csrf, values), status, headers=self._headers)
        if self.switched:
            secure = self.service.settings.https
            name = SECURE_LANG_COOKIE if secure else LANG_COOKIE
            response.set_cookie(name, self.words.lang, max_age=_YEAR_S, samesite="lax", httponly=True, secure=secure)
        return response

    def cached_page(self, template: str, **values: Any) -> Response:
        """As `page`, for one that follows from its address, the account, the language, the day and the data alone."""
        if self.switched:
            return self.page(template, **values)
        token = CSRF_PLACEHOLDER if self.identity.session else ""

        def make() -> Answer:
            return Answer(self._html(template, token, values).encode(), HTML, "", self._headers)

        return cached_page(self.request, self.service, self.identity, make)

    def _html(self, template: str, csrf: str, values: dict[str, Any]) -> str:
        return environment().get_template(template).render(**self._common() | {"csrf": csrf}, **values)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Content-Security-Policy": POLICY, "Content-Language": self.words.lang}

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
            "cities": every_list(),
            "list_name": list_name,
            "identity": self.identity,
            "works": self.identity.role >= Role.WARD,
            "edits_registers": self.identity.role >= Role.CITY,
            "is_admin": self.identity.role >= Role.ADMIN,
            "today": self.service.today,
            "last_day": self.service.last_day,
            "typed": typed,
            "other_langs": [lang for lang in langs if lang != self.words.lang],
            "own_wards": ward_names(self.identity.wards),
            "flag_results": [
                (each.id, self.words.pick(each)) for each in vocabulary().terms("flag_result") if each.id != RULE
            ],
        }


@cache
def environment() -> Environment:
    """The templates; every value is escaped, and one that is missing is an error."""
    loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def ward_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, full name) of wards of any city; codes that no ward bears are left out."""
    known = all_wards()
    return [(code, known[code][1]) for code in codes if code in known]


def fetching(page: Response) -> Response:
    """The page, allowed to fetch from its own server: tiles, names as one types; pictures also from where tiles are."""
    tiles = tiles_from_environment()
    policy = POLICY.replace("connect-src 'none'", "connect-src 'self'")
    if tiles is not None and tiles.is_remote:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {tiles.origin}")
    page.headers["Content-Security-Policy"] = policy
    return page


async def _page_context(
    request: Request,
    service: ServiceNeed,
    identity: IdentityNeed,
    city: Annotated[str, Query(max_length=40)] = "",
    day: Annotated[str, Query(max_length=40)] = "",
    lang: Annotated[str, Query(max_length=10)] = "",
    frame: Annotated[str, Query(max_length=1)] = "",
    saved: Annotated[str, Query(max_length=20)] = "",  # noqa: ARG001 - every page may be the one after a write
) -> PageContext:
    named = {**request.query_params, **request.path_params}
    home = home_city(service, identity.wards, identity.provinces)
    where = city_of(request.path_params) or city_named(city or city_in(named) or home)
    return PageContext(
        request,
        service,
        acting_in(request, identity, where),
        words(language_of(request)),
        where,
        parse_day(day),
        city_named(home).slug,
        switched=lang in LANGS,
        framed=frame == "1",
    )


PageContextNeed = Annotated[PageContext, Depends(_page_context)]


def city_of(parameters: Mapping[str, str]) -> City | None:
    """The city that the site or ward of a path lies in; None where the path names neither, or one that is unknown."""
    slug = city_in(parameters)
    return None if slug is None else city_named(slug)
