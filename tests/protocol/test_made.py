"""What is made from the protocol is up to date, complete, and the same on both sides of the wire."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from chatserver.protocol import events, replies
from chatserver.protocol.base import Wire
from chatserver.protocol.catalog import (
    DURABLE_EVENTS,
    EPHEMERAL_EVENTS,
    REPLIES,
    STAFF_COMMANDS,
    VISITOR_COMMANDS,
    frame_type,
)
from chatserver.protocol.codec import encode_subscribed
from chatserver.protocol.generate import ROOT, stale
from chatserver.ws.channel import seq_of
from chatserver.ws.dispatch import BY_THE_CONNECTION, STAFF, VISITOR

FRAMES = {*VISITOR_COMMANDS, *STAFF_COMMANDS, *REPLIES, *DURABLE_EVENTS, *EPHEMERAL_EVENTS}


def test_documents_and_typescript_say_what_the_code_says() -> None:
    assert stale() == []


@pytest.mark.parametrize("path", ["docs/protocol.md", "widget/src/core/wire.ts"])
def test_every_frame_is_in_what_is_made(path: str) -> None:
    text = Path(ROOT, path).read_text()
    assert [frame_type(kind) for kind in FRAMES if frame_type(kind) not in text] == []


def test_every_frame_has_a_name_of_its_own_and_says_what_it_is() -> None:
    for group in (VISITOR_COMMANDS, STAFF_COMMANDS, REPLIES, (*DURABLE_EVENTS, *EPHEMERAL_EVENTS)):
        names = [frame_type(kind) for kind in group]
        assert len(names) == len(set(names))
    for kind in FRAMES:
        assert kind.__doc__, kind


def test_every_command_has_somebody_who_carries_it_out() -> None:
    assert set(VISITOR) | (set(BY_THE_CONNECTION) & set(VISITOR_COMMANDS)) == set(VISITOR_COMMANDS)
    assert set(STAFF) | (set(BY_THE_CONNECTION) & set(STAFF_COMMANDS)) == set(STAFF_COMMANDS)


def test_nothing_on_the_wire_is_coerced_or_open() -> None:
    for kind in every_part(*FRAMES):
        config = kind.model_config
        assert (config.get("strict"), config.get("extra"), config.get("frozen")) == (True, "forbid", True), kind


def test_a_durable_event_begins_with_its_topic_and_number() -> None:
    """The switchboard reads the number off the front of the bytes, without parsing them."""
    for kind in DURABLE_EVENTS:
        assert list(kind.model_fields)[:2] == ["topic", "seq"], kind
    said = events.InboxRemoved(topic="agent:1", seq=17, conversation=1, cause="cause.closed")
    assert seq_of(said.model_dump_json().encode()) == 17
    beat = events.Unsubscribed(topic="agent:1")
    assert seq_of(beat.model_dump_json().encode()) is None


def test_a_tail_is_put_into_its_reply_unread() -> None:
    said = [events.InboxRemoved(topic="agent:1", seq=n, conversation=1, cause="cause.closed") for n in (3, 4)]
    head = replies.Subscribed(ref="ref-of-this-one", topic="agent:1", epoch="e", head=4, snapshot=None, events=[])
    text = encode_subscribed(head, [each.model_dump_json() for each in said])
    assert replies.Subscribed.model_validate_json(text) == head.model_copy(update={"events": said})


def test_the_words_of_a_snapshot_cannot_take_the_place_of_the_events() -> None:
    """A client may write what looks like the end of the frame."""
    head = replies.Subscribed(ref='"events":[]', topic='"events":[]', epoch="e", head=0, snapshot=None, events=[])
    assert replies.Subscribed.model_validate_json(encode_subscribed(head, [])) == head


def every_part(*kinds: type[Wire]) -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    open_ones: list[Any] = list(kinds)
    while open_ones:
        kind = open_ones.pop()
        if kind in found:
            continue
        found.add(kind)
        for field in kind.model_fields.values():
            open_ones += models_in(field.annotation)
    return found


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in models_in(part)]


def test_typescript_has_no_any() -> None:
    assert not re.search(r"\bany\b", Path(ROOT, "widget/src/core/wire.ts").read_text().replace("// any", ""))
