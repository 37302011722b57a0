"""How long a message takes to the other side: among 500 others a second, and alone."""

from collections.abc import Sequence

from bench.desk import Crowd
from bench.figures.scene import Scene, say
from bench.load import Load, Step
from bench.pairs import pairs
from bench.rows import Figure, Row, Target, compare
from bench.subjects import CHATSERVER, ORM, SOCKET_IO_SERVER, Subject

BUSY, LONELY = 500.0, 1.0
LONELY_SECONDS = 15.0
CONVERSATIONS = 200

NO_WORSE = Target("<=", 1.0)


async def busy(scene: Scene) -> Sequence[Row]:
    ours = await _steps(scene, CHATSERVER, BUSY, 4 * scene.seconds)
    theirs = await _steps(scene, SOCKET_IO_SERVER, BUSY, 4 * scene.seconds)
    return [
        _row(f"delivery at 500/s, {name}", ours, SOCKET_IO_SERVER, theirs, share)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    ]


async def lonely(scene: Scene) -> Sequence[Row]:
    """Group commit must not make the only message wait."""
    seconds = LONELY_SECONDS * scene.crowd
    ours = await _steps(scene, CHATSERVER, LONELY, seconds)
    theirs = await _steps(scene, ORM, LONELY, seconds)
    return [_row("delivery at 1/s, p50", ours, ORM, theirs, 0.5)]


async def _steps(scene: Scene, subject: Subject, rate: float, seconds: float) -> list[Step]:
    conversations = scene.some(CONVERSATIONS, least=100)
    async with (
        subject.up(scene.stores, "postgresql", Crowd(active=conversations)) as up,
        pairs(up, conversations) as speakers,
    ):
        await Load(speakers, up.wire).run(BUSY, scene.seconds)
        steps = [await Load(speakers, up.wire).run(rate, seconds) for _ in range(scene.runs)]
    shown = ", ".join(f"{step.p(0.5) * 1e3:.1f} / {step.p(0.99) * 1e3:.1f}" for step in steps)
    say(f"  {subject.name}, {rate:g} a second: p50 / p99 {shown} ms")
    return steps


def _row(name: str, ours: list[Step], yardstick: Subject, theirs: list[Step], share: float) -> Row:
    figures = [Figure(tuple(step.p(share) * 1e3 for step in steps)) for steps in (ours, theirs)]
    return compare(name, "ms", figures[0], yardstick.name, figures[1], NO_WORSE)
