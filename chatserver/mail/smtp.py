"""The way out: a connection for a batch of mails, and for each mail a word about what became of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiosmtplib
import structlog

from chatserver.mail.compose import Letter
from chatserver.mail_settings import MailSettings, Security

log = structlog.stdlib.get_logger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Greylisting wants some minutes; a server that is ill, some hours."""

OURS_TO_MEND = frozenset({530, 534, 535, 538})
"""5xx that are about our account, not about a mail: RFC 4954."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken responsibility."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Not yet, or unknown: the same mail goes again, with the same Message-ID. `code` is the server's, if it spoke."""

    reason: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedForGood:
    """This mail will never be taken. `reason` may hold an address: it is for the row, not for a log."""

    reason: str
    code: int | None = None


Outcome = Sent | TryAgain | RefusedForGood


def wait_after(attempts: int) -> timedelta:
    """How long after that many attempts the next one may be made."""
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


class Batch:
    """Mails over one connection, made when the first needs it. A server that cannot be reached is asked once."""

    def __init__(self, account: MailSettings) -> None:
        self._account = account
        self._client: aiosmtplib.SMTP | None = None
        self._away: TryAgain | None = None

    async def send(self, letter: Letter) -> Outcome:
        """Never raises for what a server or the network does. At most twice the time-out, even of one that trickles."""
        client = await self._reached()
        if isinstance(client, TryAgain):
            return client
        outcome = await self._hand_over(client, letter)
        if not isinstance(outcome, Sent):
            log.warning("mail_not_sent", outcome=type(outcome).__name__, code=outcome.code)
        return outcome

    async def reach(self) -> TryAgain | None:
        """Why the server cannot be reached, or does not take our account; None when it does."""
        client = await self._reached()
        return client if isinstance(client, TryAgain) else None

    async def _reached(self) -> aiosmtplib.SMTP | TryAgain:
        if self._away is not None:
            return self._away
        try:
            async with asyncio.timeout(2 * self._account.timeout):
                return await self._connected()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._away = _not_reached(error)
            log.warning("mail_server_away", error=type(error).__name__, code=self._away.code)
            return self._away

    async def close(self) -> None:
        """Say goodbye if there is anybody; the mails that were taken stay taken."""
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            await client.quit(timeout=min(self._account.timeout, 5))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            log.info("mail_goodbye_unheard", error=type(error).__name__)
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        account, security = self._account, self._account.smtp_security
        client = aiosmtplib.SMTP(
            hostname=account.smtp_host,
            port=account.smtp_port,
            username=account.smtp_user,
            password=account.smtp_password.get_secret_value() if account.smtp_password else None,
            use_tls=security is Security.TLS,
            start_tls=security is Security.STARTTLS,
            tls_context=None if security is Security.NONE else account.tls_context(),
            timeout=account.timeout,
            local_hostname=account.own_domain,  # a machine's own name is nobody's business, and asking for it may block
        )
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        self._client = client
        return client

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Letter) -> Outcome:
        try:
            async with asyncio.timeout(2 * self._account.timeout):
                options = ["SMTPUTF8"] if letter.international else []
                await client.sendmail(letter.sender, letter.recipient, letter.content, mail_options=options)
        except aiosmtplib.SMTPNotSupported as error:
            return RefusedForGood(error.message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return judge(error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            return judge(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()  # what it would say next may be about this mail, or about the one after it
            return TryAgain(type(error).__name__)
        return Sent()


def judge(code: int, message: str) -> Outcome:
    """What a server's answer to a mail means."""
    if code >= 500 and code not in OURS_TO_MEND:
        return RefusedForGood(message, code)
    return TryAgain(message, code)


def _not_reached(error: Exception) -> TryAgain:
    """Whatever a server says before it has heard of a mail is not about the mail: even a 5xx is tried again."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return TryAgain(error.message, error.code)
    reason = "certificate" if isinstance(error.__cause__ or error, ssl.SSLError) else type(error).__name__
    return TryAgain(reason)


@asynccontextmanager
async def open_batch(account: MailSettings) -> AsyncIterator[Batch]:
    batch = Batch(account)
    try:
        yield batch
    finally:
        await batch.close()
