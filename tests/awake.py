"""Seconds without those in which the machine gave us no turn: who asks how long something took means the server, and
not a neighbour who had both processors."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STEP = 0.01
LONGEST = 5 * STEP
"""What a step counts for at most: one that took longer was a stall."""


@contextmanager
def awake() -> Iterator[Callable[[], float]]:
    """Give what tells the seconds since. A thread counts them, so that a blocked event loop is no stall."""
    ended = threading.Event()
    counted = 0.0

    def count() -> None:
        nonlocal counted
        last = time.monotonic()
        while not ended.wait(STEP):
            now = time.monotonic()
            counted += min(now - last, LONGEST)
            last = now

    thread = threading.Thread(target=count)
    thread.start()
    try:
        yield lambda: counted
    finally:
        ended.set()
        thread.join()
