"""Bringing mail in: one process at a time reads the mailbox, and each mail is stored before the next is fetched."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import TypeVar

import structlog

from chatserver.actions.mailbox import Found, begin_mailbox, hold_mailbox, let_go, pass_over, store_mail
from chatserver.actions.unit import Context
from chatserver.mail.imap import PROBLEMS, Mailbox
from chatserver.models import MailboxCursor

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

LEASE = timedelta(seconds=45)
RENEW = timedelta(seconds=10)
CLOCKS = timedelta(hours=1)
"""So much the mailbox's clock may differ from ours, before a mail of after our beginning is taken for one of before."""

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 30, 120, 300))
"""Between attempts to reach the server: who guesses a password too often is locked out, and so are we."""


class Reader:
    """The connection of this process, and its one thread. `round` is called every second and never waits long."""

    def __init__(self, context: Context, holder: str) -> None:
        self._context = context
        self._account = context.settings.mail
        self._holder = holder
        self._name = f"{self._account.imap_user}@{self._account.imap_host}/{self._account.imap_folder}"[:254]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="imap")
        self._mailbox: Mailbox | None = None
        self._renew_at: datetime | None = None
        self._look_at: datetime | None = None
        self._try_at: datetime | None = None
        self._failures = 0

    async def round(self) -> int:
        """Returns how many mails were stored."""
        now = self._context.clock.now()
        if self._try_at is not None and now < self._try_at:
            return 0
        try:
            if not await self._holds(now):
                return 0
            stored = await self._read(now)
        except PROBLEMS as error:
            self._put_off(now, error)
            return 0
        except BaseException:
            self._drop()
            raise
        if self._failures:
            log.info("mailbox.reached")
        self._failures, self._try_at = 0, None
        return stored

    async def close(self) -> None:
        """Leave the connection and the thread (whatever it waits for ends with the connection), and the mailbox to
        another process."""
        self._drop()
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._renew_at is not None:
            await let_go(self._context, self._name, self._holder)

    async def _holds(self, now: datetime) -> bool:
        """Whether the mailbox is ours to read; who loses it lets go of the connection."""
        if self._renew_at is not None and now < self._renew_at:
            return True
        cursor = await hold_mailbox(self._context, self._name, self._holder, LEASE)
        if cursor is None:
            self._renew_at = None
            self._drop()
            return False
        self._renew_at = now + RENEW
        return True

    async def _read(self, now: datetime) -> int:
        if self._mailbox is None:
            self._mailbox = Mailbox(self._account)
            await self._run(self._mailbox.open)
            self._look_at = now
        box = self._mailbox
        due = self._look_at is None or now >= self._look_at
        if not due and not (box.waits and await self._run(box.heard)):
            return 0
        self._look_at = now + timedelta(seconds=self._account.imap_poll)
        await self._run(box.rest)
        stored = await self._take_new(box)
        if box.waits:
            await self._run(box.heard)  # from here on the server tells by itself
        return stored

    async def _take_new(self, box: Mailbox) -> int:
        await self._run(box.look)
        cursor = await begin_mailbox(self._context, self._name, box.uidvalidity, box.uidnext - 1)
        since: date | None = None if cursor.uid else (cursor.began_at - timedelta(days=1)).date()
        uids = await self._run(lambda: box.list_after(cursor.uid, since))
        stored = 0
        for uid in uids:
            stored += await self._take(box, cursor, uid)
            if self._renew_at is not None and self._context.clock.now() >= self._renew_at:
                break  # the lease first: the next round goes on
        if stored:
            log.info("mailbox.read", stored=stored)
        return stored

    async def _take(self, box: Mailbox, cursor: MailboxCursor, uid: int) -> bool:
        known = await self._run(lambda: box.received_at(uid))
        if known is None or known[0] < cursor.began_at - CLOCKS:
            await pass_over(self._context, self._name, box.uidvalidity, uid)
            return False
        received_at, size = known
        raw = await self._run(lambda: box.fetch(uid, size))
        if raw is None:
            return False
        found = Found(uid, received_at, raw, cut=size > len(raw))
        return await store_mail(self._context, self._name, box.uidvalidity, found)

    def _put_off(self, now: datetime, error: Exception) -> None:
        wait = BACK_OFF[min(self._failures, len(BACK_OFF) - 1)]
        self._failures += 1
        self._try_at = now + wait
        log.warning("mailbox.away", error=type(error).__name__, again_in=wait.total_seconds())
        self._drop()

    def _drop(self) -> None:
        box, self._mailbox = self._mailbox, None
        if box is not None:
            box.close()

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
