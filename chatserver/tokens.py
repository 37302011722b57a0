"""Signed tokens: what makes a mail, or who follows a link, belong to a ticket. A folio never does.

40 letters and digits of one case, as servers on the way may fold the case of an address: 5 bytes of the ticket's id,
4 of the second of issue, 16 of an HMAC, in base 32.
"""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest

from itsdangerous import Signer
from itsdangerous.encoding import base64_decode
from pydantic import SecretStr

from chatserver.errors import Refused
from chatserver.mail_settings import TOKEN_LENGTH
from chatserver.types import TicketId

_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")
_ID, _SECOND, _SIGNATURE = 5, 4, 16


class Purpose(StrEnum):
    """What a token is good for; one for a reply opens no page."""

    REPLY = "reply"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says, once its signature was found right."""

    ticket_id: TicketId
    issued_at: datetime


def make_token(secret: SecretStr, purpose: Purpose, ticket_id: TicketId, issued_at: datetime) -> str:
    """The same arguments make the same token, so that a mail which is sent twice is the same mail."""
    body = int(ticket_id).to_bytes(_ID) + int(issued_at.timestamp()).to_bytes(_SECOND)
    return b32encode(body + _sign(secret, purpose, body)).decode().lower()


def read_token(
    secret: SecretStr, purpose: Purpose, text: str, *, now: datetime | None = None, max_age: timedelta | None = None
) -> Token:
    """Raises `Refused`: `token_invalid` for what we did not make for this purpose, `token_expired` past `max_age`."""
    text = text.lower()
    if not _TOKEN.fullmatch(text):
        raise _invalid()
    raw = b32decode(text.upper())
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if not _verified(secret, purpose, body, signature):
        raise _invalid()
    issued_at = datetime.fromtimestamp(int.from_bytes(body[_ID:]), UTC)
    if now is not None and max_age is not None and now - issued_at > max_age:
        raise Refused("token_expired", "The link is too old.")
    return Token(TicketId(int.from_bytes(body[:_ID])), issued_at)


def _invalid() -> Refused:
    return Refused("token_invalid", "The token was not made here.")


def _verified(secret: SecretStr, purpose: Purpose, body: bytes, signature: bytes) -> bool:
    return compare_digest(_sign(secret, purpose, body), signature)


def _sign(secret: SecretStr, purpose: Purpose, body: bytes) -> bytes:
    """Half of an HMAC-SHA256: 128 bits, under a key of this purpose alone."""
    signer = Signer(secret.get_secret_value(), salt=f"chatserver.mail.{purpose}", digest_method=sha256)
    return base64_decode(signer.get_signature(body))[:_SIGNATURE]


def make_message_id(key: str, token: str, domain: str) -> str:
    """`<key.token@domain>`: a reply that has lost its Reply-To still names the ticket. `key` is of the outbox row."""
    return f"<{re.sub(r'[^A-Za-z0-9-]', '-', key)}.{token}@{domain}>"


def tagged_address(address: str, token: str) -> str:
    """`ayuda+token@…`"""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"
