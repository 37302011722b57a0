"""Frames that no client of ours sends: too big, too deep, broken, mistyped, from another vocabulary."""

import json
from typing import Any

import pytest

from chatserver.errors import CloseCode
from tests.abuse.raw import BINARY, CONTINUATION, PING, TEXT, close_code, frame, handshake, line
from tests.wire import Client, Live
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = json.dumps({"type": "hello", "ref": "hello-hello"})


def deep(levels: int) -> str:
    return '{"type":"mark_seen","ref":"deep-deep","seq":' + "[" * levels + "]" * levels + "}"


BROKEN = {
    "nothing": "",
    "no json": "hello",
    "half": '{"type":"hello"',
    "a list": "[]",
    "a number": "7",
    "null": "null",
    "no type": '{"ref":"no-type-at-all"}',
    "deep": deep(30_000),
    "many digits": '{"type":"mark_seen","ref":"' + "digits-digits" + '","conversation":' + "9" * 5000 + ',"seq":1}',
    "nan": '{"type":"mark_seen","ref":"not-a-number","conversation":NaN,"seq":1}',
    "infinity": '{"type":"mark_seen","ref":"infinity","conversation":1,"seq":Infinity}',
    "exponent": '{"type":"mark_seen","ref":"exponent","conversation":1e400,"seq":1}',
    "surrogate in ref": '{"type":"mark_seen","ref":"\\ud800\\ud800aaaaaaaa"}',
    "surrogate in text": '{"type":"send_message","ref":"surrogate","conversation":1,"client_message_id":"12345678",'
    '"body":"\\udc00"}',
    "two types": '{"type":"mark_seen","type":"hello","ref":"two-types","conversation":1,"seq":1}',
    "byte order mark": "\ufeff" + HELLO,
    "control": '{"type":"mark_seen","ref":"control\u0001","conversation":1,"seq":1}',
    "prototype": '{"type":"mark_seen","ref":"prototype","conversation":1,"seq":1,"__proto__":{"role":"admin"}}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_frame_is_refused_or_ends_its_socket(standing: Live, text: str) -> None:
    vic, _ = await standing.visitor()
    val, _ = await standing.visitor()
    await vic.socket.send(text)
    answered = await said(vic)
    if answered is None:
        assert vic.socket.close_code == CloseCode.BAD_FRAME
    else:
        assert (answered["type"], answered["code"]) == ("refused", "bad_frame")
    assert (await val.ask("subscribe", topic="agents"))["code"] == "not_found"


async def said(client: Client) -> dict[str, Any] | None:
    """The answer to the one frame after hello, or None when the socket ended."""
    try:
        return await client.until(lambda frame: frame["type"] != "welcome" or client.socket.close_code is not None)
    except TimeoutError:
        return None
