"""The steps of a page to which a file of a table is brought: read without writing, decided on, read again, written.

The file goes to the browser and back between the steps, so that nothing lies on the server that was not recorded; each
step reads and checks it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, NamedTuple, Protocol, TypeVar

from fastapi import APIRouter, Depends, Response, UploadFile

from api.core.problems import ForbiddenError
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.base.problem_texts import problem_text
from api.web.base.table_uploads import (
    ACCEPTED,
    Sent,
    Several,
    Upload,
    field_choices,
    headings_of,
    mapped_of,
    received,
    sent_back,
    shown_summary,
)
from geo.errors import DataFileMissingError, DiabanError, InputError, Problem
from geo.importing.columns import Column, HeadingError
from geo.importing.tally import Decisions, Summary, Tally

_MOST_PROBLEMS = 200
_REFUSALS = (InputError, DataFileMissingError, ForbiddenError)
"""What is said on the page of the file: it may be corrected and sent again."""


class TableFile(Protocol):
    """What was read of a file."""

    @property
    def problems(self) -> tuple[Problem, ...]: ...
    @property
    def tally(self) -> Tally: ...
    def refuse(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a file: the upload, its summary, a preview, what is wrong with it, what to ask about.

    `headings`: with the fields that they name. `sheets`: among which to choose, that which was read first. `refused`:
    the status of the answer where there are problems.
    """

    upload: Upload | None = None
    summary: Summary | None = None
    preview: object = None
    problems: Sequence[Problem] = ()
    headings: tuple[object, ...] = ()
    sheets: tuple[str, ...] = ()
    refused: int = 422


F = TypeVar("F", bound=TableFile)


@dataclass(frozen=True, slots=True)
class TableImport(Generic[F]):
    """How a page imports files of one kind, below `path`; headings are remembered by `kind`.

    `read` gives what a file holds, `show` its summary and a preview, `write` records it and gives the query of the page
    that says so, `page` shows it. Files hold up to `most` bytes: encoded for the way back they grow by a third, which
    must stay below what the server takes.
    """

    path: str
    kind: str
    most: int
    columns: Sequence[Column]
    read: Callable[[PageContext, Upload], F]
    show: Callable[[PageContext, F], tuple[Summary, object]]
    write: Callable[[PageContext, Upload, F, Decisions], dict[str, object]]
    page: Callable[[PageContext, Shown], Response]

    def first_read(self, context: PageContext, file: UploadFile, crs: str, mapped: dict[str, str]) -> Response:
        """What a file would write, or everything that is wrong with it; nothing is written.

        `mapped`: what was said of the headings of the file before, which was refused.
        """
        try:
            upload = replace(received(file, self.most, crs), mapped=mapped)
        except InputError as error:
            return self.page(context, Shown(problems=error.problems))
        return self.shown(context, upload)

    def shown(self, context: PageContext, upload: Upload) -> Response:
        """What an upload would write, or everything that is wrong with it."""
        try:
            found = self.read(context, upload)
            summary, preview = self.show(context, found)
        except _REFUSALS as error:
            return self.page(context, _refused(upload, error))
        sheets = found.tally.sheets
        return self.page(context, Shown(upload, summary, preview, found.problems, sheets=sheets))

    def written(self, context: PageContext, upload: Upload, decided: Decisions) -> Response:
        """Write what is new in an upload, or nothing; what was said of its headings is remembered then."""
        try:
            found = self.read(context, upload)
            found.refuse()
            done = self.write(context, upload, found, decided)
        except _REFUSALS as error:
            return self.page(context, _refused(upload, error))
        upload.remember(context, self.kind)
        return context.see(self.path, **done)

    def arguments(self, context: PageContext, shown: Shown) -> dict[str, Any]:
        """What the templates of these pages have in common."""
        problems = [problem_text(problem, context.words.lang) for problem in shown.problems[:_MOST_PROBLEMS]]
        return {
            "status": shown.refused if shown.problems else 200,
            "name": shown.upload.name if shown.upload else "",
            "upload": shown.upload,
            "summary": shown_summary(context, shown.summary) if shown.summary else None,
            "preview": shown.preview,
            "problems": problems,
            "more": max(0, len(shown.problems) - len(problems)),
            "headings": shown.headings,
            "fields": field_choices(context, self.columns),
            "sheets": shown.sheets,
            "max_mb": self.most // 1_000_000,
            "accepted": ACCEPTED,
        }


def _refused(upload: Upload, error: DiabanError) -> Shown:
    headings = headings_of(error, upload) if isinstance(error, InputError) else ()
    sheets = error.sheets if isinstance(error, HeadingError) else ()
    status = 403 if isinstance(error, ForbiddenError) else 422
    return Shown(upload, problems=error.problems, headings=headings, sheets=sheets, refused=status)


class _Returned(NamedTuple):
    """The file as it comes back, with what the visitor said."""

    name: str
    content: str
    heading: list[str]
    field: list[str]
    sheet: str
    crs: str
    decided: Decisions

    def upload(self, most: int) -> Upload:
        return sent_back(self.name, self.content, self.heading, self.field, most, self.sheet, self.crs)


def _returned(
    name: Sent = "",
    content: Sent = "",
    heading: Several = [],  # noqa: B006  (FastAPI copies it)
    field: Several = [],  # noqa: B006
    sheet: Sent = "",
    crs: Sent = "",
    again: Sent = "",
    repeated: Sent = "",
    changes: Sent = "",
) -> _Returned:
    decided = Decisions(bool(again), bool(repeated), bool(changes))
    return _Returned(name, content, heading, field, sheet, crs, decided)


_ReturnedNeed = Annotated[_Returned, Depends(_returned)]


def import_routes(steps: TableImport[Any]) -> APIRouter:
    """The routes of the steps: the file comes, it is read again, it is written."""
    router = APIRouter(include_in_schema=False)

    @router.post(steps.path)
    def dry_run(
        context: PageContextNeed,
        file: UploadFile,
        crs: Sent = "",
        heading: Several = [],  # noqa: B006  (FastAPI copies it)
        field: Several = [],  # noqa: B006
    ) -> Response:
        return steps.first_read(context, file, crs, mapped_of(heading, field))

    @router.post(f"{steps.path}/check")
    def check(context: PageContextNeed, back: _ReturnedNeed) -> Response:
        return steps.shown(context, back.upload(steps.most))

    @router.post(f"{steps.path}/commit")
    def write(context: PageContextNeed, back: _ReturnedNeed) -> Response:
        return steps.written(context, back.upload(steps.most), back.decided)

    return router
