"""Schema steps, applied by `geo.records.database.migrate`; `HEAD` is the newest. There is no way back down."""

from __future__ import annotations

HEAD = "0010"
VERSION_TABLE = "diaban_schema"
