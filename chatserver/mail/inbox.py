"""Dealing with the mails that were stored: each is claimed, read in a thread, acted on once, and its files are kept."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import structlog

from chatserver.actions.files import FileSender, send_file
from chatserver.actions.inbound import (
    Dealt,
    act_on_mail,
    finish_mail,
    note_file_refused,
    say_file,
)
from chatserver.actions.mailbox import claim_mail, note_failed
from chatserver.actions.unit import Context
from chatserver.errors import Refused
from chatserver.files import Store
from chatserver.files.base import CHUNK
from chatserver.files.receiving import receive
from chatserver.mail.parse import parse_mail
from chatserver.metrics import MAILS_IN
from chatserver.models import InboundMail
from chatserver.process.incoming import Attachment, IncomingMail
from chatserver.types import ConversationId, SenderKind

log = structlog.stdlib.get_logger(__name__)

CLAIM = timedelta(minutes=5)
ROUND = 2.0
"""Seconds of a round: a process that ends waits for it."""


async def deal_with_new(context: Context, store: Store, within: float = ROUND) -> int:
    """For so many seconds; returns how many mails were dealt with. One that fails is tried later, and holds up no
    other."""
    done, until = 0, time.monotonic() + within
    while time.monotonic() < until:
        row = await claim_mail(context, CLAIM)
        if row is None:
            break
        try:
            await _deal_with(context, store, row)
            done += 1
        except Exception as error:
            again = await note_failed(context, row.id, type(error).__name__)
            log.exception("mail.failed", mail=row.id, again=again)
    return done


async def _deal_with(context: Context, store: Store, row: InboundMail) -> None:
    account = context.settings.mail
    mail = await asyncio.to_thread(parse_mail, row.raw, account.own_address)
    dealt = await context.attempt(lambda unit: act_on_mail(unit, row.id, mail))
    secret = False
    if dealt.conversation is not None:
        secret = await _keep_files(context, store, row, mail, dealt)
    await context.attempt(lambda unit: finish_mail(unit, row.id, forget=secret))
    MAILS_IN.labels(dealt.outcome).inc()


async def _keep_files(context: Context, store: Store, row: InboundMail, mail: IncomingMail, dealt: Dealt) -> bool:
    """Whether one of them was a key: of that not even the mail is kept."""
    secret = False
    for number, file in enumerate((*dealt.files, *mail.attachments)):
        try:
            await _keep(context, store, dealt, f"mail-{row.id}", (number, file))
        except Refused as refusal:
            secret = secret or refusal.code == "file_key_material"
            say_so = partial(
                note_file_refused, dealt=dealt, id=f"mail-{row.id}-{number}", name=file.name, code=refusal.code
            )
            await context.attempt(say_so)
    return secret


async def _keep(context: Context, store: Store, dealt: Dealt, id: str, numbered: tuple[int, Attachment]) -> None:
    if dealt.conversation is None or dealt.visitor is None:
        return
    number, file = numbered
    conversation, sender = ConversationId(dealt.conversation), FileSender(SenderKind.VISITOR, dealt.visitor)
    async with receive(file.name, _pieces(file.content), context.settings.files) as received:
        say = partial(say_file, dealt=dealt, id=id, number=number, name=received.name)
        await send_file(context, store, sender, conversation, received, say)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]
