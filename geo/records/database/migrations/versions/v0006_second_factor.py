"""A second factor of accounts, its recovery codes, and accounts that belong to a subject of a provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "second_factor",
        *map(_text, ("username", "secret")),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_second_factor"),
        _of_account("second_factor"),
    )
    op.create_table(
        "recovery_code",
        *map(_text, ("digest", "username")),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_recovery_code"),
        _of_account("recovery_code"),
    )
    op.create_index("ix_recovery_code_username", "recovery_code", ["username"])
    op.create_table(
        "provider_account",
        *map(_text, ("issuer", "subject", "username")),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_provider_account"),
        sa.UniqueConstraint("username", name="uq_provider_account_username"),
        _of_account("provider_account"),
    )


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["username"], ["account.username"], name=f"fk_{table}_username")
