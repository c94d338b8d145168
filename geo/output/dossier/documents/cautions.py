"""What a reader has to know before anything else: a day that is still to come, or one before the plan."""

from __future__ import annotations

from collections.abc import Iterator

from geo.output.dossier.view import View


def cautions(seen: View) -> tuple[str, ...]:
    """Sentences on the day of a paper, none for an ordinary one."""
    return tuple(_cautions(seen))


def _cautions(seen: View) -> Iterator[str]:
    w, day, today = seen.words, seen.situation.day, seen.edition.today
    plan = seen.situation.programmes[0]
    if today is not None and day > today:
        yield w.text("caution_future", day=w.day(day), today=w.day(today))
    if day < plan.issued:
        yield w.text("caution_before_plan", day=w.day(day), document=plan.document, issued=w.day(plan.issued))
