"""The two doors: who may open a socket is settled before it is accepted, then frames go in and out until it ends."""

import asyncio
import time
from datetime import timedelta

import structlog
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from chatserver.addresses import address_of
from chatserver.errors import CloseCode
from chatserver.metrics import CLOSED
from chatserver.protocol import SUBPROTOCOL
from chatserver.protocol.codec import encode
from chatserver.queries.logins import cookie_name, get_login
from chatserver.ws.connection import Connection
from chatserver.ws.hub import Hub
from chatserver.ws.peer import AWAY
from chatserver.ws.session import Answer, Close, Command, Session
from chatserver.ws.staff import StaffPeer
from chatserver.ws.visitor import VisitorPeer

log = structlog.get_logger()

HELLO_WITHIN = 10.0


async def visitor_door(socket: WebSocket) -> None:
    """`/ws/visitor/{public_key}`: exactly that portal's origins; cookies are not looked at."""
    hub: Hub = socket.app.state.hub
    try:
        key: str = socket.path_params["public_key"]
        front = await hub.fronts.get(key) if key.isprintable() else None  # a database may not like what cannot be a key
    except AWAY:
        await come_again(socket)
        return
    if front is None or socket.headers.get("origin") not in front.origins:
        await refuse(socket)
        return
    connection = Connection(socket, staff=False, portal_id=front.id)
    await _serve(socket, hub, connection, VisitorPeer(hub, connection, key, front))


async def staff_door(socket: WebSocket) -> None:
    """`/ws/staff`: our own origin and a login session. Without one the console is told to log in, not left guessing."""
    hub: Hub = socket.app.state.hub
    settings = hub.context.settings
    if socket.headers.get("origin") != settings.base_url:
        await refuse(socket)
        return
    token = socket.cookies.get(cookie_name(settings.secure))
    idle = timedelta(hours=settings.login_idle_hours)
    try:
        async with hub.context.db.read() as session:
            login = await get_login(session, token, hub.context.clock.now(), idle)
    except AWAY:
        await come_again(socket)
        return
    connection = Connection(socket, staff=True)
    if login is None:
        await socket.accept(subprotocol=SUBPROTOCOL)
        await socket.close(CloseCode.LOGIN_AGAIN, "log in again")
        return
    await _serve(socket, hub, connection, StaffPeer(hub, connection, login[0]))


async def come_again(socket: WebSocket) -> None:
    """503 before the socket exists: the database is away, or too many come at once. Clients back off and try again."""
    log.warning("socket.database_away", path=socket.url.path)
    await socket.send_denial_response(PlainTextResponse("Come again.", 503, {"Retry-After": "5"}))


async def refuse(socket: WebSocket) -> None:
    """403 before the socket exists; the same for an unknown portal and a foreign origin."""
    log.info("socket.refused", path=socket.url.path, origin=(socket.headers.get("origin") or "")[:200])
    await socket.close()


async def _serve(socket: WebSocket, hub: Hub, connection: Connection, peer: VisitorPeer | StaffPeer) -> None:
    if SUBPROTOCOL not in socket.scope["subprotocols"]:
        await socket.accept()
        await socket.close(CloseCode.VERSION_NOT_SPOKEN, f"speak {SUBPROTOCOL}")
        return
    with hub.crowd.enter(address_of(socket)) as admitted:
        if not admitted:
            await socket.send_denial_response(Response(status_code=429, headers={"Retry-After": "60"}))
            return
        await socket.accept(subprotocol=SUBPROTOCOL)
        await _talk(socket, hub, connection, peer)


async def _talk(socket: WebSocket, hub: Hub, connection: Connection, peer: VisitorPeer | StaffPeer) -> None:
    hub.add(connection)
    writer = asyncio.create_task(connection.write())
    try:
        with structlog.contextvars.bound_contextvars(connection=connection.id):
            await _read(socket, connection, peer)
        await asyncio.wait({writer})
    finally:
        writer.cancel()
        await asyncio.shield(_goodbye(hub, connection, peer))


async def _goodbye(hub: Hub, connection: Connection, peer: VisitorPeer | StaffPeer) -> None:
    """Write down when they left. That may fail (the database is away): then the last renewal stands in for it."""
    try:
        await peer.gone()
    except Exception:
        log.warning("socket.goodbye_failed", connection=connection.id, exc_info=True)
    await hub.remove(connection)
    CLOSED.labels((connection.closing or CloseCode.GOING_AWAY).name.lower()).inc()


async def _first(socket: WebSocket) -> Message:
    async with asyncio.timeout(HELLO_WITHIN):
        return await socket.receive()


async def _read(socket: WebSocket, connection: Connection, peer: VisitorPeer | StaffPeer) -> None:
    """Frames one after another, each answered before the next, and no next one while much waits to be read: who hurries
    waits for itself."""
    session = Session(staff=connection.staff)
    try:
        while connection.closing is None:
            if connection.crowded:
                await connection.room()
            message = await (socket.receive() if session.greeted else _first(socket))
            if message["type"] == "websocket.disconnect":
                connection.close(CloseCode.GOING_AWAY)
                return
            match session.receive(message.get("text"), time.monotonic()):
                case Command(frame):
                    await peer.handle(frame)
                case Answer(frame):
                    connection.send(encode(frame))
                case Close(code, reason):
                    connection.close(code, reason)
    except TimeoutError:
        connection.close(CloseCode.HELLO_TIMEOUT, "no hello")
    except WebSocketDisconnect:
        connection.close(CloseCode.GOING_AWAY)
    except Exception:
        log.exception("socket.failed", connection=connection.id)
        connection.close(CloseCode.SERVER_ERROR, "our mistake; reconnect")
