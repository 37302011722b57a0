"""What the tests of files share: a desk that keeps few and small ones, a file, and the headers of our own page."""

from pathlib import Path
from typing import Any

OURS = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
PDF = b"%PDF-1.7\n" + b"una factura " * 20
MAX_BYTES = 64 * 1024


def few_and_small(folder: Path) -> dict[str, Any]:
    """Settings of a site."""
    counts = {"conversation_files": 4, "conversation_bytes": 200_000, "visitor_bytes": 150_000}
    return {"files": {"folder": folder / "files", "max_bytes": MAX_BYTES, **counts}}
