"""Whether the desk's two mail servers know us: asked now, changing nothing."""

import asyncio
from dataclasses import dataclass

from chatserver.mail.imap import PROBLEMS, Mailbox
from chatserver.mail.smtp import open_batch
from chatserver.mail_settings import MailSettings


@dataclass(frozen=True, slots=True)
class Reached:
    """`problem`: why not, or None. `waits`: the mailbox tells of new mail by itself."""

    problem: str | None
    waits: bool = False


async def reach_smtp(account: MailSettings) -> Reached:
    async with open_batch(account) as batch:
        problem = await batch.reach()
    return Reached(problem.reason if problem else None)


async def reach_mailbox(account: MailSettings) -> Reached:
    return await asyncio.to_thread(_look, account)


async def reach_all(account: MailSettings) -> dict[str, str | None]:
    """The problem, or None, of each server that is set: `smtp`, `imap`."""
    found: dict[str, str | None] = {}
    if account.sends:
        found["smtp"] = (await reach_smtp(account)).problem
    if account.receives:
        found["imap"] = (await reach_mailbox(account)).problem
    return found


def _look(account: MailSettings) -> Reached:
    box = Mailbox(account)
    try:
        box.open()
        return Reached(None, box.waits)
    except PROBLEMS as error:
        return Reached(str(error))
    finally:
        box.close()
