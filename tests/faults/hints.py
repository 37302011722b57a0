"""Redis's answers on their way: messages among them are lost, doubled and brought in another order."""

from collections.abc import Iterator

from tests.faults.proxy import Rewrite
from tests.faults.rounds import chance

SPOILED = 0.5
"""So much of what is published does not arrive as it should."""


def spoil_hints() -> Rewrite:
    """For one connection."""
    unread = b""
    late: list[bytes] = []

    def rewrite(data: bytes) -> bytes:
        nonlocal unread
        values, unread = split(unread + data)
        return b"".join(piece for value in values for piece in _spoil(value, late))

    return rewrite


def _spoil(value: bytes, late: list[bytes]) -> Iterator[bytes]:
    if not value.startswith(b">3\r\n$7\r\nmessage\r\n"):
        yield value
        return
    fate = chance.choice(("lost", "twice", "late")) if chance.random() < SPOILED else "whole"
    if fate == "late":
        late.append(value)
        return
    yield from [value] * {"lost": 0, "twice": 2, "whole": 1}[fate]
    while late:
        yield late.pop()


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """The whole values at the beginning, and the rest."""
    values: list[bytes] = []
    start = 0
    while True:
        try:
            end = _end_of(data, start)
        except ValueError:
            return values, data[start:]
        values.append(data[start:end])
        start = end


def _end_of(data: bytes, start: int) -> int:
    """Where the value ends that begins here. Raises ValueError when it has not all come yet."""
    end = data.index(b"\r\n", start) + 2
    kind, rest = data[start : start + 1], data[start + 1 : end - 2]
    if kind in (b"$", b"=", b"!"):
        end += max(int(rest) + 2, 0)
    elif kind in (b"*", b">", b"~", b"%"):
        for _ in range(int(rest) * (2 if kind == b"%" else 1)):
            end = _end_of(data, end)
    if end > len(data):
        raise ValueError("more is to come")
    return end
