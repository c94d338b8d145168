"""What the service does by itself: it records flags, and sends notices of what is due.

Every worker wakes from time to time; the one that gets the job in hand does it, for all workers and machines on one
database. `diaban risk daily` does the same from a timer.
"""

from __future__ import annotations

import logging
import time
from threading import Thread

from api.core.service import Service
from geo import settings
from geo.errors import DiabanError
from geo.output.tasks.daily import run_daily
from geo.records.model.actor import Actor

_log = logging.getLogger("diaban.background")


def recorder() -> Actor:
    """In whose name the service records what it finds."""
    return Actor("diaban", settings.text("office") or "diaban", "service")


def start(service: Service) -> None:
    """Run by itself in this process from now on, every `DIABAN_BACKGROUND_MINUTES`; not where that is 0."""
    pause = service.settings.background_minutes * 60
    if not pause:
        return

    def work() -> None:
        while True:
            time.sleep(pause)
            try:
                run_daily(service.records, recorder(), service.settings.public_url.rstrip("/"))
            except DiabanError as error:
                _log.warning("%s", error)
            except Exception:  # noqa: BLE001 - the next run may go well, and somebody reads the log
                _log.exception("what the service does by itself failed")

    Thread(target=work, name="diaban-background", daemon=True).start()
