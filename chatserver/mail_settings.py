"""The desk's mail account: one address, a server that takes mail and one that holds it. Nothing set: mail is off."""

import ssl
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from chatserver.errors import Refused
from chatserver.process.fields import normalise_email

TOKEN_LENGTH = 40
MAX_LOCAL_PART = 64 - len("+") - TOKEN_LENGTH
"""RFC 5321 lets what stands before the @ be 64 bytes long; a reply's token has to fit there, too."""

MIB = 1024 * 1024

THANKS = (
    "gracias", "muchas gracias", "mil gracias", "ok", "ok gracias", "okay gracias", "listo gracias", "perfecto gracias",
    "excelente gracias", "de acuerdo", "de acuerdo gracias", "enterado", "enterado gracias", "recibido",
    "recibido gracias", "gracias saludos", "muchas gracias saludos", "thanks", "thank you", "thanks a lot",
    "ok thanks", "ok thank you", "great thanks", "many thanks",
)  # fmt: skip
"""What reopens nothing, when it is all that somebody answers to a solution."""

Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,253}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Security(StrEnum):
    """How a connection is protected: from its first byte, by STARTTLS (or not at all: no silent falling back)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailSettings(BaseModel):
    """`CHATSERVER_MAIL__ADDRESS=…`, `CHATSERVER_MAIL__SMTP_HOST=…` and so on. `imap_poll` and `timeout` are in seconds;
    of a mail with more than `max_bytes` only so much is read. `portal` (a public key) is whose tickets mail opens."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    address: str | None = None
    name: Annotated[str, Field(max_length=60)] = "Mesa de ayuda"
    secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    smtp_host: Host | None = None
    smtp_port: Port = 587
    smtp_security: Security = Security.STARTTLS
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    imap_host: Host | None = None
    imap_port: Port = 993
    imap_security: Security = Security.TLS
    imap_user: str | None = None
    imap_password: SecretStr | None = None
    imap_folder: Annotated[str, Field(min_length=1, max_length=100)] = "INBOX"
    imap_poll: Annotated[float, Field(ge=1, le=3600)] = 30
    max_bytes: Annotated[int, Field(ge=64 * 1024, le=100 * MIB)] = 25 * MIB
    portal: str | None = None
    thanks: tuple[str, ...] = THANKS
    ca_file: Path | None = None
    timeout: Annotated[float, Field(gt=0, le=300)] = 20

    @field_validator("address")
    @classmethod
    def _can_be_written_to(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            address = normalise_email(value).lower()
        except Refused as refusal:
            raise ValueError("must be an e-mail address") from refusal
        local = address.rpartition("@")[0]
        if "+" in local or len(local) > MAX_LOCAL_PART:
            raise ValueError(f"must have at most {MAX_LOCAL_PART} characters before its @, and no + among them")
        return address

    @field_validator("ca_file")
    @classmethod
    def _is_a_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("must be a file with certificates, in PEM")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "MailSettings":
        if not (self.smtp_host or self.imap_host):
            return self
        for name in ("address", "secret"):
            if getattr(self, name) is None:
                raise ValueError(f"mail needs CHATSERVER_MAIL__{name.upper()}, too")
        if self.imap_host and not (self.imap_user and self.imap_password):
            raise ValueError("reading mail needs CHATSERVER_MAIL__IMAP_USER and CHATSERVER_MAIL__IMAP_PASSWORD")
        if bool(self.smtp_user) is not bool(self.smtp_password):
            raise ValueError("CHATSERVER_MAIL__SMTP_USER and CHATSERVER_MAIL__SMTP_PASSWORD go together")
        if self.smtp_password and self.smtp_security is Security.NONE and not _is_here(self.smtp_host):
            raise ValueError("CHATSERVER_MAIL__SMTP_SECURITY=none would send the password in clear")
        if self.imap_password and self.imap_security is Security.NONE and not _is_here(self.imap_host):
            raise ValueError("CHATSERVER_MAIL__IMAP_SECURITY=none would send the password in clear")
        return self

    @property
    def sends(self) -> bool:
        return self.smtp_host is not None

    @property
    def receives(self) -> bool:
        return self.imap_host is not None

    @property
    def own_address(self) -> str:
        """The address, where mail is on."""
        if self.address is None:
            raise ValueError("mail is off")
        return self.address

    @property
    def own_domain(self) -> str:
        return self.own_address.rpartition("@")[2]

    def tls_context(self) -> ssl.SSLContext:
        """Names are checked, always; `ca_file` is trusted in place of the system's authorities."""
        return ssl.create_default_context(cafile=self.ca_file)


def _is_here(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
