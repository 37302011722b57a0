"""The check behind every action: old snapshot + events = new snapshot, by the code that the browsers run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Applier:
    """A node process that runs the faces' own `applyEvent`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def apply(self, snapshot: Any, events: list[Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"snapshot": snapshot, "events": events}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def applier() -> Iterator[Applier]:
    node = Path(sys.executable).with_name("node")
    with subprocess.Popen(
        [os.fspath(node), os.fspath(HERE / "apply.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Applier(process)
        assert process.stdin is not None
        process.stdin.close()
