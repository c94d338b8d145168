"""In which further list of a province a row was recorded; empty for the lists of the cities, and all rows so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = (
    *("assessment", "city_plan", "coverage_entry", "explanation", "flag_event", "measure", "observation"),
    *("phase_change", "programme_version", "publication", "register_draft", "report", "report_summary"),
    *("responsibility", "review", "site_event", "site_version", "verification", "withdrawal"),
)


def upgrade() -> None:
    """Make the step."""
    for table in _TABLES:
        op.add_column(table, sa.Column("list_key", sa.Text(), nullable=True))
        further = sa.text("list_key IS NOT NULL")  # most rows are of no further list, and found as before
        op.create_index(f"ix_{table}_list", table, ["list_key"], sqlite_where=further, postgresql_where=further)


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")
