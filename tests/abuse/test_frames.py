"""Frames that no client of ours sends: too big, too deep, broken, mistyped, from another vocabulary."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chatserver.errors import CloseCode
from chatserver.protocol.base import Wire
from chatserver.protocol.catalog import frame_type
from chatserver.protocol.commands import GetEarlier, Subscribe, Typing, Unsubscribe
from chatserver.ws.dispatch import STAFF, VISITOR
from tests.abuse.answers import outcome
from tests.abuse.raw import BINARY, CONTINUATION, PING, TEXT, frame, handshake, line
from tests.awake import awake
from tests.wire import Live
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = json.dumps({"type": "hello", "ref": "hello-hello"})
MARK = '{"type":"mark_seen","ref":"mark-mark-mark","conversation":%s,"seq":%s}'
SAY = '{"type":"send_message","ref":"say-say-say","conversation":1,"client_message_id":"12345678","body":"%s"}'

BROKEN = {
    "nothing": "",
    "no json": "hello",
    "half": '{"type":"hello"',
    "a list": "[]",
    "a number": "7",
    "null": "null",
    "no type": '{"ref":"no-type-at-all"}',
    "deep": MARK % (1, "[" * 30_000 + "]" * 30_000),
    "many digits": MARK % ("9" * 5000, 1),
    "not a number": MARK % ("NaN", 1),
    "infinity": MARK % (1, "Infinity"),
    "exponent": MARK % ("1e400", 1),
    "surrogate in a ref": '{"type":"mark_seen","ref":"\\ud800\\ud800aaaaaaaa"}',
    "surrogate in a text": SAY % "\\udc00",
    "two types": '{"type":"hello","type":"mark_seen","type":"nothing","ref":"two-types"}',
    "byte order mark": "\ufeff" + HELLO,
    "control sign": SAY % "\u0001",
    "prototype": '{"type":"mark_seen","ref":"prototype","conversation":1,"seq":1,"__proto__":{"role":"admin"}}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_frame_is_refused_or_ends_its_socket_and_no_other(standing: Live, text: str) -> None:
    vic, _ = await standing.visitor()
    val, _ = await standing.visitor()
    got = await outcome(vic, text)
    assert got.code == "bad_frame" or got.closed == CloseCode.BAD_FRAME, got
    assert (await val.ask("subscribe", topic="agents"))["code"] == "not_found"
    early = await standing.open(f"/ws/visitor/{standing.portal.public_key}", origin=standing.portal.origins[0])
    assert (await outcome(early, text)).closed in (CloseCode.BAD_FRAME, CloseCode.HELLO_FIRST)


RIGHT: dict[str, Any] = {
    "agent": 2,
    "before": 5,
    "body": "Hola",
    "capacity": 9,
    "category": "Otro",
    "client_message_id": "12345678",
    "contact": CONTACT,
    "conversation": 4711,
    "disposition": "resolved",
    "evidence": "none",
    "external_cause": True,
    "impact": "other",
    "level": 1,
    "link": "follows",
    "move": "take",
    "on": True,
    "other": 4712,
    "rfc": "none",
    "score": 5,
    "seq": 1,
    "severity": "S3",
    "state": "away",
    "summary": "No timbra",
    "ticket": 4711,
    "topic": "conversation:4711",
    "urgency": "low",
}

WRONG: dict[type, list[Any]] = {
    int: ["1", 1.0, 1.5, True, [1], {"id": 1}, None, -1, 2**31, 10**30],
    str: [1, True, None, ["x"], {"$ne": ""}, "", "x" * 5000],
    bool: [1, 0, "true", None, [True]],
    dict: ["Vic", [], None, CONTACT | {"id": 1}, CONTACT | {"role": "agent"}, CONTACT | {"name": ["Vic"]}],
}

EXTRA = ("role", "seq", "sender", "sender_kind", "agent_id", "visitor", "is_admin", "at", "__class__")

OTHERS = (Subscribe, Unsubscribe, GetEarlier)


def mistyped(table: dict[type[Any], Any]) -> Iterator[dict[str, Any]]:
    """Every command of a vocabulary, each with one field that is not what it should be, or one that it has not."""
    kinds: list[type[Wire]] = [*table, *OTHERS]
    for kind in kinds:
        fields = kind.model_fields
        right = {"type": frame_type(kind)} | {
            name: RIGHT[name] for name, field in fields.items() if field.is_required() and name not in ("type", "ref")
        }
        for name, value in list(right.items())[1:]:
            for wrong in WRONG[type(value)]:
                yield right | {name: wrong}
        for name in EXTRA:
            if name not in fields:
                yield right | {name: "agent"}


@pytest.mark.parametrize("side", ["visitor", "staff"])
async def test_no_field_of_any_command_is_coerced_and_none_is_ignored(standing: Live, side: str) -> None:
    """Real refusals of the parser, all of them; a fresh socket for every few, as a client may only err so often."""
    frames = list(mistyped(VISITOR if side == "visitor" else STAFF))
    assert len(frames) > 150
    while frames:
        client, _ = await (standing.visitor() if side == "visitor" else standing.staff("sue"))
        for wrong in (frames.pop() for _ in range(min(5, len(frames)))):
            got = await outcome(client, json.dumps(wrong | {"ref": fresh()}))
            assert (got.type, got.code, got.closed) == ("refused", "bad_frame", None), wrong
        await client.leave()


async def test_who_keeps_sending_nonsense_is_sent_away(standing: Live) -> None:
    vic, _ = await standing.visitor()
    answers = [await outcome(vic, '{"type":"mark_seen","ref":"nonsense"}') for _ in range(6)]
    assert [got.code for got in answers[:5]] == ["bad_frame"] * 5
    assert answers[5].closed == CloseCode.BAD_FRAME


async def test_typing_in_anothers_conversation_reaches_nobody(standing: Live) -> None:
    vic, _ = await standing.visitor()
    conversation = await standing.start(vic)
    val, _ = await standing.visitor()
    await val.whisper(frame_type(Typing), conversation=conversation, on=True)
    assert (await val.ask("subscribe", topic=f"conversation:{conversation}"))["code"] == "not_found"
    assert not [each for each in vic.frames if each["type"] == "typing_changed"]


RAW = {
    "not masked": (frame(HELLO.encode(), masked=False), 1002),
    "reserved bits": (frame(HELLO.encode(), reserved=0x40), 1002),
    "unknown opcode": (frame(b"x", 0x3), 1002),
    "bad utf-8": (frame(b"\xff\xfe" + HELLO.encode()), 1007),
    "binary": (frame(HELLO.encode(), BINARY), CloseCode.BAD_FRAME),
    "continues nothing": (frame(b"x", CONTINUATION), 1002),
    "long ping": (frame(b"x" * 126, PING), 1002),
    "fragmented ping": (frame(b"x", PING, final=False), 1002),
    "a byte too many": (frame(b"x" * 65_537), 1009),
    "too many in pieces": (frame(b"x" * 40_000, final=False) + frame(b"x" * 40_000, CONTINUATION), 1009),
    "says it is huge": (b"\x81\xff" + (2**62).to_bytes(8, "big") + bytes(4), 1009),
}


@pytest.mark.parametrize(("data", "code"), RAW.values(), ids=RAW.keys())
async def test_a_line_that_breaks_the_protocol_is_ended_with_the_reason(standing: Live, data: bytes, code: int) -> None:
    async with line(standing.port) as it:
        await it.send(handshake(f"/ws/visitor/{standing.portal.public_key}", standing.portal.origins[0]))
        await it.until(b"\r\n\r\n")
        await it.send(data)
        assert await it.close_code() == code


async def test_the_largest_frame_is_read_and_in_pieces_too(standing: Live) -> None:
    async with line(standing.port) as it:
        await it.send(handshake(f"/ws/visitor/{standing.portal.public_key}", standing.portal.origins[0]))
        await it.until(b"\r\n\r\n")
        await it.send(frame(HELLO.encode()[:9], TEXT, final=False) + frame(HELLO.encode()[9:], CONTINUATION))
        await it.until(b'"type":"welcome"')
        padded = HELLO.replace("hello-hello", "hello-again") + " " * 65_536
        await it.send(frame(padded.encode()[:65_536]))
        assert await it.close_code() == CloseCode.BAD_FRAME


async def test_pieces_without_end_are_cut_off(standing: Live) -> None:
    async with line(standing.port) as it:
        await it.send(handshake(f"/ws/visitor/{standing.portal.public_key}", standing.portal.origins[0]))
        await it.until(b"\r\n\r\n")
        await it.send(frame(b"{", final=False))
        assert await it.pour(frame(b"", CONTINUATION, final=False) * 100, at_most=2000, pause=0.001) < 1000


async def test_compression_is_not_spoken_so_nothing_can_blow_up(standing: Live) -> None:
    async with line(standing.port) as it:
        extension = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
        key = standing.portal.public_key
        await it.send(handshake(f"/ws/visitor/{key}", standing.portal.origins[0], extension))
        head = await it.until(b"\r\n\r\n")
        assert b"101" in head
        assert b"extensions" not in head.lower()


async def test_parsing_the_worst_frame_takes_no_time_to_speak_of(standing: Live) -> None:
    vic, _ = await standing.visitor()
    worst = '{"type":"send_message","ref":"worst-worst","x":' + "[0," * 21_000 + "0" + "]" * 2 + "}"
    with awake() as seconds:
        assert (await outcome(vic, worst[:65_536])).closed == CloseCode.BAD_FRAME
        assert seconds() < 0.5
