"""Who handles a flag until when and what came of it; explanations; views and last looks of accounts; jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the step."""
    op.add_column("flag_event", sa.Column("handled_by", sa.Text(), nullable=True))
    op.add_column("flag_event", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("flag_event", sa.Column("result", sa.Text(), nullable=True))
    _explanation()
    op.create_table(
        "saved_view",
        *map(_text, ("account", "page", "name", "query")),
        sa.PrimaryKeyConstraint("account", "page", "name", name="pk_saved_view"),
    )
    op.create_table(
        "last_look",
        *map(_text, ("account", "page")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "page", name="pk_last_look"),
    )
    op.create_table(
        "job",
        *map(_text, ("name", "done_for")),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job"),
    )


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _explanation() -> None:
    name = "explanation"
    op.create_table(
        name,
        _number("id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        *map(_text, ("recorded_by", "recorded_office", "note", "ward_code", "programme", "period", "step", "document")),
        _number("corrects_id", nullable=True),
        _number("root_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("corrects_id", name=f"uq_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{name}.id"], name=f"fk_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["root_id"], [f"{name}.id"], name=f"fk_{name}_root_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_root_id", name, ["root_id"])
    op.create_index(f"ix_{name}_ward_day", name, ["ward_code", "day"])
    _guard(name)


def _guard(table: str) -> None:
    """Append-only, as the tables of the first step."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} takes corrections, not changes'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        return
    refuse = "EXECUTE FUNCTION diaban_append_only()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
