"""Files of a conversation, to and from the widget: asked for by a portal's page, with the client's token in a header,
so that no link and no other page can send or read one in their name. Answers are JSON, for scripts."""

from datetime import timedelta
from typing import Any, cast

from limits import RateLimitItemPerMinute
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatserver.actions.files import FileSender, send_file
from chatserver.actions.messages import send_message
from chatserver.actions.thread import find_said
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.http.errors import STATUS
from chatserver.http.multipart import Sent, read_upload
from chatserver.http.uploads import command_fields, context_of, download, store_of
from chatserver.models import Message
from chatserver.protocol.commands import SendMessage
from chatserver.protocol.replies import ConversationStarted
from chatserver.queries.access import get_conversation, get_visitor
from chatserver.queries.files import get_file
from chatserver.queries.portal_pages import get_client, get_portal
from chatserver.rates import Rates
from chatserver.types import ConversationId, SenderKind, VisitorActor

TOKEN = "X-Chatserver-Token"  # noqa: S105 -- the header's name

SENT = RateLimitItemPerMinute(30, 10, namespace="visitor-file")


async def preflight(request: Request) -> Response:
    """What a browser asks before it lets a portal's page send anything."""
    origin = await _origin(request)
    allowed = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": TOKEN}
    return Response(status_code=204, headers={**_shared(origin), **allowed, "Access-Control-Max-Age": "600"})


async def do_send(request: Request) -> Response:
    """A message with a file. The form has `conversation`, `client_message_id`, `body` (or none), then `file`."""
    origin = await _origin(request)
    try:
        message = await _send(request, await _client(request))
    except Refused as refusal:
        return _refused(refusal, origin)
    said = {"conversation": message.conversation_id, "seq": message.seq, "client_message_id": message.client_message_id}
    return JSONResponse(said, headers=_shared(origin))


async def open_file(request: Request) -> Response:
    origin = await _origin(request)
    try:
        actor = await _client(request)
        async with context_of(request).db.read() as session:
            file = await get_file(session, actor, request.path_params["key"])
        response = await download(request, file)
    except Refused as refusal:
        return _refused(refusal, origin)
    response.headers.update(_shared(origin))
    return response


async def _send(request: Request, actor: VisitorActor) -> Message:
    """Raises `Refused`. An ended conversation takes no file: what is said in it would begin another."""
    context = context_of(request)
    if not await cast("Rates", request.app.state.service.rates).admits(SENT, str(actor.id)):
        raise Refused("too_often", "That was too often.", retry_after=60)
    async with read_upload(request, context.settings.files) as sent:
        if sent.refusal or sent.file is None:
            raise sent.refusal or Refused("file_empty", "There is no file in the form.", field="file")
        command = _command(sent)
        conversation = ConversationId(command.conversation)
        async with context.db.read() as session:
            await get_conversation(session, actor, conversation)
        found: list[Message] = []

        async def say(unit: Unit) -> Message:
            client = await _client_in(unit, actor)
            if isinstance(await send_message(unit, client, command), ConversationStarted):
                raise Refused("ended", "The conversation has ended.")
            await unit.flush()
            id = command.client_message_id
            found.append(await find_said(unit, conversation, SenderKind.VISITOR, client.id or 0, id))
            return found[-1]

        sender = FileSender(SenderKind.VISITOR, actor.id or 0)
        await send_file(context, store_of(request), sender, conversation, sent.file, say)
    return found[-1]


def _command(sent: Sent) -> SendMessage:
    number = sent.fields.get("conversation", "")
    if sent.file is None or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise not_found("conversation")
    try:
        return SendMessage.model_validate(command_fields(sent, int(number), sent.file, SendMessage))
    except ValidationError:
        raise Refused("bad_frame", "The form is not as it should be.") from None


async def _client_in(unit: Unit, actor: VisitorActor) -> VisitorActor:
    """The client as they are inside the command's own transaction."""
    if await get_visitor(unit.session, actor.portal_id, actor.token_hash) is None:
        raise not_found("conversation")
    return actor


async def _client(request: Request) -> VisitorActor:
    context = context_of(request)
    idle = timedelta(hours=context.settings.visitor_idle_hours)
    async with context.db.read() as session:
        portal = await get_portal(session, request.path_params["public_key"], request.headers.get("origin"))
        return await get_client(session, portal, request.headers.get(TOKEN), context.clock.now(), idle)


async def _origin(request: Request) -> str:
    """The page's, once it is found on the portal's list. Raises `Refused` (foreign_form)."""
    origin = request.headers.get("origin")
    async with context_of(request).db.read() as session:
        await get_portal(session, request.path_params["public_key"], origin)
    return origin or ""


def _shared(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Origin",
    }


def _refused(refusal: Refused, origin: str) -> Response:
    said: dict[str, Any] = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
    status = 401 if refusal.code == "token_unknown" else STATUS.get(refusal.code, 422)
    retry = {"Retry-After": f"{refusal.retry_after:.0f}"} if refusal.retry_after else {}
    return JSONResponse(said, status, _shared(origin) | retry)
