"""A mail as it leaves: one recipient, one line a header, and what keeps the thread together, and machines quiet.

RFC 3834 for what is automatic. It is no list and no bulk, so it has neither List- headers nor a Precedence.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

from chatserver.errors import Refused
from chatserver.mail.lines import header_line
from chatserver.mail_settings import MailSettings
from chatserver.tokens import tagged_address

MAX_REFERENCES = 20
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


class ThreadedPolicy(EmailPolicy):
    """The library's, but for what keeps a thread together: a long id would be written as an encoded word, which nobody
    reads there (RFC 2047 forbids it)."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() not in ("in-reply-to", "references"):
            return super().fold_binary(name, value)
        ids = "\r\n ".join(value.split())
        return f"{name}: {ids}\r\n".encode("ascii")


THREADED = ThreadedPolicy(linesep="\r\n")
THREADED_UTF8 = ThreadedPolicy(linesep="\r\n", utf8=True)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the outbox knows of a mail. `message_id` is its identity: a mail that is sent again has the same."""

    to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    automatic: bool
    reply_token: str
    html: str | None = None
    to_name: str = ""
    locale: str = "es-MX"
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as a server takes it, with its envelope. `international`: an address needs SMTPUTF8."""

    sender: str
    recipient: str
    content: bytes
    international: bool


def compose(mail: Outgoing, account: MailSettings) -> Letter:
    """Raises `Refused` for what is no address or no Message-ID."""
    recipient = _recipient(mail.to)
    international = not recipient.isascii()
    message = EmailMessage(THREADED_UTF8 if international else THREADED)
    reply_to = tagged_address(account.own_address, mail.reply_token)
    message["From"] = Address(header_line(account.name), addr_spec=account.own_address)
    message["To"] = _named(mail.to_name, recipient)
    message["Reply-To"] = Address(header_line(account.name), addr_spec=reply_to)
    message["Subject"] = header_line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = _one_id(mail.message_id)
    _thread(message, mail)
    if mail.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_plain(mail.text), cte="quoted-printable")
    if mail.html is not None:
        message.add_alternative(_plain(mail.html), subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{mail.reply_token}")
    message["Content-Language"] = _language(mail.locale)  # what set the content took such headers away
    return Letter(reply_to, recipient, message.as_bytes(), international)


def _thread(message: EmailMessage, mail: Outgoing) -> None:
    """Of a long thread its first mail, and the last ones: which is all that clients look at."""
    references = [id for id in mail.references if _MESSAGE_ID.fullmatch(id)]
    if mail.in_reply_to and _MESSAGE_ID.fullmatch(mail.in_reply_to):
        message["In-Reply-To"] = mail.in_reply_to
        references = [id for id in references if id != mail.in_reply_to] + [mail.in_reply_to]
    if len(references) > MAX_REFERENCES:
        references = [references[0], *references[1 - MAX_REFERENCES :]]
    if references:
        message["References"] = " ".join(references)


def _recipient(address: str) -> str:
    """Exactly one address, its domain in ASCII."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused("email_invalid", str(error), field="email") from error
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def _named(name: str, recipient: str) -> Address:
    """By its two parts: as a whole the library takes no letters beyond ASCII."""
    local, _, domain = recipient.rpartition("@")
    return Address(header_line(name, 80), local, domain)


def _one_id(id: str) -> str:
    if not _MESSAGE_ID.fullmatch(id):
        raise Refused("message_id_invalid", "A Message-ID has the form <left@right>, in ASCII.", field="message_id")
    return id


def _language(locale: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", locale)


def _plain(text: str) -> str:
    """What an encoder can write: no lone surrogate, no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
