"""Audit lines in syslog: as RFC 5424 says, after the commit, with their link; no request waits for a receiver."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from record_samples import ACTOR, Clock

from geo.errors import InputError
from geo.records.database import audit_shipping
from geo.records.database.audit_shipping import Shipper
from geo.records.database.engine import reading
from geo.records.store import Store, open_store

LINE = re.compile(
    rb"<109>1 2026-03-10T02:00:00\.000000Z \S+ diaban \d+ audit "
    rb'\[diaban@32473 ((?:\w+="(?:[^"\\\]]|\\.)*" ?)+)\] \xef\xbb\xbf(.*)'
)
HANGS_S = 300
"""Only a test that would wait for ever waits so long."""


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of syslog that hold for this test alone."""
    audit_shipping._shipper.cache_clear()
    yield monkeypatch
    audit_shipping._shipper.cache_clear()


def opened(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'records.sqlite'}", now=Clock())


def drain() -> None:
    shipper = audit_shipping._shipper()
    assert shipper is not None
    shipper.drain(HANGS_S)


def test_a_line_goes_out_as_the_standard_says(shipped: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver, opened(tmp_path) as store:
        receiver.bind(str(tmp_path / "log"))
        receiver.settimeout(HANGS_S)
        shipped.setenv("DIABAN_SYSLOG", str(tmp_path / "log"))
        store.accounts.note(ACTOR, "report.view", 'a "quoted" \\ [subject]', "two\nlines của sở")
        found = LINE.fullmatch(receiver.recv(10_000))
        assert found is not None
        data = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[1].decode()))
        assert data["subject"] == r"a \"quoted\" \\ [subject\]"
        assert (data["who"], data["action"], found[2].decode()) == (
            ACTOR.who,
            "report.view",
            "report.view two lines của sở",
        )
        with reading(store._engine) as connection:
            head = connection.exec_driver_sql("SELECT number, chained FROM chain_head").one()
        assert (int(data["link"]), data["chained"]) == (head.number, head.chained.hex())


def test_what_is_undone_and_what_is_secret_is_not_sent(shipped: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, opened(tmp_path) as store:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(HANGS_S)
        shipped.setenv("DIABAN_SYSLOG", f"udp://127.0.0.1:{receiver.getsockname()[1]}")
        with pytest.raises(ZeroDivisionError), store.transaction() as write:
            write.audit(ACTOR, "undone", "nothing")
            raise ZeroDivisionError
        seed = store.disclosure_seed.hex()
        line = receiver.recv(10_000).decode()
        assert 'action="disclosure.seed"' in line
        assert seed not in line


def test_nobody_waits_for_a_receiver_that_is_not_there(shipped: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every write returns; when the receiver comes, it gets what fitted into the queue, and how many lines did not."""
    shipped.setattr(audit_shipping, "QUEUE", 5)
    shipped.setattr(audit_shipping, "_AGAIN_S", 0.02)
    with socket.socket() as late, opened(tmp_path) as store:
        late.bind(("127.0.0.1", 0))
        shipped.setenv("DIABAN_SYSLOG", f"tcp://127.0.0.1:{late.getsockname()[1]}")
        for number in range(20):
            store.accounts.note(ACTOR, "audit.view", f"number-{number}")
        late.listen()
        late.settimeout(HANGS_S)
        stream, _ = late.accept()
        drain()
        with stream:
            stream.settimeout(HANGS_S)
            text = b""
            while b"not sent" not in text or text.count(b" audit [") < 5:
                received = stream.recv(1 << 16)
                assert received, text
                text += received
    sent = text.count(b" audit [")
    lost = re.search(rb'<108>1 \S+ \S+ diaban \d+ audit-lost \[diaban@32473 lost="(\d+)"\]', text)
    assert lost is not None
    assert sent + int(lost[1]) == 20
    assert text.endswith(b"\n")


def test_a_stream_that_was_closed_is_opened_again(shipped: pytest.MonkeyPatch) -> None:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(HANGS_S)
        shipper = Shipper(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        for number in range(2):
            shipper.put(audit_shipping.AuditLine(Clock()(), "a", "b", "c", f"number-{number}", "e", ""))
            stream, _ = server.accept()
            with stream:
                received.append(stream.recv(10_000))
    assert [re.findall(rb"number-\d", text)[0] for text in received] == [b"number-0", b"number-1"]


@pytest.mark.parametrize("address", ["host:514", "udp://", "udp://host:99999", "http://host"])
def test_an_address_that_names_no_receiver_is_refused(
    shipped: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    shipped.setenv("DIABAN_SYSLOG", address)
    with opened(tmp_path) as store, pytest.raises(InputError, match="names no receiver"):
        store.accounts.note(ACTOR, "audit.view", "x")
