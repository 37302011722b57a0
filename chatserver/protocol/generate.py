"""Writes what is made from the protocol: the document and the TypeScript types. `--check` only compares."""

import sys
from pathlib import Path

from chatserver.protocol.markdown import markdown
from chatserver.protocol.typescript import typescript

ROOT = Path(__file__).resolve().parents[2]


def made() -> dict[Path, str]:
    return {ROOT / "docs/protocol.md": markdown(), ROOT / "widget/src/core/wire.ts": typescript()}


def stale() -> list[Path]:
    """The made files that do not say what the code says."""
    return [path for path, text in made().items() if not path.exists() or path.read_text() != text]


def main() -> int:
    if "--check" in sys.argv:
        for path in stale():
            print(f"{path.relative_to(ROOT)} is stale: run python -m chatserver.protocol.generate")
        return 1 if stale() else 0
    for path, text in made().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
