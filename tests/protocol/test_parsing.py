"""What comes in from outside is a command of the vocabulary or a `BadFrame`, and never anything else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.protocol.base import MAX_TEXT, Wire
from chatserver.protocol.catalog import STAFF_COMMANDS, VISITOR_COMMANDS, frame_type
from chatserver.protocol.codec import BadFrame, parse_command

CONTACT = {"name": "Vic", "email": "vic@example.com", "subject": "Timbrado", "privacy_version": "1"}
SAMPLES: dict[str, Any] = {
    "agent": 2,
    "before": 9,
    "body": "Hola",
    "capacity": 9,
    "category": "Otro",
    "client_message_id": "message-0001",
    "contact": CONTACT,
    "conversation": 1,
    "disposition": "resolved",
    "evidence": "none",
    "external_cause": True,
    "folio": "PG-2026-000001",
    "impact": "other",
    "level": 1,
    "link": "causes",
    "move": "solve",
    "on": True,
    "other": 2,
    "ref": "ref-of-this-one",
    "rfc": "none",
    "score": 5,
    "seq": 1,
    "severity": "S3",
    "state": "away",
    "summary": "No timbra",
    "ticket": 1,
    "topic": "conversation:1",
    "urgency": "low",
}

VOCABULARY = [(kind, False) for kind in VISITOR_COMMANDS] + [(kind, True) for kind in STAFF_COMMANDS]
EVERY_COMMAND = pytest.mark.parametrize(
    ("kind", "staff"), VOCABULARY, ids=[f"{'staff' if staff else 'visitor'}-{frame_type(k)}" for k, staff in VOCABULARY]
)


def sample(kind: type[Wire]) -> dict[str, Any]:
    """A right frame with the fields it needs."""
    needed = [name for name, field in kind.model_fields.items() if field.is_required() and name != "type"]
    return {"type": frame_type(kind)} | {name: SAMPLES[name] for name in needed}


def is_bad(frame: Any, staff: bool) -> bool:
    text = frame if isinstance(frame, str) else json.dumps(frame)
    try:
        parse_command(text, staff=staff)
    except BadFrame as bad:
        return bool(bad.message)
    return False


@EVERY_COMMAND
def test_a_right_frame_is_a_command(kind: type[Wire], staff: bool) -> None:
    command = parse_command(json.dumps(sample(kind)), staff=staff)
    assert type(command) is kind


@EVERY_COMMAND
def test_no_field_may_be_missing_or_unknown(kind: type[Wire], staff: bool) -> None:
    frame = sample(kind)
    for name in frame:
        assert is_bad({key: value for key, value in frame.items() if key != name}, staff), name
    for extra in ("role", "seq_", "sender", "sender_kind", "visitor", "at", "__class__", ""):
        assert is_bad(frame | {extra: "agent"}, staff), extra


NOT_IDS = [True, False, 1.0, 1.5, "1", [1], {"id": 1}, None, 0, -1, 2**31, 10**400]
"""Everything that loose comparison somewhere else has taken for 1."""


@EVERY_COMMAND
def test_a_number_is_a_whole_number_in_range(kind: type[Wire], staff: bool) -> None:
    frame = sample(kind)
    for name in frame.keys() & {"conversation", "agent", "seq", "before", "capacity", "level"}:
        for value in NOT_IDS:
            if value == 0 and type(value) is int and name in ("seq", "before", "capacity"):
                continue
            assert is_bad(frame | {name: value}, staff), (name, value)
        for text in ("NaN", "Infinity", "-Infinity", "1e0", "1e999", "0x1", "01", "9" * 5000):
            literal = json.dumps(frame | {name: "?"}).replace('"?"', text)
            assert is_bad(literal, staff), (name, text[:20])


@EVERY_COMMAND
def test_words_are_words(kind: type[Wire], staff: bool) -> None:
    frame = sample(kind)
    for name, value in frame.items():
        if isinstance(value, str):
            for wrong in (1, True, None, ["a"], {"a": "b"}, "", "x" * (MAX_TEXT + 1)):
                assert is_bad(frame | {name: wrong}, staff), (name, wrong)


@EVERY_COMMAND
def test_a_lone_surrogate_is_no_character(kind: type[Wire], staff: bool) -> None:
    frame = sample(kind)
    for name in (name for name, value in frame.items() if isinstance(value, str)):
        assert is_bad(json.dumps(frame | {name: "?"}).replace('"?"', '"abcdefgh\\ud800"'), staff), name


@EVERY_COMMAND
def test_a_field_given_twice_counts_once_and_is_checked(kind: type[Wire], staff: bool) -> None:
    text = json.dumps(sample(kind))
    assert is_bad(text[:-1] + ', "type": "nothing"}', staff)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "true",
        "17",
        '"hello"',
        "[]",
        "{}",
        "[" * 100_000,
        '{"type":' * 100_000,
        '{"type": "typing", "conversation": 1, "on": 1}',
        '{"type": "typing", "conversation": 1, "on": "true"}',
        '{"type": ["hello"], "ref": "ref-of-this-one"}',
        '{"type": "hello", "ref": "ref-of-this-one"',
        '{"type": "hello", "ref": "ref-of-this-one"}{}',
        "{'type': 'hello', 'ref': 'ref-of-this-one'}",
        '{"type": "hello", "ref": "ref-of-this-one", "token": NaN}',
        '\ufeff{"type": "hello", "ref": "ref-of-this-one"}',
        '{"type": "hello", "ref": "ref-of-this-one", "zone": "\x00"}',
        "\x00",
        "\ud800",
        '{"type": "hello", "ref": "\udfff-of-this-one"}',
    ],
)
@pytest.mark.parametrize("staff", [False, True])
def test_what_is_no_frame_is_a_bad_frame(text: str, staff: bool) -> None:
    assert is_bad(text, staff)


@pytest.mark.parametrize(
    "ref", ["short", "x" * 65, "with space", "dots.and.more", "ñandú-ñandú", "a\nb-------", "id-12345\n"]
)
def test_a_ref_is_a_plain_word(ref: str) -> None:
    assert is_bad({"type": "unsubscribe", "topic": "agents", "ref": ref}, staff=True)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "a" * 65,
        "conversation:0",
        "conversation:01",
        "conversation:-1",
        "conversation:1:",
        "conversation:1 ",
        "conversation:1\n",
        "conversation:*",
        "conversation:9999999999",
        "conversation:1:staff:staff",
        "Conversation:1",
    ],
)
def test_a_topic_has_the_form_of_one(topic: str) -> None:
    assert is_bad({"type": "subscribe", "topic": topic, "ref": "ref-of-this-one"}, staff=True)


def test_the_message_says_where_it_is_wrong() -> None:
    frame = sample(VISITOR_COMMANDS[0]) | {"zone": 7}
    with pytest.raises(BadFrame) as caught:
        parse_command(json.dumps(frame), staff=False)
    assert caught.value.field == "hello.zone"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(text=st.text(), staff=st.booleans())
def test_no_text_breaks_the_parser(text: str, staff: bool) -> None:
    is_bad(text, staff)


@given(index=st.integers(0, len(VOCABULARY) - 1), field=st.sampled_from(sorted(SAMPLES)), value=JSON)
def test_no_value_breaks_the_parser(index: int, field: str, value: Any) -> None:
    kind, staff = VOCABULARY[index]
    is_bad(sample(kind) | {field: value}, staff)


@given(index=st.integers(0, len(VOCABULARY) - 1), cut=st.integers(0, 400), noise=st.binary(max_size=8))
def test_no_damage_on_the_way_breaks_the_parser(index: int, cut: int, noise: bytes) -> None:
    kind, staff = VOCABULARY[index]
    text = json.dumps(sample(kind))
    at = cut % len(text)
    is_bad(text[:at] + noise.decode("latin-1") + text[at + 1 :], staff)
