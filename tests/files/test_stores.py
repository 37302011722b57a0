"""One contract over every store: all of a file or nothing, and never by a name that somebody else chose."""

import os
import stat
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from chatserver.file_settings import FileSettings
from chatserver.files import FileMissing, Store, new_key, open_store

pytestmark = pytest.mark.asyncio

BUCKET = "files"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """Something that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")):
        pass
    yield endpoint
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(FileSettings(folder=tmp_path / "files"))
    endpoint = request.getfixturevalue("s3_endpoint")
    keys = {"s3_access_key": "key", "s3_secret_key": "secret"}
    return open_store(FileSettings.model_validate({"s3_bucket": BUCKET, "s3_endpoint": endpoint, **keys}))


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ConnectionResetError("the other end is gone")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def read(store: Store, key: str) -> bytes:
    return b"".join([chunk async for chunk in await store.open(key)])


@pytest.mark.parametrize("parts", [(b"one ", b"two"), (b"x" * 1_000_000,) * 6, ()])
async def test_what_was_put_is_opened(store: Store, parts: tuple[bytes, ...]) -> None:
    key = new_key()
    await store.put(key, pieces(*parts))
    assert await read(store, key) == b"".join(parts)


async def test_half_a_file_is_none(store: Store) -> None:
    key = new_key()
    with pytest.raises(Exception, match="the other end is gone"):
        await store.put(key, broken(b"x" * 6_000_000))
    with pytest.raises(FileMissing):
        await store.open(key)


async def test_what_was_removed_is_gone_and_removing_it_again_is_nothing(store: Store) -> None:
    key = new_key()
    await store.put(key, pieces(b"secret"))
    await store.remove(key)
    await store.remove(key)
    with pytest.raises(FileMissing):
        await store.open(key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "0" * 31, "0" * 32 + "\n", "A" * 32])
async def test_only_our_own_keys_reach_a_store(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="keys only"):
        await store.put(key, pieces(b"x"))
    with pytest.raises(ValueError, match="keys only"):
        await store.open(key)


async def test_a_folder_is_private_and_an_interrupted_file_can_be_removed(tmp_path: Path) -> None:
    root = tmp_path / "files"
    store, key = open_store(FileSettings(folder=root)), new_key()
    await store.put(key, pieces(b"x"))
    path = root / key[:2] / key[2:4] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (root, *path.parents[:2])} == {0o700}
    path.rename(path.with_suffix(".part"))  # as a killed process leaves it
    with pytest.raises(FileMissing):
        await store.open(key)
    await store.remove(key)
    assert list(path.parent.iterdir()) == []


async def test_the_bytes_are_on_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key, seen = open_store(FileSettings(folder=tmp_path)), new_key(), list[tuple[bool, bool]]()
    fsync = os.fsync

    def notice(descriptor: int) -> None:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        seen.append((is_file, any(path.name == key for path in tmp_path.rglob("*"))))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", notice)
    await store.put(key, pieces(b"x"))
    assert seen[-2:] == [(True, False), (False, True)]  # the file, then the folder that names it


async def test_an_interrupted_file_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    store = open_store(FileSettings(folder=tmp_path))
    with pytest.raises(ConnectionResetError):
        await store.put(new_key(), broken(b"x"))
    assert files_in(tmp_path) == []
