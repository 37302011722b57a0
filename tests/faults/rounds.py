"""How much is broken, read in one place: a little in every test run, a lot in `make faults`.

`ROUNDS` is the most that anything is broken; what takes long is broken as often as `AT_MOST` says, so that ROUNDS=50 is
reckoned to take forty minutes on two cores that do nothing else (and took three times that where others worked).
"""

import os
import random

ROUNDS = int(os.environ.get("ROUNDS", "1"))

LONG = ROUNDS > 1
"""Waits and crowds are then as large as they are promised for, not as small as still shows the point."""

ITEM_WITHIN = 1200 if LONG else 180
"""Seconds that one item may take on a busy machine."""

AT_MOST = {
    # kill -9: cheap, and what everything else rests on
    "kill": 50,
    "kill before the hint": 15,
    "kill before the ack": 15,
    "kill_one": 20,
    "kill a worker": 50,
    "stay away for longer than anybody may": 3,  # 12 s each, on each database
    # what everybody stands on
    "boot without redis": 5,
    "frozen database": 3,  # 20 s each
    "full disk": 5,
    "held lock": 3,
    # three servers and the lines between them
    "freeze_one": 5,
    "terminate_one": 10,
    "restart_all": 3,
    "restart_redis": 10,
    "flush_redis": 10,
    "silence_redis": 5,
    "spoil_redis": 10,
    "slow_lines": 10,
    "end_backends": 20,
    "cut_lines": 20,
    "several in a row": 5,
    # races
    "many hands": 5,
    "many tabs": 10,
    "timers of the dead": 3,  # a claim lives half a minute
    "frames again": 20,
    # the rest
    "jumping clock": 3,
    "crowd": 3,
    "examples of the model": 10,
}


def rounds(what: str) -> range:
    """As often as this is broken."""
    return range(min(ROUNDS, AT_MOST[what]))


# How large things are, in the short suite and in the long one.

FROZEN = 20.0 if LONG else 7.0
"""Seconds that the database stands still: as long as a failover takes."""

EVENTS = 10_000 if LONG else 800
"""Said to somebody who does not read."""

CROWD = 2_000 if LONG else 150
"""Comes back at once."""

REACHING = 200 if LONG else 60
"""Hands for one place."""

TABS = 50 if LONG else 24
WAITING = 60 if LONG else 20

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**32))
"""Of every choice by chance; printed with a failure, and taken from the environment to choose the same again."""

chance = random.Random(SEED)
