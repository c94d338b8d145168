"""The registers become records: plans, versions and events of sites, programmes, responsibility, drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0003"
down_revision = "0002"

_TABLES = (
    "city_plan",
    "site_version",
    "site_event",
    "responsibility",
    "programme_version",
    "register_draft",
    "publication",
)


def upgrade() -> None:
    """Make the step."""
    _make_sites()
    _entry(
        "city_plan",
        *map(_text, ("city", "number", "title", "file_digest", "document", "office")),
        *map(_number, ("first_year", "last_year")),
    )
    _entry("programme_version", *map(_text, ("programme", "city", "content", "document", "office")))
    _entry("register_draft", *map(_text, ("city", "title", "content", "base", "document", "office")))
    draft = sa.ForeignKeyConstraint(["draft_id"], ["register_draft.id"], name="fk_publication_draft_id")
    _entry("publication", _number("draft_id"), _number("entries"), draft)
    op.create_index("ix_city_plan_city_day", "city_plan", ["city", "day"])
    op.create_index("ix_programme_version_programme_day", "programme_version", ["programme", "day"])
    op.create_index("ix_publication_draft", "publication", ["draft_id"])
    _guard()


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _make_sites() -> None:
    words = ("start", "finish", "declared_wards", "declared_text", "geometry", "geometry_source", "plan")
    _entry(
        "site_version",
        *map(_text, ("site_id", "name", "group", "level", *words, "document", "office")),
        _number("handed_over", nullable=True),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("accuracy_m", "corridor_m")),
    )
    _entry("site_event", *map(_text, ("site_id", "event", "others", "document", "office")))
    _entry(
        "responsibility",
        *map(_text, ("site_id", "wards", "document", "office")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("from_m", "to_m")),
    )
    for table in ("site_version", "site_event", "responsibility"):
        op.create_index(f"ix_{table}_site_day", table, ["site_id", "day"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _entry(name: str, *items: SchemaItem) -> None:
    op.create_table(
        name,
        _number("id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _text("recorded_by"),
        _text("recorded_office"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("note"),
        _number("corrects_id", nullable=True),
        _number("root_id", nullable=True),
        *items,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("corrects_id", name=f"uq_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{name}.id"], name=f"fk_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["root_id"], [f"{name}.id"], name=f"fk_{name}_root_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_root_id", name, ["root_id"])


def _guard() -> None:
    """Append-only, as the tables of the first step."""
    is_file = op.get_bind().dialect.name == "sqlite"
    for table in _TABLES:
        if is_file:
            refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} takes corrections, not changes'); END"
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            continue
        refuse = "EXECUTE FUNCTION diaban_append_only()"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
