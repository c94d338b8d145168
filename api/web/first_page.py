"""What the first page of a process would wait for, made before the process takes a request."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from itertools import product
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from api.core.service import Service
from api.resources.place_suggestions import warm_others, warm_own
from api.web.base.page_context import environment
from geo import settings
from geo.errors import DiabanError
from geo.i18n.catalogue import texts
from geo.i18n.language import LANGS
from geo.records.model.register_lookup import load_register_lookup

_PAGES = ("home.html", "ward.html", "site.html", "coverage.html", "report_new.html", "base.html", "macros.html")
_PAPERS = ("geo.output.dossier.pictures", "matplotlib.backends.backend_svg", "mapbox_vector_tile")
"""What draws the map of a dossier, writes it as SVG, and reads the tiles beneath: the first one would wait a second."""
_WORDS = ("dossier", "maps", "pages", "visibility")
"""Catalogues of words that stand in a page or in a dossier."""
_SETTER = "geo.output.dossier.writers.pdf"
"""Sets documents, by faces of which every file is looked into once."""


def prepare(service: Service) -> None:
    """Work out the public situation of today and the look-up of wards, compile templates, load what papers are drawn
    with.

    The names that are suggested as somebody types, and what accounts see of it, which takes seconds where there are
    many reports, follow beside what goes on (`go_on`): who asks for it earlier waits for the rest of it.

    What can't be made is no reason not to start: whoever asks for it is shown why, and `/ready` is not ready.
    """
    from geo.output.maps import MAP_KINDS, Links, folium_map, render

    for name in _PAPERS:
        import_module(name)
    for lang, domain in product(LANGS, _WORDS):
        texts(lang, domain)
    with suppress(DiabanError):
        import_module(_SETTER).prepare()
    templates = environment()
    for name in _PAGES:
        templates.get_template(name)
    with suppress(DiabanError):
        load_register_lookup().wards_at([105.8], [21.0])  # the first report would wait for the look-up
        situation = service.public_situation()
        _ = situation.flags, situation.coverage  # worked out when somebody asks for them
        drawing = MAP_KINDS["risk"].draw(situation, "", Links(), lang=settings.language())
        render(folium_map(drawing))  # the library of maps, its templates and scripts


def go_on(service: Service) -> Thread:
    """What accounts see of the own city, its names and those of the other cities, beside what goes on; the thread."""
    thread = Thread(target=_more, args=(service,), name="diaban-warm", daemon=True)
    thread.start()
    return thread


def _more(service: Service) -> None:
    """What is made while the first requests are answered; the records may be closed by then."""
    with suppress(DiabanError, SQLAlchemyError):
        warm_own(service)
        situation = service.situation()
        _ = situation.flags, situation.coverage
    with suppress(DiabanError):
        warm_others(service)
