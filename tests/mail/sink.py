"""A real SMTP server in this process that takes mail, and says no when a test wants it to."""

# ruff: noqa: ARG002 (its hooks are called with all of these)

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Sink:
    """What was taken, and what is answered. `hangs` names the command that never gets an answer."""

    port: int = 0
    connections: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    sender_answers: list[str] = field(default_factory=list)
    hangs: str = ""
    drops: bool = False
    slow: float = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.slow)
        if self.sender_answers:
            return self.sender_answers.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.slow)
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if self.hangs == "DATA":
            await asyncio.sleep(3600)
        if self.drops and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        good = LoginPassword(b"ayuda", b"right")
        return AuthResult(success=given == good, handled=False)


@asynccontextmanager
async def open_sink(
    *, tls: ssl.SSLContext | None = None, starttls: bool = True, auth: bool = False
) -> AsyncIterator[Sink]:
    """Listening on a port of its own; `tls` from the first byte unless `starttls`."""
    sink = Sink()
    loop = asyncio.get_running_loop()
    served: list[SMTP] = []

    def serve() -> SMTP:
        sink.connections += 1
        serving = SMTP(
            sink,
            hostname="sink.example",
            enable_SMTPUTF8=True,
            tls_context=tls if starttls else None,
            require_starttls=tls is not None and starttls,
            auth_required=auth,
            authenticator=sink.authenticate if auth else None,
            loop=loop,
        )
        served.append(serving)
        return serving

    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=None if starttls else tls)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for serving in served:
            if isinstance(serving.transport, asyncio.Transport):
                serving.transport.abort()  # one that hangs would keep its socket
        await server.wait_closed()
        await asyncio.sleep(0)
