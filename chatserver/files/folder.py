"""Files in a folder of this machine: written beside, forced to disk, then renamed; in subfolders by their key."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from chatserver.files.base import CHUNK, FileMissing, is_key

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class FolderStore:
    """The folder appears with the first file. Only the server's own user may look into it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        path = self._path(key)
        part = _part(path)
        file = await asyncio.to_thread(self._begin, part)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_finish, file, part, path)
        except BaseException:
            file.close()
            part.unlink(missing_ok=True)
            raise

    async def open(self, key: str) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        return _read(file)

    async def remove(self, key: str) -> None:
        await asyncio.to_thread(_unlink, self._path(key))

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise ValueError("a store is asked for keys only")
        return self._root / key[:2] / key[2:4] / key

    def _begin(self, part: Path) -> BinaryIO:
        missing = [folder for folder in (self._root, *part.parents[1::-1]) if not folder.is_dir()]
        for folder in missing:
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            _sync(folder.parent)
        return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb", buffering=0)


def _part(path: Path) -> Path:
    return path.with_suffix(".part")


def _finish(file: BinaryIO, part: Path, path: Path) -> None:
    """The bytes are on disk before the name, and the name before anybody is told."""
    with file:
        os.fsync(file.fileno())
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _read(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _unlink(path: Path) -> None:
    for there in (path, _part(path)):
        there.unlink(missing_ok=True)
