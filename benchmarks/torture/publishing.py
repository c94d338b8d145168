"""Publishing is killed: a draft of registers is in force with all of its entries, or with none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.torture.killed import Left, Say
from benchmarks.torture.scenarios import ACTOR, OnDatabase, unsound
from geo.records.database.chain_check import check_chain
from geo.records.database.engine import reading
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.open import opened_store
from geo.records.publishing import new_draft, publish, save_draft

DAY = date(2026, 6, 1)
SAID: dict[str, Any] = {"day": DAY, "document": "15/KH-UBND", "office": "UBND thành phố"}
SITE = {"name": "Đường Giải Phóng", "group": "public", "level": "low"}
LINE = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
SITES = 8


class Publishing(OnDatabase):
    """Drafts of eight new sites, one of which is cleared at once, and a ward's phase: ten entries in one step each."""

    what = "publishing of registers"
    pieces = 12

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        with opened_store(self.url):
            pass

    def work(self, say: Say) -> None:
        with opened_store(self.url) as store:
            while True:
                step = len(store.rows("register_draft", ("id",)))
                ids = [f"HN-X-{step}-{part}" for part in range(SITES)]
                entries = [NewSiteVersion(site_id=one, geometry=LINE, **SITE, **SAID) for one in ids]  # type: ignore[arg-type]
                gone = NewSiteEvent(site_id=ids[0], event="cleared", **SAID)
                phase = NewPhaseChange(ward_code="00004", phase="pilot", day=DAY, document=f"{step}/KH-UBND")
                draft = new_draft(store, "hanoi", f"bản nháp {step}", [*entries, gone, phase], **SAID)
                number = save_draft(store, draft, ACTOR).id
                publish(store, number, ACTOR)
                say(str(step))

    def look(self, said: list[str]) -> Left:
        """Each publication has all ten entries, and no entry is there without one."""
        self.settle()
        with opened_store(self.url) as store:
            with reading(store._engine) as connection:
                chain = check_chain(connection)
            published = len(store.rows("publication", ("id",)))
            versions = [site for (site,) in store.rows("site_version", ("site_id",)) if "-X-" in site]
            events = len(store.rows("site_event", ("id",)))
            ours = [code for code, by in store.rows("phase_change", ("ward_code", "recorded_by")) if by == ACTOR.who]
            whole = len(versions) == SITES * published and events == len(ours) == published
            there = {site.split("-")[2] for site in versions}
            broken = chain is not None and bool(chain.faults)
            return Left(lost=len(set(said) - there), half=int(not whole or broken) + unsound(store))
