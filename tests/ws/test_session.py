"""One connection without a socket: what it may say first, how much, how often, and what happens when it errs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import CLOSE_ADVICE, CloseCode
from chatserver.protocol.codec import MAX_FRAME, encode
from chatserver.protocol.commands import StaffHello, Unsubscribe, VisitorHello
from chatserver.ws.session import MAX_BAD_FRAMES, STAFF_RATE, VISITOR_RATE, Answer, Close, Command, Session

LONGEST_REASON = 123
"""Bytes that fit into a close frame beside the code (RFC 6455, 5.5)."""


def text_of(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, "ref": "ref-of-this-one"} | fields)


HELLO = text_of("hello")
UNSUBSCRIBE = text_of("unsubscribe", topic="agents")


def greeted(*, staff: bool = False) -> Session:
    session = Session(staff=staff)
    assert isinstance(session.receive(HELLO, 0), Command)
    return session


def closed_with(outcome: Any) -> CloseCode:
    assert isinstance(outcome, Close), outcome
    return outcome.code


@pytest.mark.parametrize(("staff", "kind"), [(False, VisitorHello), (True, StaffHello)])
def test_hello_comes_first(staff: bool, kind: type[Any]) -> None:
    session = Session(staff=staff)
    outcome = session.receive(HELLO, 0)
    assert isinstance(outcome, Command)
    assert isinstance(outcome.frame, kind)
    again = session.receive(UNSUBSCRIBE, 0)
    assert isinstance(again, Command)
    assert isinstance(again.frame, Unsubscribe)


def test_nothing_else_comes_first() -> None:
    assert closed_with(Session(staff=False).receive(UNSUBSCRIBE, 0)) is CloseCode.HELLO_FIRST
    typing = json.dumps({"type": "typing", "conversation": 1, "on": True})
    assert closed_with(Session(staff=True).receive(typing, 0)) is CloseCode.HELLO_FIRST


def test_hello_comes_once() -> None:
    assert closed_with(greeted().receive(HELLO, 0)) is CloseCode.BAD_FRAME


def test_a_first_frame_that_is_bad_is_the_last() -> None:
    assert closed_with(Session(staff=False).receive(text_of("hello", zone=7), 0)) is CloseCode.BAD_FRAME


def test_frames_are_text() -> None:
    assert closed_with(greeted().receive(None, 0)) is CloseCode.BAD_FRAME


@pytest.mark.parametrize("fill", ["a", "ñ", "日", "😀", "\ud800"])
def test_a_frame_has_a_size_in_bytes(fill: str) -> None:
    width = len(fill.encode(errors="surrogatepass"))
    fits, more = fill * (MAX_FRAME // width), fill * (MAX_FRAME // width + 1)
    assert closed_with(Session(staff=False).receive(more, 0)) is CloseCode.TOO_BIG
    assert closed_with(Session(staff=False).receive(fits, 0)) is CloseCode.BAD_FRAME


@pytest.mark.parametrize(("staff", "rate"), [(False, VISITOR_RATE), (True, STAFF_RATE)])
def test_who_sends_too_fast_is_cut_off(staff: bool, rate: Any) -> None:
    session = Session(staff=staff)
    assert isinstance(session.receive(HELLO, 0), Command)
    for _ in range(int(rate.burst) - 1):
        assert isinstance(session.receive(UNSUBSCRIBE, 0), Command)
    assert closed_with(session.receive(UNSUBSCRIBE, 0)) is CloseCode.TOO_FAST


@given(gaps=st.lists(st.floats(1 / VISITOR_RATE.per_second, 60), max_size=300))
def test_a_steady_pace_is_never_too_fast(gaps: list[float]) -> None:
    session, now = greeted(), 0.0
    for gap in gaps:
        now += gap
        assert isinstance(session.receive(UNSUBSCRIBE, now), Command)


@given(gaps=st.lists(st.floats(0, 1), max_size=400))
def test_no_pattern_gets_more_through_than_the_rate(gaps: list[float]) -> None:
    session, now, passed = greeted(), 0.0, 1
    for gap in gaps:
        now += gap
        if not isinstance(session.receive(UNSUBSCRIBE, now), Command):
            break
        passed += 1
    assert passed <= VISITOR_RATE.burst + now * VISITOR_RATE.per_second + 1


def test_one_bad_command_is_refused_by_its_ref() -> None:
    outcome = greeted().receive(text_of("set_state", state="online"), 0)
    assert isinstance(outcome, Answer)
    assert (outcome.frame.ref, outcome.frame.code) == ("ref-of-this-one", "bad_frame")
    named = greeted().receive(text_of("unsubscribe", topic=7), 0)
    assert isinstance(named, Answer)
    assert named.frame.field == "unsubscribe.topic"


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "{}",
        "[]",
        "17",
        '{"ref": 17, "type": "x"}',
        '{"ref": ["ref-of-this-one"], "type": "x"}',
        '{"ref": "", "type": "x"}',
        json.dumps({"ref": "x" * 65, "type": "x"}),
        '{"ref": "\\ud800", "type": "x"}',
        '{"ref": "a\\u0000b", "type": "x"}',
        '{"ref": "\\u202egnp", "type": "x"}',
        '{"ref": ' + "9" * 5000 + ', "type": "x"}',
        "[" * 60_000,
        '{"a":' * 10_000,
    ],
    ids=lambda text: text[:24],
)
def test_what_has_no_ref_to_answer_ends_the_connection(text: str) -> None:
    assert closed_with(greeted().receive(text, 0)) is CloseCode.BAD_FRAME


def test_bad_commands_that_keep_coming_end_the_connection() -> None:
    session = greeted()
    for _ in range(MAX_BAD_FRAMES):
        assert isinstance(session.receive(text_of("nothing"), 0), Answer)
    assert closed_with(session.receive(text_of("nothing"), 0)) is CloseCode.BAD_FRAME


def test_a_reason_fits_into_a_close_frame() -> None:
    """The parser's message names what was sent, in as many bytes as the sender likes."""
    outcome = Session(staff=False).receive(text_of("😀" * 200), 0)
    assert isinstance(outcome, Close)
    assert len(outcome.reason.encode()) <= LONGEST_REASON


def test_every_close_code_comes_with_advice() -> None:
    assert set(CLOSE_ADVICE) == set(CloseCode)
    assert {code.advice for code in CloseCode} == {"reconnect", "login", "stop"}


FRAGMENTS = st.sampled_from(
    [HELLO, UNSUBSCRIBE, '{"ref": "ref-of-this-one"', "}", "\ud800", "\x00", '{"type": ', "9" * 400]
)


@given(texts=st.lists(st.none() | st.text() | st.lists(FRAGMENTS).map("".join), max_size=12), staff=st.booleans())
def test_whatever_comes_in_there_is_a_verdict_that_can_be_sent(texts: list[str | None], staff: bool) -> None:
    session = Session(staff=staff)
    for text in texts:
        match session.receive(text, 0):
            case Answer(frame):
                assert encode(frame)
            case Close(_, reason):
                assert len(reason.encode()) <= LONGEST_REASON
                return
            case Command():
                assert session.greeted


def message(body: str) -> str:
    return text_of("send_message", conversation=1, client_message_id="id-of-this-one", body=body)


def test_a_client_who_writes_too_much_is_told_when_to_say_it_again() -> None:
    session = greeted()
    outcomes = [session.receive(message("x" * 4000), 1) for _ in range(6)]
    assert all(isinstance(outcome, Command) for outcome in outcomes[:5])
    refused = outcomes[5]
    assert isinstance(refused, Answer)
    assert (refused.frame.code, refused.frame.ref) == ("busy", "ref-of-this-one")
    assert refused.frame.retry_after
    assert isinstance(session.receive(UNSUBSCRIBE, 1), Command)
    assert isinstance(session.receive(message("x" * 4000), 1.01 + refused.frame.retry_after), Command)


def test_staff_may_paste_what_they_like() -> None:
    session = greeted(staff=True)
    assert all(isinstance(session.receive(message("x" * 4000), 1), Command) for _ in range(20))
