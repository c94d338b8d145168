"""Provinces that the accounts of a city are bound to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the step."""
    op.add_column("account", sa.Column("provinces", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")
