"""From when places are observed, when sites were dealt with, and which reports are of one matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_PLACES = {"observation": "place", "measure": "site_id"}


def upgrade() -> None:
    """Make the step."""
    op.add_column("report", _number("same_as", nullable=True))
    for table, place in _PLACES.items():
        _entry(table, place)
        op.create_index(f"ix_{table}_{place.removesuffix('_id')}_day", table, [place, "day"])
        _guard(table)


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _entry(name: str, place: str) -> None:
    texts = ("recorded_by", "recorded_office", "note", place, "document", "office")
    op.create_table(
        name,
        _number("id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(text, sa.Text(), nullable=False) for text in texts),
        _number("corrects_id", nullable=True),
        _number("root_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("corrects_id", name=f"uq_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{name}.id"], name=f"fk_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["root_id"], [f"{name}.id"], name=f"fk_{name}_root_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_root_id", name, ["root_id"])


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
