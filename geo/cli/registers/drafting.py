"""What commands that change registers share: the paper options, the draft, its publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.console import note, print_notes, say, word
from geo.cli.base.options import ACCOUNT, AccountOption, DayOption, NoteOption, OfficeOption
from geo.cli.common import FOUND, actor

if TYPE_CHECKING:
    from geo.importing.registers.changes import Papers
    from geo.records.entries import Actor
    from geo.records.kinds.spec import NewEntry
    from geo.records.plan_files import PlanFile
    from geo.records.store import Store

_OPTIONS = {
    "from_m": "--from", "to_m": "--to", "start": "--from", "finish": "--to", "accuracy_m": "--accuracy",
    "corridor_m": "--corridor", "handed_over": "--handed-over", "declared_wards": "--declared",
    "declared_text": "--declared", "name": "--name", "level": "--level", "group": "--group",
    "document": "--document", "office": "--office", "day": "--day", "note": "--note",
    "site_id": "SITE_ID", "ward_code": "CODE|NAME", "wards": "CODE|NAME",
}  # fmt: skip
"""Field of an entry → the option or argument by which these commands take it."""
DocumentOption = Annotated[str, typer.Option("--document")]
PublishOption = Annotated[bool, typer.Option("--publish")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOptions:
    """By which document a change comes into force, since when, who writes it, and whether it is published at once."""

    document: DocumentOption
    office: OfficeOption
    day: DayOption = None
    note: NoteOption = ""
    account: AccountOption = ACCOUNT
    publish: PublishOption = False


def ward_labels() -> dict[str, str]:
    """Code of each ward → its name and code, as people read it."""
    from geo.reference.wards import load_wards

    wards = load_wards()
    return {code: f"{name} ({code})" for code, name in zip(wards["code"], wards["full_name"], strict=True)}


def titled(key: str, **parameters: Any) -> str:
    """The title of a draft: in Vietnamese, as the registers are, whichever language the command speaks."""
    from geo.i18n.message import Message

    return Message(f"cli.draft.{key}", **parameters).text("vi")


def papers(store: Store, options: PaperOptions) -> Papers:
    """The papers of a change; since today where no day is given."""
    from geo.importing.registers.changes import Papers

    day = store.today if options.day is None else options.day.date()
    return Papers(day, options.document, options.office, options.note)


def draft(
    store: Store, city: str, title: str, entries: Sequence[NewEntry], options: PaperOptions, note: str = ""
) -> None:
    """Record a draft of these entries and say so, with what there is to look at; publish it where that is asked for.

    Where there is something to look at it is not published, and the command ends with code 1.
    """
    writer = actor(options.account, options.office)
    with _options_named():
        number = saved(store, city, title, entries, papers(store, options), writer, note=note)
    seen(store, number, options.account, options.office, publish=options.publish)


@contextmanager
def _options_named() -> Iterator[None]:
    """Faults of entries by the options that were typed, which the entries call otherwise."""
    from geo.errors import DiabanError

    try:
        yield
    except DiabanError as error:
        error.problems = tuple(
            one.at(_OPTIONS[one.place]) if isinstance(one.place, str) and one.place in _OPTIONS else one
            for one in error.problems
        )
        raise


def seen(store: Store, number: int, account: str, office: str, *, publish: bool) -> None:
    """Say what there is to look at of a draft. Where somebody has to, the command ends with code 1; else the draft is
    published if that is asked for."""
    open_points = looked_at(store, number)
    if publish and not open_points:
        published(store, number, account, office)
    if open_points:
        note("draft.look", count=open_points, number=str(number))
        raise typer.Exit(FOUND)


def looked_at(store: Store, number: int) -> int:
    """Say what there is to look at of a draft before it is published, on the error stream; of how many points somebody
    has to."""
    from geo.records.publishing import draft_of
    from geo.situation.drafts.findings import findings

    found = findings(store, draft_of(store, number))
    print_notes(str(one.message) for one in found)
    return sum(one.look for one in found)


def saved(
    store: Store,
    city: str,
    title: str,
    entries: Sequence[NewEntry],
    paper: Papers,
    writer: Actor,
    file: PlanFile | None = None,
    note: str = "",
) -> int:
    """Record a draft of these entries and say so; its number."""
    from geo.importing.registers.changes import other_papers
    from geo.records.publishing import draft_of, new_draft, save_draft
    from geo.reference.cities import city as city_named

    said: dict[str, Any] = {"day": paper.day, "document": paper.document, "office": paper.office}
    number = save_draft(store, new_draft(store, city, title, entries, file=file, note=note, **said), writer).id
    made = draft_of(store, number)  # with the levels that its versions bring
    say(word("draft.saved", number=str(number), title=title, count=len(made.entries), city=city_named(city).name))
    for message in other_papers(made):
        print_notes([str(message)])
    return number


def published(store: Store, number: int, account: str, office: str) -> None:
    """Publish a draft and say so."""
    from geo import settings
    from geo.records.publishing import draft_of, publish

    publish(store, number, actor(account, office), by_two=bool(settings.TABLE["publish_by_two"].read()))
    found = draft_of(store, number)
    say(word("draft.published", number=str(number), title=found.title, day=found.day))
    for old, new in found.renumbered.items():
        say(word("draft.renumbered", old=old, new=new))
