"""How a notice goes out: e-mail by SMTP, as the settings say, and webhooks (JSON with `text`, for chat services)."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from geo import settings
from geo.output.no_redirects import opener
from geo.output.tasks.recipients import Recipient

_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """A text with its heading; both are about places and duties."""

    subject: str
    text: str


class NotSentError(Exception):
    """A notice could not be handed over; its text is one of `REASONS`."""


REASONS = ("unset", "untrusted", "unencrypted", "refused", "unreachable")
"""No mail server is set; its certificate is not trusted; it can't encrypt; it refused; nobody answered."""


def send(notice: Notice, recipient: Recipient) -> None:
    """Hand a notice over to a recipient's mail server or webhook.

    Raises
    ------
    NotSentError
        It was not taken, or nobody answered.
    """
    try:
        if recipient.email:
            _mail(notice, recipient.email)
        else:
            _post(notice, recipient.webhook)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSentError(_reason(error)) from error


def _reason(error: Exception) -> str:
    seal = ssl.SSLError  # before what it also is: an OSError, or a ValueError; urllib wraps it
    if isinstance(error, seal) or isinstance(getattr(error, "reason", None), seal):
        return "untrusted"
    if isinstance(error, ValueError):
        return "unset"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "unencrypted"
    answers = urllib.error.HTTPError | smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused
    return "refused" if isinstance(error, answers) else "unreachable"


def _mail(notice: Notice, address: str) -> None:
    host, security = settings.text("smtp_host"), settings.text("smtp_security")
    if not host:
        raise ValueError("DIABAN_SMTP_HOST")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.text("smtp_from"), address, notice.subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain="diaban")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    with _connected(host, int(settings.text("smtp_port")), security) as server:
        if settings.text("smtp_user"):
            server.login(settings.text("smtp_user"), settings.text("smtp_password"))
        server.send_message(message)


@contextmanager
def _connected(host: str, port: int, security: str) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, encrypted as the setting says; a server that can't be trusted is refused."""
    trusted = ssl.create_default_context()  # without one, smtplib takes any certificate
    if security == "tls":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=trusted)
    else:
        opened = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
    with opened as server:
        if security == "starttls":
            server.starttls(context=trusted)
        yield server


def _post(notice: Notice, address: str) -> None:
    body = json.dumps({"text": f"{notice.subject}\n{notice.text}"}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "diaban"}
    request = urllib.request.Request(address, body, headers)
    with opener.open(request, timeout=_TIMEOUT_S):
        pass
