"""Files of tables that visitors bring: they go to the browser and back between the steps, and are stored nowhere.

Each step reads the file anew: what it holds, then with what the visitor says of its headings, then to write it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Form, UploadFile

from api.core.problems import QueryError, TooLargeError
from api.web.base.page_context import PageContext
from geo.errors import InputError, Problem
from geo.files import scratch
from geo.i18n.message import Message
from geo.importing.columns import LEFT_OUT, Column, HeadingError
from geo.importing.mappings import remember, with_remembered
from geo.importing.tables.open import ENDINGS
from geo.importing.tally import Summary

ACCEPTED = ",".join(ENDINGS)
"""The endings of files that a form takes."""
_LONGEST_NAME = 120

Sent = Annotated[str, Form()]
Several = Annotated[list[str], Form(max_length=100)]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a visitor brought: `name` and `data`, what they said of headings, sheet and coordinate system."""

    name: str
    data: bytes
    mapped: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    crs: str = ""

    @property
    def content(self) -> str:
        """The file for the way to the browser and back."""
        return urlsafe_b64encode(self.data).decode("ascii")

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The file on disk under its own name, as long as it is read."""
        with scratch() as folder:
            path = folder / re.sub(r"[^\w. -]", "_", self.name)[-100:]
            path.write_bytes(self.data)
            yield path

    def headings(self, context: PageContext, kind: str) -> dict[str, str]:
        """What is known of its headings: said now, or remembered of the visitor's office."""
        return with_remembered(context.service.store, kind, context.identity.office, self.mapped)

    def remember(self, context: PageContext, kind: str) -> None:
        """Remember what was said of its headings, once it is recorded."""
        remember(context.service.store, kind, context.identity.actor, self.mapped)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a file, with the field that it was taken for ('' for none)."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """A summary in the language of the page."""

    counts: tuple[str, ...]
    passed: tuple[str, ...]
    notices: tuple[str, ...]


def received(file: UploadFile, most: int, crs: str = "") -> Upload:
    """The file of a form, with the system of its coordinates where that is said; errors as `checked`."""
    name, data = Path(file.filename or "").name[:_LONGEST_NAME], file.file.read(most + 1)
    return checked(Upload(name, data, crs=crs[:_LONGEST_NAME]), most)


def sent_back(
    name: str, content: str, heading: Sequence[str], fields: Sequence[str], most: int, sheet: str = "", crs: str = ""
) -> Upload:
    """The file that comes back from a page, with what was said of headings, sheet and system; errors as `checked`."""
    try:
        data = urlsafe_b64decode(content.encode("ascii"))
    except (Base64Error, UnicodeEncodeError, ValueError):
        raise QueryError(Problem("importing.damaged-content", "content")) from None
    mapped = mapped_of(heading, fields)
    return checked(
        Upload(Path(name).name[:_LONGEST_NAME], data, mapped, sheet[:_LONGEST_NAME], crs[:_LONGEST_NAME]), most
    )


def mapped_of(headings: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """What a form says of headings: heading → field."""
    return {text[:200]: chosen[:40] for text, chosen in zip(headings, fields, strict=False) if chosen}


def checked(upload: Upload, most: int) -> Upload:
    """The upload, if it may be read.

    Raises
    ------
    TooLargeError
        It holds more than so many bytes.
    InputError
        No file was chosen.
    """
    if len(upload.data) > most:
        raise TooLargeError(Problem("importing.too-large", upload.name, megabytes=most // 1_000_000))
    if not upload.name:
        raise InputError(Problem("importing.no-file", "file"))
    return upload


def shown_summary(context: PageContext, found: Summary) -> ShownSummary:
    """A summary as the page shows it."""

    def lines(messages: Sequence[Message]) -> tuple[str, ...]:
        return tuple(message.text(context.words.lang) for message in messages)

    return ShownSummary(lines(found.counts), lines(found.passed), lines(found.notices))


def headings_of(error: InputError, upload: Upload) -> tuple[Heading, ...]:
    """The headings to ask the visitor about, where they are what is wrong with the file."""
    if not isinstance(error, HeadingError):
        return ()
    return tuple(Heading(text, upload.mapped.get(text, known)) for text, known in error.headings)


def field_choices(context: PageContext, columns: Sequence[Column]) -> list[tuple[str, str]]:
    """The fields that a heading may be said to name, and to leave its column out."""
    return [
        *((column.field, column.headings[0]) for column in columns),
        (LEFT_OUT, context.words.text("upload.leave_out")),
    ]
