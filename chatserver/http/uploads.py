"""Files of tickets, to and from staff: sent with a form of the ticket's page, opened by a key that nobody guesses."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from chatserver.actions.files import FileSender, send_file
from chatserver.actions.messages import add_note, send_message
from chatserver.actions.thread import find_said
from chatserver.actions.unit import Context, Unit
from chatserver.errors import Refused, not_found
from chatserver.files import FileMissing, Store
from chatserver.files.kinds import KINDS
from chatserver.files.receiving import Received
from chatserver.http.doors import Login
from chatserver.http.multipart import Sent, read_upload
from chatserver.http.tickets import folio_of, identify_staff, show_again
from chatserver.models import Message, StoredFile
from chatserver.protocol.base import MAX_TEXT
from chatserver.protocol.commands import AddNote, SendMessage
from chatserver.queries.access import get_ticket
from chatserver.queries.files import get_file
from chatserver.types import ConversationId, SenderKind

log = structlog.get_logger()

LOCKED_UP = "sandbox; default-src 'none'"
"""What a browser that shows a file in spite of all may do with it: nothing."""


async def do_send(request: Request, login: Login) -> Response:
    """A file, and the words that go with it: an answer, or (`inside`) a note. Without words, its name says enough. Who
    asks for JSON, as a script does, gets the refusal by its code."""
    context, folio = context_of(request), folio_of(request)
    async with context.db.read() as session:
        ticket, _ = await get_ticket(session, login.actor, folio)
    async with read_upload(request, context.settings.files) as sent:
        problem = await _send(request, login, ConversationId(ticket.conversation_id), sent)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(
            {"type": "refused", "code": problem} if problem else {"type": "done"}, 422 if problem else 200
        )
    if problem:
        return await show_again(request, login, kept={"file": sent.fields.get("body", "")}, problem={"file": problem})
    return RedirectResponse(f"/tickets/{folio}#newest", 303)


async def _send(request: Request, login: Login, conversation: ConversationId, sent: Sent) -> str | None:
    """Why nothing was sent, or None."""
    if sent.refusal or sent.file is None:
        return sent.refusal.code if sent.refusal else "file_empty"
    kind: type[Any] = AddNote if sent.fields.get("inside") else SendMessage
    action: Callable[..., Awaitable[Any]] = add_note if kind is AddNote else send_message
    try:
        command: Any = kind.model_validate(command_fields(sent, conversation, sent.file, kind))
    except ValidationError:
        return "text_too_long" if len(sent.fields.get("body", "")) > MAX_TEXT else "bad_frame"
    identify = identify_staff(login)

    async def say(unit: Unit) -> Message:
        actor = await identify(unit)
        await action(unit, actor, command)
        await unit.flush()
        return await find_said(unit, conversation, SenderKind.AGENT, actor.id, command.client_message_id)

    sender = FileSender(SenderKind.AGENT, login.actor.id)
    try:
        await send_file(context_of(request), store_of(request), sender, conversation, sent.file, say)
    except Refused as refusal:
        return refusal.code
    return None


def command_fields(sent: Sent, conversation: int, file: Received, kind: type[Any]) -> dict[str, Any]:
    """A command, as the fields of a form give it; what was left blank says the file's name."""
    id = sent.fields.get("client_message_id", "")
    body = sent.fields.get("body", "")
    return {
        "type": "add_note" if kind is AddNote else "send_message",
        "ref": id,
        "client_message_id": id,
        "conversation": conversation,
        "body": body if body.strip() else file.name,
    }


async def open_file(request: Request, login: Login) -> Response:
    async with context_of(request).db.read() as session:
        file = await get_file(session, login.actor, request.path_params["key"])
    return await download(request, file)


async def download(request: Request, file: StoredFile) -> Response:
    """The bytes, to be saved and not shown. Only pictures, which were drawn anew, say what they are."""
    try:
        chunks: AsyncIterator[bytes] = await store_of(request).open(file.key)
    except FileMissing:
        log.exception("files.missing", key=file.key)
        raise not_found("file") from None
    kind = KINDS[file.kind]
    return StreamingResponse(
        chunks,
        media_type=kind.media_type if kind.image else "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Length": str(file.size),
            "Content-Security-Policy": LOCKED_UP,
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


def context_of(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


def store_of(request: Request) -> Store:
    store: Store = request.app.state.service.store
    return store
