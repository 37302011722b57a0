"""What of mail goes on in a process: nothing, where no account is set."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from chatserver.actions.mailbox import forget_old_mail
from chatserver.actions.unit import Context
from chatserver.files import Store
from chatserver.mail.inbox import deal_with_new
from chatserver.mail.reader import Reader
from chatserver.mail.sender import send_due

LOOK = timedelta(seconds=1)
CLEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Work that comes again; the loops are the process's."""

    name: str
    interval: timedelta
    work: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class MailWork:
    """`reader`: who reads the mailbox, where one is set."""

    tasks: tuple[Task, ...] = ()
    reader: Reader | None = None

    async def close(self) -> None:
        """When the tasks have ended."""
        if self.reader is not None:
            await self.reader.close()


def mail_work(context: Context, store: Store, process_id: str) -> MailWork:
    account = context.settings.mail
    tasks: list[Task] = []
    if account.sends:
        tasks.append(Task("mail_out", LOOK, lambda: send_due(context)))
    if not account.receives:
        return MailWork(tuple(tasks))
    reader = Reader(context, process_id[:40])
    tasks.append(Task("mailbox", LOOK, reader.round))
    tasks.append(Task("mail_in", LOOK, lambda: deal_with_new(context, store)))
    tasks.append(Task("mail_clear", CLEAR, lambda: forget_old_mail(context)))
    return MailWork(tuple(tasks), reader)
