"""Writes docs/process.md, which is made from the table of moves. `--check` only compares."""

import sys
from pathlib import Path

from chatserver.process.markdown import markdown

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/process.md"


def is_stale() -> bool:
    """Whether the document does not say what the code says."""
    return not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != markdown()


def main() -> int:
    if "--check" not in sys.argv:
        DOCUMENT.write_text(markdown(), "utf-8")
    elif is_stale():
        sys.stderr.write("docs/process.md is stale: run python -m chatserver.process.generate\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
