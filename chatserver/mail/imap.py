"""A mailbox, read without changing it: which mails are there, one of them, and waiting for the next (RFC 2177).

Blocking, for a thread of its own. Every wait ends by the account's time-out, also at a server that says nothing.
"""

import imaplib
import select
from datetime import UTC, date, datetime
from typing import Any

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from chatserver.mail_settings import MailSettings, Security

log = structlog.stdlib.get_logger(__name__)

PROBLEMS = (IMAPClientError, imaplib.IMAP4.error, OSError, EOFError)
"""What a server or the network does; refused logins and certificates among them."""


class Mailbox:
    """One connection. After any of `PROBLEMS` it is of no more use than to be closed."""

    def __init__(self, account: MailSettings) -> None:
        self._account = account
        self._client: Any = None
        self._idling = False
        self.uidvalidity = 0
        self.uidnext = 1

    @property
    def waits(self) -> bool:
        """Whether the server tells by itself that mail has come."""
        return bool(self._client.has_capability("IDLE"))

    def open(self) -> None:
        account, tls = self._account, self._account.imap_security is Security.TLS
        secured = account.imap_security is not Security.NONE
        context = account.tls_context() if secured else None
        self._client = IMAPClient(
            account.imap_host, account.imap_port, ssl=tls, ssl_context=context if tls else None, timeout=account.timeout
        )
        self._client.normalise_times = False
        if account.imap_security is Security.STARTTLS:
            self._client.starttls(context)
        password = account.imap_password.get_secret_value() if account.imap_password else ""
        self._client.login(account.imap_user, password)
        self.look()

    def look(self) -> None:
        """Look at the folder as it is now; read only, so that nobody's marks are touched."""
        state = self._client.select_folder(self._account.imap_folder, readonly=True)
        self.uidvalidity = int(state[b"UIDVALIDITY"])
        self.uidnext = int(state.get(b"UIDNEXT", 0)) or self._highest() + 1

    def list_after(self, uid: int, since: date | None = None) -> list[int]:
        """The mails behind a number, in order; with `since` only what came on that day or later."""
        criteria: list[Any] = ["UID", f"{uid + 1}:*"]
        if since is not None:
            criteria += ["SINCE", since]
        return sorted(found for found in self._client.search(criteria) if found > uid)  # `9:*` is also the last one

    def received_at(self, uid: int) -> tuple[datetime, int] | None:
        """When the server got it, and its size in bytes; None when it is gone meanwhile."""
        answer = self._client.fetch([uid], ["INTERNALDATE", "RFC822.SIZE"]).get(uid)
        if answer is None:
            return None
        at: datetime = answer[b"INTERNALDATE"]
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), int(answer[b"RFC822.SIZE"])

    def fetch(self, uid: int, size: int) -> bytes | None:
        """The mail, or as much of it as is read of any."""
        most = self._account.max_bytes
        part = "BODY.PEEK[]" if size <= most else f"BODY.PEEK[]<0.{most}>"
        answer = self._client.fetch([uid], [part]).get(uid)
        if answer is None:
            return None
        return next((value for key, value in answer.items() if key.startswith(b"BODY[]")), None)

    def heard(self) -> bool:
        """Whether the server has said something since it was last asked. Waits for nothing; call it again and again."""
        if not self._idling:
            self._client.idle()
            self._idling = True
        readable = select.poll()
        readable.register(self._client.socket().fileno(), select.POLLIN)
        if not readable.poll(0):
            return False
        self._client.idle_check(timeout=0)
        return True  # also when nothing could be read: then the connection is over, and asking will show it

    def rest(self) -> None:
        """Stop waiting, so that something can be asked; or just see that the server is still there."""
        if self._idling:
            self._idling = False
            self._client.idle_done()
        else:
            self._client.noop()

    def close(self) -> None:
        """Without a goodbye, which the server may never answer. A handshake that failed has closed it already."""
        client, self._client, self._idling = self._client, None, False
        if client is not None:
            try:
                client.shutdown()
            except PROBLEMS as error:
                log.debug("mailbox.not_closed", error=type(error).__name__)

    def _highest(self) -> int:
        return max(self._client.search(["ALL"]), default=0)
