"""docs/protocol.md, made from the models and their docstrings: a frame that is not documented cannot exist."""

from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chatserver.errors import CLOSE_ADVICE
from chatserver.protocol import SUBPROTOCOL, catalog
from chatserver.protocol.base import Wire
from chatserver.protocol.snapshots import Snapshot
from chatserver.protocol.typescript import typescript_type

INTRO = f"""# Protocol

*Made from `chatserver/protocol` by `python -m chatserver.protocol.generate`; do not edit.*

The WebSocket subprotocol is `{SUBPROTOCOL}`; every frame is one JSON object in one text message of at most 64 KiB.
Visitors connect to `/ws/visitor/{{public_key}}` from an origin of that portal, staff to `/ws/staff` from our own origin
with their session cookie. The first frame is `hello`. A **command** carries a `ref` made by the client and gets one
**reply** with the same `ref`, after what it did was committed; the same `ref` again gets the same reply. **Durable
events** belong to a topic and carry its contiguous `seq`: apply those with `seq == head + 1`, drop older ones, and on a
gap `subscribe` again with `since`. A reply never moves the head; events do. **Ephemeral events** may be lost. Times are
ISO 8601 in UTC.
"""


def markdown() -> str:
    """The whole document."""
    both = set(catalog.VISITOR_COMMANDS) & set(catalog.STAFF_COMMANDS)
    sections = [
        INTRO,
        _section("Commands of visitors", catalog.VISITOR_COMMANDS),
        _section("Commands of staff", [model for model in catalog.STAFF_COMMANDS if model not in both]),
        "Staff also say "
        + ", ".join(f"`{catalog.frame_type(m)}`" for m in catalog.STAFF_COMMANDS if m in both)
        + ".\n",
        _section("Replies", catalog.REPLIES),
        _section("Durable events", catalog.DURABLE_EVENTS),
        _section("Ephemeral events", catalog.EPHEMERAL_EVENTS),
        _section("Snapshots", catalog.members(Snapshot), heading="kind"),
        _section("Parts", _parts(), heading=None),
        _close_codes(),
    ]
    return "\n".join(sections)


def _section(title: str, models: Iterable[type[Wire]], heading: str | None = "type") -> str:
    return f"## {title}\n\n" + "\n".join(_frame(model, heading) for model in models)


def _frame(model: type[Wire], heading: str | None) -> str:
    if not model.__doc__ or model.__doc__ == Wire.__doc__:
        raise TypeError(f"{model.__name__} has no docstring")
    name = get_args(model.model_fields[heading].annotation)[0] if heading else model.__name__
    text = " ".join(model.__doc__.split())
    fields = [_row(field, info) for field, info in model.model_fields.items() if field != heading]
    table = "\n| field | type | |\n|---|---|---|\n" + "\n".join(fields) + "\n" if fields else ""
    return f"### `{name}`\n\n{text}\n{table}"


def _row(name: str, info: FieldInfo) -> str:
    kind = typescript_type(info.annotation).replace("|", "\\|")
    return f"| `{name}` | `{kind}` | {'' if info.is_required() else 'may be left out'} |"


def _parts() -> list[type[Wire]]:
    frames = {*catalog.VISITOR_COMMANDS, *catalog.STAFF_COMMANDS, *catalog.REPLIES, *catalog.members(Snapshot)}
    frames |= {*catalog.DURABLE_EVENTS, *catalog.EPHEMERAL_EVENTS}
    found: dict[str, type[Wire]] = {}
    for frame in sorted(frames, key=lambda model: model.__name__):
        _find(frame, found)
    return [model for _, model in sorted(found.items()) if model not in frames]


def _find(model: type[BaseModel], found: dict[str, type[Wire]]) -> None:
    for info in model.model_fields.values():
        for inner in _inner(info.annotation):
            if inner.__name__ not in found:
                found[inner.__name__] = inner
                _find(inner, found)


def _inner(annotation: object) -> Iterable[type[Wire]]:
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        yield annotation
    for arg in get_args(annotation):
        yield from _inner(arg)


def _close_codes() -> str:
    rows = [f"| {code.value} | {code.name.lower()} | {advice} |" for code, advice in CLOSE_ADVICE.items()]
    return "## Close codes\n\n| code | meaning | what the client does |\n|---|---|---|\n" + "\n".join(rows) + "\n"
