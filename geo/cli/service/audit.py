"""`diaban audit`: who did what to the records and accounts, who signed in, who took something away."""

from __future__ import annotations

from typing import Annotated

import typer

from geo.cli.base.console import out, table, written
from geo.cli.common import explained, opened


def audit(
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000)] = 100,
    subject: Annotated[str | None, typer.Option("--subject")] = None,
    action: Annotated[str | None, typer.Option("--action")] = None,
    csv: Annotated[bool, typer.Option("--csv")] = False,
) -> None:
    """Show the audit log, the latest line first."""
    import sys

    from geo.output.shared.crossing_rows import inert_texts

    with explained(), opened() as store:
        frame = store.audit(limit, subject=subject, action=action)
        if csv:
            sys.stdout.write(inert_texts(frame).to_csv(index=False, lineterminator="\n"))
            return
        drawn = table("", "day", "account", "office", "origin", "action", "subject", "note")
        for row in frame.to_dict("records"):
            texts = (str(row[name]) for name in ("who", "office", "origin", "action", "subject", "detail"))
            drawn.add_row(written().moment(row["at"]), *texts)
        out().print(drawn, markup=False)
