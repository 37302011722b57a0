"""Files that clients and staff send: what is taken, in which form, and where it is kept."""

from importlib import import_module

from chatserver.errors import ConfigurationError
from chatserver.file_settings import FileSettings
from chatserver.files.base import FileMissing, Store, is_key, new_key
from chatserver.files.folder import FolderStore

__all__ = ["FileMissing", "FolderStore", "Store", "is_key", "new_key", "open_store"]


def open_store(settings: FileSettings) -> Store:
    """The store that is configured. Raises `ConfigurationError` when a bucket is named and its library not there."""
    if not settings.s3_bucket:
        return FolderStore(settings.folder)
    try:
        store: Store = import_module("chatserver.files.s3").S3Store(settings)
    except ImportError as error:
        raise ConfigurationError(
            "CHATSERVER_FILES__S3_BUCKET needs one library more: install chatserver[s3]"
        ) from error
    return store
