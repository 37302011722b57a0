"""Where the server's time goes at the knee: py-spy over the running process, summed up by function."""

import re
import subprocess
from collections import Counter
from pathlib import Path

from bench.desk import Crowd
from bench.figures.scene import Scene, say
from bench.figures.throughput import CONVERSATIONS
from bench.install import PY_SPY
from bench.load import Load
from bench.pairs import pairs
from bench.subjects import CHATSERVER, LOGS

SECONDS = 8.0
SHOWN = 45
_LINE = re.compile(r":\d+\)$")


async def profile(scene: Scene, kind: str, rate: float) -> None:
    """Write `bench/results/profile-<database>.txt`: functions by the time in them and below, and in them alone."""
    stacks = LOGS / f"profile-{kind}.stacks"
    conversations = scene.some(CONVERSATIONS)
    async with (
        CHATSERVER.up(scene.stores, kind, Crowd(active=conversations)) as up,
        pairs(up, conversations) as speakers,
    ):
        await Load(speakers, up.wire).run(rate, scene.seconds)
        spy = _record(up.programs[0].pid, stacks)
        step = await Load(speakers, up.wire).run(rate, SECONDS)
        spy.wait(timeout=60)
    text = _sum_up(stacks)
    place = stacks.with_suffix(".txt")
    place.write_text(f"{rate:,.0f} messages a second, p99 {step.p(0.99) * 1e3:.0f} ms\n{text}\n")
    say(f"  {place}")


def _record(pid: int, place: Path) -> subprocess.Popen[bytes]:
    seconds = str(int(SECONDS))
    command = [str(PY_SPY), "record", "--pid", str(pid), "--duration", seconds, "--rate", "200", "--format", "raw"]
    return subprocess.Popen([*command, "--output", str(place)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _sum_up(stacks: Path) -> str:
    within: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for line in stacks.read_text().splitlines():
        stack, _, samples = line.rpartition(" ")
        functions = [_LINE.sub(")", frame) for frame in stack.split(";")]
        alone[functions[-1]] += int(samples)
        for function in set(functions):
            within[function] += int(samples)
    total = sum(alone.values()) or 1
    parts = []
    for title, counter in (("with what they call", within), ("alone", alone)):
        lines = [f"{samples / total:6.1%}  {function}" for function, samples in counter.most_common(SHOWN)]
        parts.append("\n".join([f"\n{title}", *lines]))
    return "\n".join(parts)
