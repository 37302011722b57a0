"""Files in a bucket of S3, or of what speaks like it. Imported only where one is configured (`chatserver[s3]`)."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import obstore
from obstore.store import S3Store as Bucket

from chatserver.file_settings import FileSettings
from chatserver.files.base import CHUNK, FileMissing, is_key

if TYPE_CHECKING:
    from obstore import GetResult


class S3Store:
    """An object appears when its last part has arrived. Without keys in the settings, the machine's role is asked."""

    def __init__(self, settings: FileSettings) -> None:
        self._bucket = Bucket(
            settings.s3_bucket,
            prefix=settings.s3_prefix or None,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key.get_secret_value() if settings.s3_access_key else None,
            secret_access_key=settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else None,
            client_options={"allow_http": (settings.s3_endpoint or "").startswith("http://"), "timeout": "60s"},
        )

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        await obstore.put_async(self._bucket, _path(key), chunks, max_concurrency=2)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._bucket, _path(key))
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        return _read(found)

    async def remove(self, key: str) -> None:
        try:
            await obstore.delete_async(self._bucket, _path(key))
        except FileNotFoundError:
            return


def _path(key: str) -> str:
    if not is_key(key):
        raise ValueError("a store is asked for keys only")
    return f"{key[:2]}/{key}"


async def _read(found: "GetResult") -> AsyncIterator[bytes]:
    async for chunk in found.stream(min_chunk_size=CHUNK):
        yield bytes(chunk)
