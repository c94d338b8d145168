"""The page of any record: what it says, who recorded it, what became of it; its correction and its withdrawal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi import Path as PathParameter

from api.core.problems import ForbiddenError
from api.security.object_permissions import ServiceDuties, is_own, require_own, require_own_row
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.base.problem_texts import problem_text
from api.web.reporting.record_fields import Typed, entry_of, form_fields, value_shown
from geo.errors import DiabanError, Problem
from geo.i18n.message import shown
from geo.output.audit_words import account_text
from geo.records.kinds.registry import kinds
from geo.records.kinds.spec import KindSpec
from geo.records.model.actor import PLAN
from geo.records.model.errors import UnknownRowError

router = APIRouter(include_in_schema=False)

Collection = Annotated[str, PathParameter(max_length=60)]
Number = Annotated[int, PathParameter(ge=1, le=2**62)]
Record = Mapping[Any, Any]
_SAID = frozenset(("document", "office", "note", "handled_by", "ward_code", "wards", "site_id", "sites", "place"))
"""What people wrote, and names."""


@dataclass(frozen=True, slots=True)
class Version:
    """A row of the chain of a record: what it says, who recorded it when; `state` '' where it holds.

    `facts`: heading, words, and whether they are Vietnamese whatever the page's language.
    """

    number: int
    facts: tuple[tuple[str, str, bool], ...]
    recorded: str
    state: str


async def _posted(request: Request) -> dict[str, list[str]]:
    """The texts of a form, by field; files are none."""
    form = await request.form()
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value[:4000])
    return fields


@router.get("/records/{collection}/{row_id}")
def record(context: PageContextNeed, collection: Collection, row_id: Number, saved: str = "") -> Response:
    """A record with all that was recorded of it."""
    return _page(context, _spec(collection), row_id, saved=bool(saved))


@router.post("/records/{collection}/{row_id}/correction")
def correct(
    context: PageContextNeed,
    collection: Collection,
    row_id: Number,
    fields: Annotated[dict[str, list[str]], Depends(_posted)],
) -> Response:
    """Record what is right; the page again, with the reasons, where it is refused."""
    spec = _spec(collection)
    _readable(context, spec, row_id)
    try:
        entry = entry_of(context, spec, fields)
        require_own(context.service, context.identity, entry, row_id)
        done = context.service.store.add(entry, context.identity.actor, corrects=row_id)
    except DiabanError as error:
        return _page(context, spec, row_id, form=refused(context, error, {}), fields=fields)
    return context.see(f"/records/{collection}/{done.id}", saved=1)


@router.post("/records/{collection}/{row_id}/withdrawal")
def withdraw(
    context: PageContextNeed,
    collection: Collection,
    row_id: Number,
    reason: Annotated[str, Form(max_length=1200)] = "",
    names_person: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Take a record back, with the reason; the page again where it is refused."""
    spec = _spec(collection)
    _readable(context, spec, row_id)
    try:
        require_own_row(context.service, context.identity, spec.name, row_id, reason=reason)
        said: dict[str, Any] = {"reason": reason, "names_person": bool(names_person)}
        context.service.store.withdraw(spec.name, row_id, context.identity.actor, **said)
    except DiabanError as error:
        values = {"reason": reason, "names_person": names_person}
        return _page(context, spec, row_id, form=refused(context, error, values), withdrawing=True)
    return context.see(f"/records/{collection}/{row_id}", saved=1)


def _spec(collection: str) -> KindSpec:
    found = next((spec for spec in kinds() if spec.path == collection), None)
    if found is None:
        raise UnknownRowError("record", collection)
    return found


def _readable(context: PageContext, spec: KindSpec, row_id: int) -> tuple[Record, ...]:
    """The chain of corrections that a row belongs to, the first row first; a row that is hidden is unknown."""
    store = context.service.store
    rows = store.history(spec.name, id=row_id).to_dict("records")
    if not rows or not _concerns(context, spec, rows[0]):
        raise UnknownRowError(spec.shown, str(row_id))
    root = rows[0]["root_id"]
    first = row_id if root is None or root != root else int(root)
    chain = [
        *store.history(spec.name, id=first).to_dict("records"),
        *store.history(spec.name, root_id=first).to_dict("records"),
    ]
    return tuple(sorted(chain, key=lambda row: int(row["id"])))


def _concerns(context: PageContext, spec: KindSpec, row: Record) -> bool:
    """Whether a record is open to the visitor with all its fields: to a ward, what is about one of its own."""
    if context.identity.viewer.sees_all:
        return True
    return is_own(context.service, context.identity, row, spec.concerns(row, ServiceDuties(context.service)).wards)


def _page(
    context: PageContext,
    spec: KindSpec,
    row_id: int,
    *,
    form: Filled | None = None,
    fields: Typed | None = None,
    withdrawing: bool = False,
    saved: bool = False,
) -> Response:
    chain = _readable(context, spec, row_id)
    last = chain[-1]
    form = form or Filled()
    values = {name: ", ".join(texts) for name, texts in fields.items()} if fields else last
    of_plan = last["recorded_by"] == PLAN
    may_write = not last["withdrawn"] and not of_plan and _may_write(context, spec, int(last["id"]))
    return context.page(
        "record.html",
        status=422 if form.problems else 200,
        kind=shown(spec.shown, context.words.lang),
        collection=spec.path,
        number=int(last["id"]),
        versions=[_version(context, spec, row, chain) for row in reversed(chain)],
        fields=form_fields(context, spec, values),
        open=may_write,
        closed_to="" if may_write or last["withdrawn"] or of_plan else last["recorded_office"],
        of_plan=problem_text(_by_draft_only(spec, last), context.words.lang) if of_plan else None,
        form=form,
        withdrawing=withdrawing,
        saved=saved,
    )


def _by_draft_only(spec: KindSpec, row: Record) -> Problem:
    """That what the first plans brought into force is changed by a draft alone, as the write itself would say."""
    return Problem("records.by-draft-only", kind=spec.shown, row=str(row["id"]))


def _may_write(context: PageContext, spec: KindSpec, row_id: int) -> bool:
    try:
        require_own_row(context.service, context.identity, spec.name, row_id)
    except ForbiddenError:
        return False
    return True


def _version(context: PageContext, spec: KindSpec, row: Record, chain: Sequence[Record]) -> Version:
    facts = [
        (shown(spec.heading(name), context.words.lang), value_shown(context, spec, name, row), name in _SAID)
        for name in spec.listing
    ]
    state = "withdrawn" if row["withdrawn"] else "corrected" if row is not chain[-1] else ""
    who = account_text(row["recorded_by"], context.words.lang)
    moment = context.words.moment(row["recorded_at"])
    office = context.words.text("record.by", moment=moment, office=row["recorded_office"], account=who)
    return Version(int(row["id"]), tuple(fact for fact in facts if fact[1]), office, state)
