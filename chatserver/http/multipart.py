"""A form with a file, read as it comes: the fields first, then the file piece by piece, which nobody has to hold."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from chatserver.errors import Refused
from chatserver.file_settings import FileSettings
from chatserver.files.receiving import Received, receive
from chatserver.http.middleware import expect_upload

MAX_FIELDS = 20
MAX_FIELD_BYTES = 32 * 1024
"""Of all fields together; the file has a bound of its own."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: its fields, and its file if there was one; or why the file was not taken."""

    fields: dict[str, str]
    file: Received | None
    refusal: Refused | None = None


@asynccontextmanager
async def read_upload(request: Request, settings: FileSettings) -> AsyncIterator[Sent]:
    """The form of somebody who may send one; the file is gone when the block ends. A file that is not taken comes with
    the fields before it, so that no words are lost; then the rest of the form is let go by, as a browser that is still
    sending would not hear the answer. Raises `Refused` for what is no such form."""
    expect_upload(request, settings.max_bytes)
    form = FileForm(request.headers.get("content-type", ""), request.stream())
    await form.open()
    async with AsyncExitStack() as stack:
        received, refusal = None, None
        if form.name:
            try:
                received = await stack.enter_async_context(receive(form.name, form.chunks(), settings))
            except Refused as error:
                if not error.code.startswith("file_"):
                    raise
                refusal = error
        await form.drain()
        yield Sent(form.fields, received, refusal)


class FileForm:
    """`fields` and `name` are known after `open`; a name of nothing is what browsers send when no file was chosen.
    What stands behind the file is read and let go."""

    def __init__(self, content_type: str, stream: AsyncIterator[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise _unreadable()
        self.fields: dict[str, str] = {}
        self.name = ""
        self._stream = stream
        self._events: deque[tuple[str, bytes]] = deque()
        self._headers: dict[bytes, bytes] = {}
        self._header = [b"", b""]
        self._parser = self._make_parser(options[b"boundary"])

    async def open(self) -> None:
        """Read up to the file's first byte, or to the end. Raises `Refused` when the form cannot be read."""
        name, value, taken = "", bytearray(), 0
        while True:
            event, data = await self._next()
            taken += len(data)
            if taken > MAX_FIELD_BYTES or len(self.fields) > MAX_FIELDS:
                raise Refused("too_big", f"The fields of a form have at most {MAX_FIELD_BYTES} bytes.")
            if event == "over":
                return
            if event == "part":
                name, file_name = _names(data)
                value.clear()
                if file_name is not None:
                    self.name = file_name
                    return
            elif event == "data":
                value += data
            else:
                self.fields[name] = value.decode("utf-8", "replace")

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes. An interrupted form is refused: half a file is none."""
        while (event := await self._next())[0] == "data":
            yield event[1]

    async def drain(self) -> None:
        async for _ in self._stream:
            pass

    async def _next(self) -> tuple[str, bytes]:
        while not self._events:
            try:
                chunk = await anext(self._stream, b"")
                self._parser.write(chunk)
            except (FormParserError, ClientDisconnect):
                raise _unreadable() from None
            if not chunk:
                raise _unreadable()
        return self._events.popleft()

    def _make_parser(self, boundary: bytes) -> MultipartParser:
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": lambda data, start, end: self._header_part(0, data[start:end]),
                    "on_header_value": lambda data, start, end: self._header_part(1, data[start:end]),
                    "on_header_end": self._header_ended,
                    "on_headers_finished": lambda: self._say("part", self._headers.get(b"content-disposition", b"")),
                    "on_part_data": lambda data, start, end: self._say("data", data[start:end]),
                    "on_part_end": lambda: self._say("end", b""),
                    "on_end": lambda: self._say("over", b""),
                },
            )
        except FormParserError:
            raise _unreadable() from None

    def _say(self, event: str, data: bytes) -> None:
        self._events.append((event, data))

    def _header_part(self, part: int, data: bytes) -> None:
        """The parser bounds how many there are and how long each is."""
        self._header[part] += data

    def _header_ended(self) -> None:
        self._headers[self._header[0].lower()] = self._header[1]
        self._header = [b"", b""]


def _names(disposition: bytes) -> tuple[str, str | None]:
    """The field's name, and the file's if it is one. Browsers send both in the page's encoding, ours is UTF-8."""
    _, options = parse_options_header(disposition)
    file_name = options.get(b"filename")
    name = options.get(b"name", b"").decode("utf-8", "replace")
    return name, None if file_name is None else file_name.decode("utf-8", "replace")


def _unreadable() -> Refused:
    return Refused("bad_frame", "The form cannot be read.")
