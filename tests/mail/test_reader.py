"""Mail is read from a real Dovecot: each one once, also over restarts, other numbers and other processes."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from imapclient import IMAPClient
from sqlmodel import col, select

from chatserver.actions.unit import Context
from chatserver.clock import SystemClock
from chatserver.db import Database
from chatserver.mail.imap import PROBLEMS, Mailbox
from chatserver.mail.reader import LEASE, Reader
from chatserver.models import InboundMail, MailboxCursor
from chatserver.settings import Settings
from tests.mail.corpus import mail
from tests.mail.dovecot import Dovecot, dovecot

pytestmark = pytest.mark.asyncio

SOON = 20.0
"""Seconds that a busy machine may take for what is quick."""


class MovedClock(SystemClock):
    """The machine's time, and what a test adds to it."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def box() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@asynccontextmanager
async def reading(url: str, box: Dovecot, name: str = "one", **changes: object) -> AsyncIterator["Reading"]:
    clock = MovedClock()
    db = Database(url, lambda _topic, _payload: None, clock.now)
    context = Context(db, clock, Settings(database_url=url, mail=box.settings(**changes)), poke=lambda: None)
    reader = Reader(context, name)
    try:
        yield Reading(context, clock, reader)
    finally:
        await reader.close()
        await db.close()


class Reading:
    def __init__(self, context: Context, clock: MovedClock, reader: Reader) -> None:
        self.context, self.clock, self.reader = context, clock, reader

    async def until(self, done: Callable[[list[InboundMail]], bool]) -> list[InboundMail]:
        """Go round as the loop does, until what was stored is as wanted."""
        async with asyncio.timeout(SOON):
            while True:
                await self.reader.round()
                rows = await self.stored()
                if done(rows):
                    return rows
                await asyncio.sleep(0.05)

    async def begin(self) -> None:
        """Connected, and through what was there before."""
        async with asyncio.timeout(SOON):
            while not any(cursor.uidvalidity for cursor in await self.cursors()):
                await self.reader.round()

    async def stored(self) -> list[InboundMail]:
        async with self.context.db.read() as session:
            return list(await session.exec(select(InboundMail).order_by(col(InboundMail.id))))

    async def cursors(self) -> list[MailboxCursor]:
        async with self.context.db.read() as session:
            return list(await session.exec(select(MailboxCursor)))


def numbered(number: int) -> bytes:
    return mail(f"Mail {number}", Message_ID=f"<{number}@client.example>")


async def test_what_comes_is_stored_as_it_came_and_what_was_there_is_left(database_url: str, box: Dovecot) -> None:
    box.deliver(numbered(0))
    async with reading(database_url, box) as one:
        await one.begin()
        box.deliver(numbered(1))
        box.deliver(numbered(2))
        rows = await one.until(lambda rows: len(rows) == 2)
        assert [row.raw for row in rows] == [numbered(1), numbered(2)]
        assert [row.uid for row in rows] == [2, 3]
        with box.client() as client:
            client.select_folder("INBOX")
            assert client.search(["UNSEEN"]) == [1, 2, 3]  # whoever looks into it finds it as it was


async def test_the_server_tells_by_itself_that_mail_has_come(sqlite_url: str, box: Dovecot) -> None:
    async with reading(sqlite_url, box, imap_poll=3600) as one:
        await one.begin()
        box.deliver(numbered(1))
        await one.until(lambda rows: len(rows) == 1)


async def test_a_server_that_tells_nothing_is_asked(
    sqlite_url: str, box: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mailbox, "waits", False)
    async with reading(sqlite_url, box) as one:
        await one.begin()
        box.deliver(numbered(1))
        await one.until(lambda rows: len(rows) == 1)


async def test_the_time_is_when_the_server_got_it(sqlite_url: str, box: Dovecot) -> None:
    async with reading(sqlite_url, box) as one:
        await one.begin()
        at = datetime.now(UTC).replace(microsecond=0)
        box.deliver(mail(Date="Mon, 1 Jan 2001 00:00:00 +0000"))
        (row,) = await one.until(lambda rows: len(rows) == 1)
        assert timedelta(0) <= row.received_at - at < timedelta(minutes=1)


async def test_a_restart_of_the_server_loses_and_doubles_nothing(database_url: str, box: Dovecot) -> None:
    async with reading(database_url, box) as one:
        await one.begin()
        box.deliver(numbered(1))
        await one.until(lambda rows: len(rows) == 1)
        box.kill()
        one.clock.ahead += timedelta(seconds=5)  # the next look
        await one.reader.round()
        box.start()
        box.deliver(numbered(2))
        one.clock.ahead += timedelta(minutes=10)  # past any waiting
        rows = await one.until(lambda rows: len(rows) == 2)
        assert [row.raw for row in rows] == [numbered(1), numbered(2)]


async def test_a_mailbox_that_numbers_itself_anew_brings_nothing_twice(database_url: str, box: Dovecot) -> None:
    box.deliver(numbered(0), at=datetime(2026, 1, 2, tzinfo=UTC))
    async with reading(database_url, box) as one:
        await one.begin()
        for number in (1, 2, 3, 4):
            box.deliver(numbered(number))
        await one.until(lambda rows: len(rows) == 4)
        before = (await one.cursors())[0].uidvalidity
        with box.client() as client:
            client.select_folder("INBOX")
            client.delete_messages([3, 4, 5])  # so that new numbers are below the last one that was read
            client.expunge()
        box.renumber()
        box.deliver(numbered(5))
        one.clock.ahead += timedelta(minutes=10)
        rows = await one.until(lambda rows: len(rows) == 5)
        assert [row.raw for row in rows] == [numbered(number) for number in (1, 2, 3, 4, 5)]
        assert (await one.cursors())[0].uidvalidity != before


async def test_of_two_processes_one_reads_and_the_other_takes_over(database_url: str, box: Dovecot) -> None:
    async with reading(database_url, box) as one, reading(database_url, box, "two") as two:
        await one.begin()
        box.deliver(numbered(1))
        await one.until(lambda rows: len(rows) == 1)
        assert await two.reader.round() == 0
        assert two.reader._mailbox is None
        box.deliver(numbered(2))
        two.clock.ahead += LEASE * 2  # the first is gone, or so it seems
        rows = await two.until(lambda rows: len(rows) == 2)
        assert [row.raw for row in rows] == [numbered(1), numbered(2)]


async def test_whoever_ends_leaves_it_to_another_at_once(database_url: str, box: Dovecot) -> None:
    async with reading(database_url, box, "two") as two:
        async with reading(database_url, box) as one:
            await one.begin()
            assert await two.reader.round() == 0
            assert two.reader._mailbox is None
        (cursor,) = await two.cursors()
        assert (cursor.holder, cursor.held_until) == (None, None)
        await two.reader.round()
        assert two.reader._mailbox is not None


async def test_whoever_lost_it_takes_it_from_nobody_by_ending(sqlite_url: str, box: Dovecot) -> None:
    async with reading(sqlite_url, box, "two") as two:
        async with reading(sqlite_url, box) as one:
            await one.begin()
            two.clock.ahead += LEASE * 2
            await two.reader.round()
        assert (await two.cursors())[0].holder == "two"


async def test_two_that_read_at_once_store_each_mail_once(database_url: str, box: Dovecot) -> None:
    async with reading(database_url, box) as one, reading(database_url, box, "two") as two:
        await one.begin()
        for number in range(1, 6):
            box.deliver(numbered(number))
        for each in (one, two):
            each.reader._renew_at = each.context.clock.now() + timedelta(hours=1)  # both believe that it is theirs
        async with asyncio.timeout(SOON):
            while len(await one.stored()) < 5:
                await asyncio.gather(one.reader.round(), two.reader.round())
        assert sorted(row.uid for row in await one.stored()) == [1, 2, 3, 4, 5]


async def test_of_a_mail_that_is_too_big_only_so_much_is_read(sqlite_url: str, box: Dovecot) -> None:
    async with reading(sqlite_url, box, max_bytes=64 * 1024) as one:
        await one.begin()
        box.deliver(mail("x" * 70 + "\n" + ("y" * 70 + "\n") * 2_000))
        (row,) = await one.until(lambda rows: len(rows) == 1)
        assert (len(row.raw), row.cut) == (64 * 1024, True)


async def test_a_wrong_password_is_not_tried_again_and_again(sqlite_url: str, box: Dovecot) -> None:
    async with reading(sqlite_url, box, imap_password="wrong") as one:
        tried: list[float] = []
        for _ in range(30):
            await one.reader.round()
            if one.reader._failures > len(tried):
                tried.append(one.clock.ahead.total_seconds())
            one.clock.ahead += timedelta(seconds=10)
        assert len(tried) <= 6


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_only_who_is_the_server_is_given_the_password(tmp_path: Path, security: str) -> None:
    signer = trustme.CA()
    signer.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(file := tmp_path / "c.pem")
    signer.cert_pem.write_to_path(trusted := tmp_path / "ca.pem")
    with dovecot(tls=file, starttls=security == "starttls") as box:
        good = Mailbox(box.settings(imap_security=security, ca_file=trusted))
        await asyncio.to_thread(good.open)
        good.close()
        stranger = Mailbox(box.settings(imap_security=security))
        with pytest.raises(ssl.SSLCertVerificationError) as refused:
            await asyncio.to_thread(stranger.open)
        stranger.close()
        assert isinstance(refused.value, PROBLEMS)


async def test_a_server_without_starttls_is_given_no_password(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no silent falling back; whoever sits between may have taken the offer out."""
    told: list[object] = []
    monkeypatch.setattr(IMAPClient, "login", lambda *given: told.append(given))
    mailbox = Mailbox(box.settings(imap_security="starttls"))
    with pytest.raises(PROBLEMS):
        await asyncio.to_thread(mailbox.open)
    mailbox.close()
    assert told == []
