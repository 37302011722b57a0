"""Taking a file in: measured and judged as it arrives, on disk and never whole in memory, drawn anew if a picture."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from chatserver.errors import Refused
from chatserver.file_settings import FileSettings
from chatserver.files.base import CHUNK
from chatserver.files.images import redraw
from chatserver.files.kinds import Judge, Kind
from chatserver.files.names import display_name


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it will be kept; `size` in bytes, `digest` the SHA-256 in hexadecimal."""

    name: str
    kind: Kind
    size: int
    digest: str
    file: BinaryIO

    async def chunks(self) -> AsyncIterator[bytes]:
        self.file.seek(0)
        async for chunk in _pieces(self.file):
            yield chunk


@asynccontextmanager
async def receive(name: str, chunks: AsyncIterator[bytes], settings: FileSettings) -> AsyncIterator[Received]:
    """What came, judged; gone when the block ends. Raises `Refused`, as soon as it is known why."""
    with TemporaryFile(buffering=0) as came, TemporaryFile() as drawn:
        kind = await _take(came, chunks, settings.max_bytes)
        shown = display_name(name, kind)
        kept: BinaryIO = came
        if kind.image:
            came.seek(0)
            await redraw(came, drawn, kind, settings.max_pixels)
            kept = drawn
        size, digest = await _measure(kept)
        yield Received(shown, kind, size, digest, kept)


async def _take(target: BinaryIO, chunks: AsyncIterator[bytes], max_bytes: int) -> Kind:
    judge, taken = Judge(), 0
    async for chunk in chunks:
        taken += len(chunk)
        if taken > max_bytes:
            raise Refused("file_too_big", f"A file has at most {max_bytes} bytes.", field="file")
        judge.feed(chunk)
        await asyncio.to_thread(target.write, chunk)
    return judge.finish()


async def _measure(file: BinaryIO) -> tuple[int, str]:
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    async for chunk in _pieces(file):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, CHUNK):
        yield chunk
