"""WebSocket frames as a client needs them, without I/O: cheap enough that the server is what is measured.

The mask is four zero bytes: allowed, and it leaves the payload as it is (RFC 6455, 5.3 asks for unpredictable ones to
protect proxies; there is none on loopback).
"""

from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_FIN, _MASKED, _NO_MASK = 0x80, 0x80, bytes(4)


def header(length: int, opcode: int = TEXT) -> bytes:
    """What comes before a payload of so many bytes."""
    first = _FIN | opcode
    if length < 126:
        return bytes((first, _MASKED | length)) + _NO_MASK
    return bytes((first, _MASKED | 126)) + length.to_bytes(2) + _NO_MASK


class Frames:
    """Cuts what a server sent into frames; a frame that is not whole yet waits for the rest."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of every whole frame. The servers measured here never fragment."""
        if self._rest:
            data = self._rest + data
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if start + length > size or start > size:
                break
            yield data[at] & 0x0F, data[start : start + length]
            at = start + length
        self._rest = data[at:]
