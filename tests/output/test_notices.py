"""Notices: what is due goes out once, to a mail server and to a web server; who was notified of what is recorded."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import BinaryIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from geo.errors import InputError
from geo.output.tasks.daily import run_daily
from geo.output.tasks.notice_log import notices
from geo.output.tasks.notices import notify
from geo.output.tasks.recipients import Recipient, recipients
from geo.output.tasks.sending import Notice, NotSentError, send
from geo.records.entries import Actor, NewExplanation, NewReview
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

WHO, TODAY = Actor("diaban", "diaban", "service"), date(2026, 8, 10)
NOTE = "cạnh cổng sau nhà văn hóa"


class Mail(socketserver.StreamRequestHandler):
    """A mail server: takes what comes by SMTP (RFC 5321)."""

    def handle(self) -> None:
        """One conversation."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(b"".join(lines))  # type: ignore[attr-defined]
            if verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


class SealedMail(Mail):
    """The same by TLS: from the start, or once it is asked for (RFC 3207)."""

    def handle(self) -> None:
        """One conversation, of which only what comes by TLS is taken."""
        if self.server.offers == "starttls":  # type: ignore[attr-defined]
            self.wfile.write(b"220 here\r\n")
            self.rfile.readline()
            self.wfile.write(b"250-here\r\n250 STARTTLS\r\n")
            assert self.rfile.readline().upper() == b"STARTTLS\r\n"
            self.wfile.write(b"220 go on\r\n")
        try:
            sealed = self.server.seal.wrap_socket(self.request, server_side=True)  # type: ignore[attr-defined]
        except ssl.SSLError:
            return  # the client does not trust us
        with sealed, sealed.makefile("rb") as self.rfile, sealed.makefile("wb", buffering=0) as out:
            greeted = self.server.offers == "starttls"  # type: ignore[attr-defined]
            self.wfile = Unsaid(out) if greeted else out  # type: ignore[assignment]
            super().handle()


class Unsaid:
    """A stream that leaves out the first line."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.begun = stream, False

    def write(self, data: bytes) -> int:
        """Write all but the first line."""
        if self.begun:
            return self.stream.write(data)
        self.begun = True
        return len(data)

    def flush(self) -> None:
        """As the stream."""
        self.stream.flush()


def certificate(folder: Path) -> Path:
    """A certificate of this machine with its key in one file, good in every year of the tests."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1))  # noqa: DTZ001 (naive by the library's design)
        .not_valid_after(datetime(2100, 1, 1))  # noqa: DTZ001
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


class Hook(BaseHTTPRequestHandler):
    """A chat service: takes JSON."""

    def do_POST(self) -> None:
        """One notice."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def standing(server: socketserver.TCPServer) -> Iterator[socketserver.TCPServer]:
    """A server in a thread of its own."""
    server.taken, server.status = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:  # a test that fails ends, too
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Records with a review that is overdue and a half-year that nobody reported."""
    clock = lambda: datetime(2026, 8, 10, 3, tzinfo=UTC)  # noqa: E731
    with open_store(f"sqlite:///{tmp_path / 'r.sqlite'}", registers=load_register_lookup(), now=clock) as records:
        review = NewReview(
            day=date(2026, 3, 2), wards=("09832",), sites=("HN-I-1",), conclusion="watch", document="15/BB-RS",
            next_day=date(2026, 6, 2), note=NOTE,
        )  # fmt: skip
        records.add(review, WHO)
        yield records


def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *rows: str) -> None:
    """Set the recipients."""
    file = tmp_path / "recipients.toml"
    file.write_text("\n".join(f"[[recipients]]\n{row}" for row in rows), encoding="utf-8")
    monkeypatch.setenv("DIABAN_NOTICES", str(file))


def test_a_digest_by_mail_and_what_is_new_by_webhook_each_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        standing(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)) as mail,
        standing(HTTPServer(("127.0.0.1", 0), Hook)) as hook,
    ):
        monkeypatch.setenv("DIABAN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIABAN_SMTP_PORT", str(mail.server_address[1]))
        listed(
            tmp_path, monkeypatch,
            'name = "Sở Y tế"\ncity = "hanoi"\nemail = "so@example.org"',
            f'name = "UBND xã Hoài Đức"\ncity = "hanoi"\nwards = ["09832"]\nwhen = "at_once"\nwebhook = "http://127.0.0.1:{hook.server_address[1]}/"',
        )  # fmt: skip
        assert notify(store, TODAY, WHO, "https://diaban.example.org") == 2
        letter = message_from_bytes(mail.taken[0], policy=policy.default)  # type: ignore[attr-defined]
        text = letter.get_content()
        assert letter["To"] == "so@example.org"
        assert letter["Date"] and letter["Message-ID"]  # what mail servers ask of every letter (RFC 5322)
        assert text.startswith("Sở Y tế: việc cần làm tại Hà Nội, tính đến ngày 10/08/2026\n")
        assert "quá hạn" in letter["Subject"]
        assert "Rà soát lại địa điểm I.1 (biên bản trước: 15/BB-RS); quá hạn từ 02/06/2026 (Xã Hoài Đức)" in text
        assert "6 tháng đầu năm 2026" in text
        assert "https://diaban.example.org/tasks?city=hanoi" in text
        posted = hook.taken[0]["text"]  # type: ignore[attr-defined]
        assert "Rà soát lại địa điểm I.1" in posted
        assert NOTE not in text + posted
        assert notify(store, TODAY, WHO) == 0
        asked = NewExplanation(
            ward_code="09832", programme="hanoi-2026", period="2026-H1", step="asked", day=TODAY, document="31/CV-SYT"
        )
        store.add(asked, WHO)
        assert notify(store, TODAY, WHO) == 1
        assert "31/CV-SYT" in hook.taken[1]["text"]  # type: ignore[attr-defined]
        assert "Rà soát" not in hook.taken[1]["text"]  # type: ignore[attr-defined]
        assert notify(store, date(2026, 8, 11), WHO) == 1  # the digest of the next day
    lines = notices(store)
    assert {(line.recipient, line.channel, line.ok) for line in lines} == {
        ("Sở Y tế", "email", True),
        ("UBND xã Hoài Đức", "webhook", True),
    }
    assert "digest:2026-08-10" in {line.subject for line in lines}
    assert not any("example.org" in line.what for line in lines)


def test_what_is_not_taken_is_recorded_once_and_tried_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(HTTPServer(("127.0.0.1", 0), Hook)) as hook:
        address = f"http://127.0.0.1:{hook.server_address[1]}/"
        listed(tmp_path, monkeypatch, f'name = "Sở Y tế"\ncity = "hanoi"\nwebhook = "{address}"')
        hook.status = 503  # type: ignore[attr-defined]
        assert notify(store, TODAY, WHO) == notify(store, TODAY, WHO) == 0
        assert [(line.ok, line.what) for line in notices(store)] == [(False, "refused")]
        hook.status = 200  # type: ignore[attr-defined]
        done = run_daily(store, WHO)
        assert done is not None
        assert done.sent == 1


class Elsewhere(Hook):
    """Leads to another address, `server.elsewhere`; counts whoever comes to look."""

    def do_POST(self) -> None:
        """Lead on."""
        self.send_response(302)
        self.send_header("Location", self.server.elsewhere)  # type: ignore[attr-defined]
        self.end_headers()

    def do_GET(self) -> None:
        """Somebody was led here."""
        self.server.taken.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()


def test_a_webhook_leads_to_no_address_of_this_machine(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        standing(HTTPServer(("127.0.0.1", 0), Elsewhere)) as inside,
        standing(HTTPServer(("127.0.0.1", 0), Elsewhere)) as chat,
    ):
        chat.elsewhere = f"http://127.0.0.1:{inside.server_address[1]}/metadata"  # type: ignore[attr-defined]
        listed(
            tmp_path,
            monkeypatch,
            f'name = "Sở Y tế"\ncity = "hanoi"\nwebhook = "http://127.0.0.1:{chat.server_address[1]}/"',
        )
        assert notify(store, TODAY, WHO) == 0
        assert inside.taken == []  # type: ignore[attr-defined]
    assert [line.ok for line in notices(store)] == [False]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_server_that_encrypts_is_used_once_it_is_trusted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    file = certificate(tmp_path)
    with standing(socketserver.ThreadingTCPServer(("127.0.0.1", 0), SealedMail)) as mail:
        mail.seal = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # type: ignore[attr-defined]
        mail.seal.load_cert_chain(file)  # type: ignore[attr-defined]
        mail.offers = security  # type: ignore[attr-defined]
        monkeypatch.setenv("DIABAN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIABAN_SMTP_PORT", str(mail.server_address[1]))
        monkeypatch.setenv("DIABAN_SMTP_SECURITY", security)
        listed(tmp_path, monkeypatch, 'name = "Sở Y tế"\ncity = "hanoi"\nemail = "so@example.org"')
        assert notify(store, TODAY, WHO) == 0
        assert [(line.ok, line.what) for line in notices(store)] == [(False, "untrusted")]
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert notify(store, TODAY, WHO) == 1
        letter = message_from_bytes(mail.taken[0], policy=policy.default)  # type: ignore[attr-defined]
        assert "Rà soát lại địa điểm I.1" in letter.get_content()


@pytest.mark.parametrize(
    ("subject", "address"),
    [
        ("Rà soát\r\nBcc: khac@example.org", "so@example.org"),
        ("Rà soát\nBcc: khac@example.org", "so@example.org"),
        ("Rà soát", "so@example.org\r\nBcc: khac@example.org"),
    ],
)
def test_no_heading_makes_another_header_of_a_mail(monkeypatch: pytest.MonkeyPatch, subject: str, address: str) -> None:
    with standing(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)) as mail:
        monkeypatch.setenv("DIABAN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIABAN_SMTP_PORT", str(mail.server_address[1]))
        monkeypatch.setenv("DIABAN_SMTP_SECURITY", "none")
        with pytest.raises(NotSentError):
            send(Notice(subject, "một chữ"), Recipient("Sở Y tế", "hanoi", email=address))
        assert mail.taken == []  # type: ignore[attr-defined]


def test_nothing_goes_out_in_clear_where_encryption_is_asked_for(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)) as mail:
        monkeypatch.setenv("DIABAN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIABAN_SMTP_PORT", str(mail.server_address[1]))
        monkeypatch.setenv("DIABAN_SMTP_SECURITY", "starttls")
        listed(tmp_path, monkeypatch, 'name = "Sở Y tế"\ncity = "hanoi"\nemail = "so@example.org"')
        assert notify(store, TODAY, WHO) == 0
        assert mail.taken == []  # type: ignore[attr-defined]
    assert [line.what for line in notices(store)] == ["unencrypted"]


@pytest.mark.parametrize(
    "row",
    [
        'name = "A"\ncity = "hanoi"',
        'name = "A"\ncity = "hanoi"\nwebhook = "file:///x"',
        'city = "hanoi"\nemail = "a@b"',
    ],
)
def test_a_recipient_that_can_not_be_reached_is_refused(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(tmp_path, monkeypatch, row)
    with pytest.raises(InputError):
        recipients()


def test_every_wrong_entry_is_named_with_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = 'name = "A|B"\ncity = "hanoi"\nwebhook = "file:///x"'
    listed(tmp_path, monkeypatch, f'{first}\n[[recipients]]\nname = "C"\ncity = "hue"\nemail = "c"\nlang = "fr"')
    with pytest.raises(InputError) as caught:
        recipients()
    assert [problem.what for problem in caught.value.problems] == [
        "recipient 'A|B': name, webhook can't be used",
        "recipient 'C': email, lang can't be used",
    ]


def test_one_process_has_the_job_in_hand(store: Store) -> None:
    from datetime import timedelta

    assert store.jobs.take("daily", timedelta(minutes=5)) == ""
    assert run_daily(store, WHO) is None
    store.jobs.drop("daily")
    assert run_daily(store, WHO) is not None
    assert store.jobs.take("daily", timedelta(minutes=5)) == TODAY.isoformat()
