"""How far a mailbox was read, by whom, and what was found in it: stored as it came, before anybody looks into it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, or_, select, update

from chatserver.actions.unit import Context, Unit
from chatserver.db import upsert
from chatserver.models import InboundMail, MailboxCursor, MailState

RETRIES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""After each attempt to deal with a mail; after the last it is left to people."""


NEVER_SEEN = 0
"""A UIDVALIDITY that no mailbox has: RFC 3501 begins at one."""

RAW_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Found:
    """A mail where it lies. `cut`: there was more of it."""

    uid: int
    received_at: datetime
    raw: bytes
    cut: bool = False


async def hold_mailbox(context: Context, account: str, holder: str, lease: timedelta) -> MailboxCursor | None:
    """Be the one who reads a mailbox, for so long; None while another process is."""

    async def work(unit: Unit) -> MailboxCursor | None:
        connection = await unit.session.connection()
        fresh = {"account": account, "uidvalidity": NEVER_SEEN, "uid": 0, "began_at": unit.now}
        await connection.execute(upsert(connection, MailboxCursor).values(**fresh).on_conflict_do_nothing())
        cursor = await _lock_cursor(unit, account)
        if cursor.holder not in (None, holder) and cursor.held_until and cursor.held_until > unit.now:
            return None
        cursor.holder, cursor.held_until = holder, unit.now + lease
        return cursor

    return await context.attempt(work)


async def let_go(context: Context, account: str, holder: str) -> None:
    """Who reads a mailbox ends, and another need not wait until its time is over."""

    async def work(unit: Unit) -> None:
        cursor = await _lock_cursor(unit, account)
        if cursor.holder == holder:
            cursor.holder = cursor.held_until = None

    await context.attempt(work)


async def begin_mailbox(context: Context, account: str, uidvalidity: int, uid: int) -> MailboxCursor:
    """Where to read on. A mailbox that is new to us begins with what comes from now on: `uid` is the last that is
    there. One that has numbered itself anew is read from its beginning; what we have had is known by its bytes."""

    async def work(unit: Unit) -> MailboxCursor:
        cursor = await _lock_cursor(unit, account)
        if cursor.uidvalidity == NEVER_SEEN:
            cursor.uidvalidity, cursor.uid, cursor.began_at = uidvalidity, uid, unit.now
        elif cursor.uidvalidity != uidvalidity:
            cursor.uidvalidity, cursor.uid = uidvalidity, 0
        return cursor

    return await context.attempt(work)


async def store_mail(context: Context, account: str, uidvalidity: int, found: Found) -> bool:
    """Keep a mail and go on behind it, in one commit. Returns whether it is one that we did not have."""

    async def work(unit: Unit) -> bool:
        connection = await unit.session.connection()
        row = {
            "account": account,
            "uidvalidity": uidvalidity,
            "uid": found.uid,
            "digest": hashlib.sha256(found.raw).hexdigest(),
            "raw": found.raw,
            "cut": found.cut,
            "received_at": min(found.received_at, unit.now),
            "stored_at": unit.now,
            "state": MailState.NEW,
            "attempts": 0,
            "due_at": unit.now,
        }
        kept = await connection.execute(upsert(connection, InboundMail).values(**row).on_conflict_do_nothing())
        cursor = await _lock_cursor(unit, account)
        if cursor.uidvalidity == uidvalidity:
            cursor.uid = max(cursor.uid, found.uid)
        return kept.rowcount == 1

    return await context.attempt(work)


async def pass_over(context: Context, account: str, uidvalidity: int, uid: int) -> None:
    """Go on behind a mail that is not ours to read."""

    async def work(unit: Unit) -> None:
        cursor = await _lock_cursor(unit, account)
        if cursor.uidvalidity == uidvalidity:
            cursor.uid = max(cursor.uid, uid)

    await context.attempt(work)


async def claim_mail(context: Context, claim: timedelta) -> InboundMail | None:
    """A mail that nobody has dealt with yet, oldest first; it is nobody else's within `claim`."""

    async def work(unit: Unit) -> InboundMail | None:
        free = or_(col(InboundMail.claimed_until).is_(None), col(InboundMail.claimed_until) <= unit.now)
        due = select(InboundMail).where(InboundMail.state == MailState.NEW, InboundMail.due_at <= unit.now, free)
        oldest = due.order_by(col(InboundMail.due_at), col(InboundMail.id)).limit(1)
        row = (await unit.session.exec(oldest.with_for_update(skip_locked=True))).one_or_none()
        if row is not None:
            row.claimed_until = unit.now + claim
        return row

    return await context.attempt(work)


async def note_failed(context: Context, id: int, problem: str) -> bool:
    """It could not be dealt with: later again. Returns False when it was tried often enough, and people must look."""

    async def work(unit: Unit) -> bool:
        row = await unit.session.get_one(InboundMail, id, with_for_update=True)
        row.attempts += 1
        row.problem, row.claimed_until = problem[:500], None
        if row.attempts > len(RETRIES):
            row.state = MailState.FAILED
            return False
        row.due_at = unit.now + RETRIES[row.attempts - 1]
        return True

    return await context.attempt(work)


async def forget_old_mail(context: Context) -> None:
    """What was dealt with is in its ticket; the bytes are kept for a while, for who wants to see what came."""

    async def work(unit: Unit) -> None:
        done = (col(InboundMail.state) == MailState.DONE, col(InboundMail.done_at) < unit.now - RAW_KEPT)
        old = update(InboundMail).where(*done, func.length(InboundMail.raw) > 0)
        await unit.session.exec(old.values(raw=b""))

    await context.attempt(work)


async def _lock_cursor(unit: Unit, account: str) -> MailboxCursor:
    return await unit.session.get_one(MailboxCursor, account, with_for_update=True, populate_existing=True)
