"""The tasks of whoever asks."""

from __future__ import annotations

from datetime import date

from api.core.service import Service
from api.resources.visibility import visible
from api.security.identity import Identity
from geo.output.tasks import Task, tasks_of
from geo.situation import Situation
from geo.visibility import Role, Viewer


def own_tasks(service: Service, situation: Situation, identity: Identity, day: date | None = None) -> tuple[Task, ...]:
    """The tasks of an account by the records of a situation, on a day (today if none is given)."""
    return _tasks(service, visible(service, situation, identity), identity.viewer, day)


def ward_tasks(
    service: Service, situation: Situation, identity: Identity, code: str, day: date | None = None
) -> tuple[Task, ...]:
    """The tasks of one ward, as its own office has them; none for an account that may not see the ward's records."""
    if not identity.viewer.sees_ward(code):
        return ()
    return _tasks(service, visible(service, situation, identity), Viewer(Role.WARD, frozenset((code,))), day)


def _tasks(service: Service, shown: Situation, viewer: Viewer, day: date | None) -> tuple[Task, ...]:
    store = service.store
    entries, explanations = store.coverage(shown.day), store.explanations(shown.day)
    return tasks_of(shown, viewer, entries, explanations, day or service.today)
