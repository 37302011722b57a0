"""What `doctor` finds out about mail: whether both servers know us, and what lies about that nobody has seen."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, func, select

from chatserver.cli.findings import Finding
from chatserver.mail.reach import Reached, reach_mailbox, reach_smtp
from chatserver.models import InboundMail, MailState, NoticeRow, NoticeState
from chatserver.settings import Settings

LATELY = timedelta(days=7)


async def check_mail(settings: Settings) -> list[Finding]:
    account = settings.mail
    if not account.sends and not account.receives:
        return [Finding("ok", "mail: off, no account is set")]
    findings: list[Finding] = []
    if account.sends:
        findings.append(_sends(await reach_smtp(account)))
    if account.receives:
        findings.append(_receives(await reach_mailbox(account), account.imap_poll))
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
        findings.append(Finding("warn", f"mail: {aside} of machines or floods set aside in a week: see /admin/aside"))
    if failed:
        findings.append(Finding("bad", f"mail: {failed} could not be dealt with: see /admin/aside, and the log"))
    return findings


def _sends(reached: Reached) -> Finding:
    if reached.problem is None:
        return Finding("ok", "mail: the SMTP server takes us in")
    return Finding("bad", f"mail: the SMTP server does not take us in: {reached.problem}")


def _receives(reached: Reached, poll: float) -> Finding:
    if reached.problem is not None:
        return Finding("bad", f"mail: the mailbox cannot be read: {reached.problem}")
    return Finding(
        "ok", "mail: the mailbox can be read" + ("" if reached.waits else f"; it is asked every {poll:.0f} s")
    )
