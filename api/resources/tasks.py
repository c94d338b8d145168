"""The tasks of whoever asks."""

from __future__ import annotations

from datetime import date

from api.core.service import Service
from api.resources.visibility import visible
from api.security.identity import Identity
from geo.output.tasks import Task, tasks_of
from geo.situation import Situation


def own_tasks(service: Service, situation: Situation, identity: Identity, day: date | None = None) -> tuple[Task, ...]:
    """The tasks of an account by the records of a situation, on a day (today if none is given)."""
    shown, store = visible(service, situation, identity), service.store
    entries, explanations = store.coverage(situation.day), store.explanations(situation.day)
    return tasks_of(shown, identity.viewer, entries, explanations, day or service.today)
