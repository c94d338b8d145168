"""The secret by which is drawn what is suppressed in public figures: made once, stored with the records."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from geo.records.database.engine import reading, writing
from geo.records.ledger.write_transaction import write_audit
from geo.records.model.actor import Actor
from geo.records.model.tables import Audit

SEED = "disclosure.seed"
"""The action of the audit line that holds it; no list of lines has that one."""


def seed_of_list(seed: bytes, key: str) -> bytes:
    """The seed of one list: what is drawn in one says nothing of another."""
    return hashlib.blake2b(key.encode(), key=seed, digest_size=32).digest() if key else seed


def disclosure_seed(engine: Engine, now: datetime) -> bytes:
    """The seed of these records; a first one is written where there is none, which changes no data version."""
    with reading(engine) as connection:
        known = _read(connection)
    if known is None:
        with writing(engine) as connection:
            known = _read(connection)
            if known is None:
                known = secrets.token_hex(32)
                actor = Actor("diaban", "diaban", "records")
                write_audit(connection, now, actor, action=SEED, subject="public figures", detail=known)
    return bytes.fromhex(known)


def _read(connection: Connection) -> str | None:
    """The oldest line counts, whichever processes wrote one at the same time."""
    query = select(Audit.detail).where(Audit.action == SEED).order_by(Audit.id).limit(1)
    return connection.execute(query).scalar()
