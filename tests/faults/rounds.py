"""How much is broken, read in one place: a little in every test run, `ROUNDS=50` of it in `make faults`."""

import os
import random

ROUNDS = int(os.environ.get("ROUNDS", "1"))
"""How often each thing is broken."""

LONG = ROUNDS > 1
"""Waits and crowds are then as large as they are promised for, not as small as still shows the point."""

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**32))
"""Of every choice by chance; printed with a failure, and taken from the environment to choose the same again."""

chance = random.Random(SEED)
