"""Alembic's entry: runs the steps on the connection of `geo.records.database.migrate`, in its transaction."""

from __future__ import annotations

from alembic import context

from geo.records.database.migrations import VERSION_TABLE
from geo.records.kinds.registry import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
