"""What `doctor` finds out about mail: whether both servers know us, and what lies about that nobody has seen."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, func, select

from chatserver.cli.findings import Finding
from chatserver.mail.imap import PROBLEMS, Mailbox
from chatserver.mail.smtp import TryAgain, open_batch
from chatserver.models import InboundMail, MailState, NoticeRow, NoticeState
from chatserver.settings import Settings

LATELY = timedelta(days=7)


async def check_mail(settings: Settings) -> list[Finding]:
    account = settings.mail
    if not account.sends and not account.receives:
        return [Finding("ok", "mail: off, no account is set")]
    findings: list[Finding] = []
    if account.sends:
        async with open_batch(account) as batch:
            problem = await batch.reach()
        findings.append(_sends(problem))
    if account.receives:
        findings.append(await asyncio.to_thread(_receives, settings))
    return findings


async def count_mail(connection: AsyncConnection) -> list[Finding]:
    """What somebody should look at, of the last week."""
    since = datetime.now(UTC) - LATELY
    lost = (NoticeState.REFUSED, NoticeState.GIVEN_UP, NoticeState.BOUNCED)
    undelivered = await connection.scalar(
        select(func.count()).where(col(NoticeRow.state).in_(lost), col(NoticeRow.created_at) > since)
    )
    failed = await connection.scalar(select(func.count()).where(col(InboundMail.state) == MailState.FAILED))
    aside = await connection.scalar(
        select(func.count()).where(col(InboundMail.outcome) == "set_aside", col(InboundMail.received_at) > since)
    )
    findings: list[Finding] = []
    if undelivered:
        findings.append(Finding("warn", f"mail: {undelivered} not delivered in a week; each is noted in its ticket"))
    if aside:
        findings.append(Finding("warn", f"mail: {aside} of machines or floods set aside in a week, in inbound_mail"))
    if failed:
        findings.append(Finding("bad", f"mail: {failed} could not be dealt with, in inbound_mail: see the log"))
    return findings


def _sends(problem: TryAgain | None) -> Finding:
    if problem is None:
        return Finding("ok", "mail: the SMTP server takes us in")
    return Finding("bad", f"mail: the SMTP server does not take us in: {problem.reason}")


def _receives(settings: Settings) -> Finding:
    box = Mailbox(settings.mail)
    try:
        box.open()
        waits = "" if box.waits else f"; it is asked every {settings.mail.imap_poll:.0f} s"
    except PROBLEMS as error:
        return Finding("bad", f"mail: the mailbox cannot be read: {error}")
    finally:
        box.close()
    return Finding("ok", f"mail: the mailbox can be read{waits}")
