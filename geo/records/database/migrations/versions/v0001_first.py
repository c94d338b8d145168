"""The first schema: entries, audit, accounts, and the triggers that keep entries append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None

_ENTRIES = ("assessment", "review", "report", "verification", "coverage_entry", "phase_change", "flag_event")
_APPEND_ONLY = (*_ENTRIES, "audit", "report_summary")
# Reports may leave by retention only: while a permit stands (inside a purge), and only those before its day.
_PERMITTED = {
    "report": "EXISTS (SELECT 1 FROM retention_permit WHERE before_day > OLD.day)",
    "verification": "EXISTS (SELECT 1 FROM retention_permit)",
}


def upgrade() -> None:
    """Make the step."""
    _make_entries()
    _make_books()
    _make_accounts()
    op.execute("INSERT INTO data_version (id, counter) VALUES (1, 0)")
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """There is no way back: restore a backup."""
    raise NotImplementedError("a schema is never taken back")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _entry(name: str, *items: SchemaItem) -> None:
    op.create_table(
        name,
        _key("id"),
        _time("recorded_at"),
        _text("recorded_by"),
        _text("recorded_office"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("note"),
        _key("corrects_id", nullable=True),
        _key("root_id", nullable=True),
        *items,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("corrects_id", name=f"uq_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{name}.id"], name=f"fk_{name}_corrects_id"),
        sa.ForeignKeyConstraint(["root_id"], [f"{name}.id"], name=f"fk_{name}_root_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_root_id", name, ["root_id"])


def _make_entries() -> None:
    _entry("assessment", _text("site_id"), _text("level"), _text("document"), _text("office"))
    op.create_index("ix_assessment_site_day", "assessment", ["site_id", "day"])
    next_day = sa.Column("next_day", sa.Date(), nullable=True)
    _entry("review", _text("wards"), _text("sites"), _text("conclusion"), _text("document"), next_day)
    _make_reports()
    _entry(
        "coverage_entry",
        _text("ward_code", nullable=True),
        *map(_text, ("programme", "indicator", "period", "document", "office")),
        sa.Column("value", sa.Double(), nullable=False),
    )
    op.create_index("ix_coverage_entry_key", "coverage_entry", ["programme", "period", "indicator"])
    _entry("phase_change", _text("ward_code"), _text("phase"), _text("document"))
    op.create_index("ix_phase_change_ward_day", "phase_change", ["ward_code", "day"])
    _entry("flag_event", _text("flag_id"), _text("event"))
    op.create_index("ix_flag_event_flag", "flag_event", ["flag_id"])


def _make_reports() -> None:
    place: list[SchemaItem] = [sa.Column(name, sa.Double(), nullable=True) for name in ("lon", "lat", "chainage_m")]
    _entry(
        "report",
        *map(_text, ("kind", "channel")),
        *place,
        _text("site_id", nullable=True),
        _text("ward_code", nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(lon IS NULL) = (lat IS NULL) AND (lon IS NULL) <> (site_id IS NULL)", name="ck_report_one_place"
        ),
        sa.CheckConstraint("chainage_m IS NULL OR site_id IS NOT NULL", name="ck_report_chainage_of_site"),
    )
    op.create_index("ix_report_day", "report", ["day"])
    op.create_index("ix_report_site_day", "report", ["site_id", "day"])
    report = sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_verification_report_id")
    _entry("verification", _key("report_id"), _text("outcome"), _text("document"), report)
    op.create_index("ix_verification_report_id", "verification", ["report_id"])


def _make_books() -> None:
    op.create_table(
        "audit",
        _key("id"),
        _time("at"),
        *map(_text, ("who", "office", "origin", "action", "subject", "detail")),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "report_summary",
        _key("id"),
        _time("recorded_at"),
        sa.Column("month", sa.Date(), nullable=False),
        _text("ward_code", nullable=True),
        _text("site_id", nullable=True),
        _text("kind"),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_summary"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "retention_permit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("before_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_permit"),
    )
    op.create_table(
        "data_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        _time("recorded_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_data_version"),
    )


def _make_accounts() -> None:
    op.create_table(
        "account",
        *map(_text, ("username", "password_hash", "role", "wards", "office")),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        _time("locked_until", nullable=True),
        _time("created_at"),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("username", name="pk_account"),
    )
    op.create_table(
        "api_token",
        _key("id"),
        *map(_text, ("digest", "username", "label")),
        _time("created_at"),
        _time("expires_at", nullable=True),
        _time("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name="fk_api_token_username"),
    )
    op.create_index("ix_api_token_username", "api_token", ["username"])
    op.create_table(
        "login_session",
        *map(_text, ("digest", "username")),
        _time("created_at"),
        _time("expires_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_login_session"),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name="fk_login_session_username"),
    )
    op.create_index("ix_login_session_username", "login_session", ["username"])
    op.create_index("ix_login_session_expires_at", "login_session", ["expires_at"])


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} takes corrections, not changes'); END"
        permitted = f"WHEN NOT {_PERMITTED[table]}" if table in _PERMITTED else ""
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {permitted} {refuse}")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION diaban_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'append-only: % takes corrections, not changes', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        # A trigger's WHEN can't hold a subquery, so the permit is asked for in a function of the table's own.
        refuse = "EXECUTE FUNCTION diaban_append_only()"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
        if table not in _PERMITTED:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
            continue
        op.execute(
            f"CREATE FUNCTION diaban_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_PERMITTED[table]} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'append-only: % takes corrections, not changes', TG_TABLE_NAME; END $$"
        )
        keep = f"EXECUTE FUNCTION diaban_keep_{table}()"
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {keep}")
