"""What a visitor brings to the page: a file, a text or what they drew; read, cut at the wards, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.core.service import Service
from api.resources.route_cuts import cut_everywhere
from api.schemas.submitted_geometries import submitted_sites
from api.web.base.table_uploads import Upload
from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries import Question
from geo.importing.pasted_route import pasted

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TEXT = "text"
"""The name under which a text goes to the browser and back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was brought (`upload`), the coordinate system and layer that the visitor names ('' for none)."""

    upload: Upload
    crs: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The sites read, their stretches (as `geo.crossings`), the cities that they meet, and notes on the reading."""

    sites: GeoDataFrame
    rows: GeoDataFrame
    cities: list[str]
    notes: tuple[Message, ...]


def of_text(text: str) -> Upload:
    """A text as an upload.

    Raises
    ------
    InputError
        It is empty.
    """
    if not text.strip():
        raise InputError(Problem("importing.nothing-brought", "text"))
    return Upload(TEXT, text.encode("utf-8"))


def look_up(service: Service, asked: Asked, called: str) -> Lookup:
    """The wards of what was brought, `called` so in messages; errors as `submitted_sites`."""
    settings, data, question = service.settings, asked.upload.data, Question.at_page(asked.crs, asked.layer)
    said: tuple[Message, ...] = ()
    if asked.upload.name == TEXT:
        data, said = pasted(data.decode("utf-8", "replace"))
    if data != asked.upload.data and not asked.crs:  # made a document of WGS 84, which the text does not say
        said += (Message("importing.degrees-assumed", option=f"{question.option}EPSG:4756"),)
    limits = (settings.max_route_bytes, settings.max_route_vertices)
    read = submitted_sites(
        data,
        *limits,
        question=question,
        seconds=settings.reader_seconds,
        name=called,
    )
    found = cut_everywhere(service, read)
    return Lookup(read.frame, found.rows, found.cities, (*said, *read.notes, *found.notes))
