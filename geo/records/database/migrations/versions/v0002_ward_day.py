"""An index for the question asked most: the reports of some wards over some days."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the step."""
    op.create_index("ix_report_ward_day", "report", ["ward_code", "day"])


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")
