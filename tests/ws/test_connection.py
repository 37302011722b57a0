"""Guarantee 9: a reader who does not read hurts only themselves. The way out of one socket, bounded."""

import asyncio

import pytest

from chatserver.errors import CloseCode
from chatserver.ws import connection as module
from chatserver.ws.connection import FEW_FRAMES, MAX_BYTES, MAX_FRAMES
from tests.ws.sockets import connect, waiting

pytestmark = pytest.mark.asyncio

PATIENCE = 5.0


async def test_frames_are_written_in_order_and_then_the_socket_is_closed() -> None:
    socket, connection = connect()
    for number in range(3):
        connection.send(str(number))
    connection.close(CloseCode.RESTARTING, "restarting")
    connection.send("too late")
    async with asyncio.timeout(PATIENCE):
        await connection.write()
    assert socket.sent == ["0", "1", "2"]
    assert socket.closed == (CloseCode.RESTARTING, "restarting")
    assert not socket.aborted


async def test_what_is_sent_later_is_written_too() -> None:
    socket, connection = connect()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(connection.write())
        await asyncio.sleep(0)
        connection.send("1")
        await asyncio.sleep(0)
        connection.send("2")
        connection.close(CloseCode.GOING_AWAY)
    assert socket.sent == ["1", "2"]


async def test_a_full_queue_loses_what_is_ephemeral_first() -> None:
    _, connection = connect()
    for number in range(MAX_FRAMES):
        connection.send(str(number), ephemeral=number % 2 == 1)
    connection.send("1000")
    assert connection.closing is None
    assert waiting(connection) == [*range(0, MAX_FRAMES, 2), 1000]


async def test_an_ephemeral_frame_never_ends_a_socket() -> None:
    _, connection = connect()
    for number in range(MAX_FRAMES):
        connection.send(str(number))
    connection.send("1000", ephemeral=True)
    assert connection.closing is None
    assert waiting(connection) == list(range(MAX_FRAMES))


async def test_a_queue_full_of_what_counts_ends_the_socket_at_once() -> None:
    socket, connection = connect()
    for number in range(MAX_FRAMES + 1):
        connection.send(str(number))
    assert connection.closing is CloseCode.TOO_SLOW
    async with asyncio.timeout(PATIENCE):
        await connection.write()
    assert socket.sent == []
    assert socket.closed is not None
    assert socket.closed[0] == CloseCode.TOO_SLOW
    assert socket.aborted


async def test_what_waits_is_bounded_in_size_and_one_long_answer_is_not() -> None:
    _, connection = connect()
    connection.send("x" * (3 * MAX_BYTES))
    assert connection.closing is None
    connection.send("y")
    assert connection.closing is CloseCode.TOO_SLOW


async def test_a_reader_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The close code is tried first, but closing waits for the very reader who does not read."""
    monkeypatch.setattr(module, "SEND_TIMEOUT", 0.02)
    monkeypatch.setattr(module, "CLOSE_TIMEOUT", 0.02)
    socket, connection = connect()
    socket.reads.clear()
    connection.send("1")
    async with asyncio.timeout(PATIENCE):
        await connection.write()
    assert (socket.sent, socket.closed, socket.aborted) == ([], None, True)
    assert connection.closing is CloseCode.TOO_SLOW


async def test_a_reader_who_is_gone_is_let_go() -> None:
    socket, connection = connect()
    socket.gone = True
    connection.send("1")
    async with asyncio.timeout(PATIENCE):
        await connection.write()
    assert connection.closing is CloseCode.GOING_AWAY
    assert not socket.aborted


async def test_who_asks_for_much_gets_one_answer_after_another() -> None:
    socket, connection = connect()
    socket.reads.clear()
    for number in range(FEW_FRAMES + 2):
        connection.send(str(number))
    writing = asyncio.create_task(connection.write())
    room = asyncio.create_task(connection.room())
    await asyncio.sleep(0.01)
    assert not room.done()
    socket.reads.set()
    async with asyncio.timeout(PATIENCE):
        await room
    connection.close(CloseCode.GOING_AWAY)
    async with asyncio.timeout(PATIENCE):
        await writing


async def test_nobody_waits_for_room_in_a_socket_that_ends() -> None:
    _, connection = connect()
    for number in range(MAX_FRAMES):
        connection.send(str(number))
    room = asyncio.create_task(connection.room())
    await asyncio.sleep(0)
    connection.close(CloseCode.LOGIN_AGAIN)
    async with asyncio.timeout(PATIENCE):
        await room


async def test_what_waits_is_counted_in_bytes() -> None:
    _, connection = connect()
    connection.send("日" * (MAX_BYTES // 3 + 1))
    connection.send("y")
    assert connection.closing is CloseCode.TOO_SLOW
