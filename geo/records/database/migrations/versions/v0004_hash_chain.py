"""The hash chain over all append-only rows; it begins with the rows that are there."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from geo.records.database.hash_chain import begin_chain

revision = "0004"
down_revision = "0003"

_TABLES = (
    *("assessment", "review", "report", "verification", "coverage_entry", "phase_change", "flag_event"),
    *("city_plan", "site_version", "site_event", "responsibility", "programme_version", "register_draft"),
    *("publication", "report_summary", "audit"),
)
_CHAIN = "hash_chain"
_SALT_TAKEN = (
    "NEW.salt IS NULL AND OLD.salt IS NOT NULL AND NEW.number = OLD.number AND NEW.table_name = OLD.table_name "
    "AND NEW.row_id = OLD.row_id AND NEW.removed = OLD.removed AND NEW.digest = OLD.digest "
    "AND NEW.chained = OLD.chained AND EXISTS (SELECT 1 FROM retention_permit)"
)
"""The one change of a link: retention takes the salt of a row that it removes."""


def upgrade() -> None:
    """Make the step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _CHAIN,
        sa.Column("number", number, nullable=False, autoincrement=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", number, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chained", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_hash_chain"),
    )
    op.create_index("ix_hash_chain_row", _CHAIN, ["table_name", "row_id", "removed"], unique=True)
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chained", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_with", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chain_head"),
    )
    begin_chain(op.get_bind(), _TABLES, datetime.now(UTC))
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _guard_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {_CHAIN} takes new links, not changes'); END"
    op.execute(f"CREATE TRIGGER {_CHAIN}_no_update BEFORE UPDATE ON {_CHAIN} WHEN NOT ({_SALT_TAKEN}) {refuse}")
    op.execute(f"CREATE TRIGGER {_CHAIN}_no_delete BEFORE DELETE ON {_CHAIN} {refuse}")


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION diaban_keep_{_CHAIN}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_SALT_TAKEN} THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'append-only: % takes new links, not changes', TG_TABLE_NAME; END $$"
    )
    refuse = "EXECUTE FUNCTION diaban_append_only()"
    op.execute(
        f"CREATE TRIGGER {_CHAIN}_no_update BEFORE UPDATE ON {_CHAIN} FOR EACH ROW "
        f"EXECUTE FUNCTION diaban_keep_{_CHAIN}()"
    )
    op.execute(f"CREATE TRIGGER {_CHAIN}_no_truncate BEFORE TRUNCATE ON {_CHAIN} FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER {_CHAIN}_no_delete BEFORE DELETE ON {_CHAIN} FOR EACH ROW {refuse}")
