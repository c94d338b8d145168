"""What was published or recorded and taken back, by which document, and whether because it names a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TABLE = "withdrawal"


def upgrade() -> None:
    """Make the step."""
    texts = ("recorded_by", "recorded_office", "note", "kind", "subject", "document", "office")
    op.create_table(
        _TABLE,
        _number("id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(text, sa.Text(), nullable=False) for text in texts),
        _number("row"),
        sa.Column("names_person", sa.Boolean(), nullable=False),
        _number("corrects_id", nullable=True),
        _number("root_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("corrects_id", name=f"uq_{_TABLE}_corrects_id"),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{_TABLE}.id"], name=f"fk_{_TABLE}_corrects_id"),
        sa.ForeignKeyConstraint(["root_id"], [f"{_TABLE}.id"], name=f"fk_{_TABLE}_root_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{_TABLE}_root_id", _TABLE, ["root_id"])
    op.create_index(f"ix_{_TABLE}_row", _TABLE, ["kind", "row"])
    _guard()


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _guard() -> None:
    """Append-only, as the tables of the first step."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {_TABLE} takes corrections, not changes'); END"
        op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE ON {_TABLE} {refuse}")
        op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
        return
    refuse = "EXECUTE FUNCTION diaban_append_only()"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE ON {_TABLE} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_truncate BEFORE TRUNCATE ON {_TABLE} FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} FOR EACH ROW {refuse}")
