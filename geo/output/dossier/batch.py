"""Dossiers of many sites at once, over the cores of the machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from geo.files import write_atomic
from geo.output.decree.file_names import file_name
from geo.output.dossier.edition import Edition
from geo.output.dossier.formats import checked, site_files
from geo.output.dossier.view import View, view
from geo.visibility import public

if TYPE_CHECKING:
    from geo.situation import Situation

_WORTH = 12
"""So many dossiers are made in the time that a further process takes to start (5 s of imports against 0.4 s a site)."""


def write_dossiers(
    situation: Situation,
    site_ids: Sequence[str],
    formats: Sequence[str],
    folder: Path,
    edition: Edition,
    workers: int | None = None,
) -> Iterator[tuple[str, tuple[Path, ...]]]:
    """Write the dossiers into `folder` (`HN-I-1_2026-11-29_noi-bo.pdf`, see `file_name`); report each as it is done.

    `workers` processes; if None, as many as there are cores and as are worth their start, which is one for a city of
    12 sites. A worker is given a situation that is already filtered.

    Raises
    ------
    UnknownSiteError, InputError
        Before anything is written: a site or format is not known. Lazy: a template is broken, a file can't be written.
    """
    wanted = checked(formats)
    shown = public(situation) if edition.audience == "public" else situation
    seen = view(shown, edition)
    for site_id in site_ids:
        seen.site(site_id)
    count = min(workers, len(site_ids)) if workers else min(os.cpu_count() or 1, len(site_ids) // _WORTH)
    if count < 2:
        for site_id in site_ids:
            yield site_id, _write(seen, site_id, wanted, folder)
        return
    # Spawned, not forked: a forked child of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _begin, (shown, edition)) as pool:
        tasks = {pool.submit(_task, site_id, wanted, folder): site_id for site_id in site_ids}
        for task in as_completed(tasks):
            yield tasks[task], task.result()


_views: list[View] = []


def _begin(situation: Situation, edition: Edition) -> None:
    _views[:] = [view(situation, edition)]


def _task(site_id: str, formats: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    return _write(_views[0], site_id, formats, folder)


def _write(seen: View, site_id: str, formats: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    made = site_files(seen, site_id, formats)
    return tuple(write_atomic(folder / _name(seen, site_id, kind), data) for kind, data in made.items())


def _name(seen: View, site_id: str, kind: str) -> str:
    edition = seen.edition
    return file_name(site_id, seen.situation.day, edition.audience, kind, edition.lang)
