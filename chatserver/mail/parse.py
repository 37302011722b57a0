"""Reading a mail: bytes in, an `IncomingMail` out, whatever the bytes are. Nothing in here is believed; it is only told
apart. Runs outside the loop: a large mail takes a while.
"""

import re
from dataclasses import replace
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses

import structlog
from email_validator import EmailNotValidError, validate_email

from chatserver.mail.bodies import content_of, read_body, read_text
from chatserver.mail.headers import BOUNDED, addresses, first_header, header_text
from chatserver.mail.lines import decode_words, one_line
from chatserver.mail_settings import TOKEN_LENGTH
from chatserver.process.incoming import IncomingMail, MailKind, fresh_part

log = structlog.get_logger()

_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")

MOST_BOUNDARIES = 2_000

DELIVERED_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")

_AWAY = re.compile(
    r"(?:respuesta automática|automatic reply|auto(?:matic)?[- ]?repl(?:y|ied)|fuera de (?:la )?oficina|out of office"
    r"|autorespuesta|undeliver|delivery status notification|no se pudo entregar)",
    re.IGNORECASE,
)
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|no-?_?reply|do-?not-?reply|no-?responder|bounces?)(?:[+-].*)?")
_BULK = ("bulk", "junk", "list", "auto_reply")
_OTHER_SIGNS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id", "List-Unsubscribe", "X-Auto-Reply-From")


def parse_mail(raw: bytes, own_address: str) -> IncomingMail:
    """Never raises: of what cannot be read at all, there is at least the fact that it came."""
    try:
        head = BytesHeaderParser(policy=BOUNDED).parsebytes(raw)
        mail = _from_headers(head, own_address)
    except Exception as error:  # noqa: BLE001 -- a library that was not written for enemies; the mail itself is kept
        log.warning("mail.headers_unreadable", error=type(error).__name__, size=len(raw))
        return IncomingMail(MailKind.PERSON)
    try:
        return _with_body(mail, BytesParser(policy=BOUNDED).parsebytes(_bounded(raw)))
    except Exception as error:  # noqa: BLE001 -- RecursionError among them: somebody nests a thousand parts
        log.warning("mail.body_unreadable", error=type(error).__name__, size=len(raw))
        return mail


def _from_headers(head: Message, own_address: str) -> IncomingMail:
    name, sender = _sender(head)
    subject = one_line(header_text(head, "Subject"))
    return IncomingMail(
        kind=_kind(head, sender, subject, own_address),
        sender=sender,
        name=one_line(name, 80),
        subject=subject,
        locale=_locale(head),
        message_id=next(iter(_ids(head, "Message-ID")), None),
        tokens=_tokens(head, own_address),
    )


def _with_body(mail: IncomingMail, message: Message) -> IncomingMail:
    body = read_body(message)
    returned, problem = _returned(message) if mail.kind is MailKind.BOUNCE else ((), "")
    return replace(
        mail,
        text=body.text,
        fresh=fresh_part(body.text),
        attachments=body.attachments,
        left_out=body.left_out,
        returned=returned,
        problem=problem,
    )


def _bounded(raw: bytes) -> bytes:
    """As many parts as anybody sends: each costs the library some time."""
    pieces = raw.split(b"\n--", MOST_BOUNDARIES)
    return b"\n--".join(pieces[:MOST_BOUNDARIES])


def _sender(head: Message) -> tuple[str, str]:
    """The one who wrote, by name and address: nobody, if there is none, or more than one, or it is no address."""
    found = getaddresses([header_text(head, "From")])
    if len(found) != 1:
        return "", ""
    name, address = found[0]
    try:
        checked = validate_email(address, check_deliverability=False)
    except (EmailNotValidError, UnicodeError, ValueError):
        return name, ""
    return name, (checked.ascii_email or checked.normalized).lower()


def _kind(head: Message, sender: str, subject: str, own_address: str) -> MailKind:
    local, _, domain = own_address.partition("@")
    if sender == own_address or (sender.startswith(f"{local}+") and sender.endswith(f"@{domain}")):
        return MailKind.OWN
    if head.get_content_type() == "multipart/report" and _param(head, "report-type") != "disposition-notification":
        return MailKind.BOUNCE
    to_nobody = first_header(head, "Return-Path").replace(" ", "") == "<>"
    machine = _MACHINES.fullmatch(sender.partition("@")[0]) is not None
    if to_nobody and machine and sender.startswith(("mailer-daemon", "postmaster")):
        return MailKind.BOUNCE
    submitted = first_header(head, "Auto-Submitted").partition(";")[0].strip().lower()
    bulk = first_header(head, "Precedence").strip().lower() in _BULK
    signs = any(head.get(name) is not None for name in _OTHER_SIGNS)
    report = head.get_content_type() == "multipart/report"
    if report or to_nobody or machine or submitted not in ("", "no") or bulk or signs or _AWAY.match(subject):
        return MailKind.AUTO_REPLY
    return MailKind.PERSON


def _tokens(head: Message, own_address: str) -> tuple[str, ...]:
    """From the address that it was sent to; for a client that forgot that, from the mail it answers."""
    local, _, domain = own_address.partition("@")
    found: list[str] = []
    for name in DELIVERED_TO:
        for address in addresses(head, name):
            user, _, host = address.lower().rpartition("@")
            if host == domain and user.startswith(f"{local}+"):
                found.append(user.removeprefix(f"{local}+"))
    for id in (*_ids(head, "In-Reply-To"), *reversed(_ids(head, "References"))):
        user, _, host = id.strip("<>").lower().rpartition("@")
        if host == domain:
            found.append(user.rpartition(".")[2])
    return tuple(dict.fromkeys(token for token in found if _TOKEN.fullmatch(token)))


def _ids(head: Message, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(decode_words(first_header(head, name)))))[-100:]


def _param(head: Message, name: str) -> str:
    value = head.get_param(name)
    return value.lower() if isinstance(value, str) else ""


def _locale(head: Message) -> str | None:
    """The language that the sender's own program writes in, if it says so."""
    said = first_header(head, "Content-Language") or first_header(head, "Accept-Language")
    language = said.strip()[:2].lower()
    return {"es": "es-MX", "en": "en"}.get(language)


_FAILED = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSIS = re.compile(r"^(?:diagnostic-code|status):\s*(.{1,300})", re.IGNORECASE | re.MULTILINE)


def _returned(message: Message) -> tuple[tuple[str, ...], str]:
    """Of a report about a delivery that has failed (RFC 3464): which mail, and why. A delay is no failure."""
    ids: list[str] = []
    problem, action = "", "failed"
    for part in list(message.walk())[1:50]:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            said = "\n".join(str(block) for block in part.walk() if block is not part) or read_text(part)
            action = next(iter(_FAILED.findall(said)), action).lower()
            problem = next(iter(_DIAGNOSIS.findall(said)[::-1]), problem)
        elif kind == "text/rfc822-headers":
            ids += _ids(BytesHeaderParser(policy=BOUNDED).parsebytes(content_of(part)), "Message-ID")
        elif part.get("Message-ID") is not None:
            ids += _ids(part, "Message-ID")
    return tuple(ids) if action == "failed" else (), one_line(problem, 300)
