"""The tests, tested: break the lines that carry guarantees 1, 2, 4, 5 and 7, and those of the process, one by one, in a
copy of the tree. A test must go red for each. `make mutate`, or `python -m tests.faults.mutate WORD` for those whose
name has the word."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.process_mutants import PROCESS

ROOT = Path(__file__).parents[2]
COPIED = ("chatserver", "tests", "web", "widget", "pyproject.toml", "package.json", "tsconfig.json")
LINKED = (".venv", "node_modules")
AT_MOST = 300
"""Seconds for the tests of one mutant: one that hangs is red, too."""


@dataclass(frozen=True)
class Mutant:
    """`old`, which stands once in the file, becomes `new`; one of the `tests` must fail."""

    guarantee: int
    name: str
    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant(
        1,
        "acknowledged before the commit",
        "chatserver/actions/batch_rows.py",
        "        stored = {row[0] for row in await connection.fetch(batch_postgres.STORE, now, *columns)}\n",
        "        __import__('asyncio').ensure_future(connection.fetch(batch_postgres.STORE, now, *columns))\n"
        "        stored = {mark[0] for mark in marks}\n",
        "tests/actions/test_stored_before_said.py tests/faults/test_commits.py",
    ),
    Mutant(
        1,
        "what was overtaken is acknowledged",
        "chatserver/actions/batch_rows.py",
        "overtaken = {mark[0] for mark in marks} - stored\n",
        "overtaken: set[int] = set()\n",
        "tests/actions/test_overtaken.py",
    ),
    Mutant(
        1,
        "published before the commit",
        "chatserver/db.py",
        "                await transaction.settle()\n        self._publish_all(transaction.published)\n",
        "                await transaction.settle()\n                self._publish_all(transaction.published)\n",
        "tests/actions/test_stored_before_said.py",
    ),
    Mutant(
        1,
        "SQLite does not wait for the disk",
        "chatserver/db.py",
        "synchronous=FULL",
        "synchronous=NORMAL",
        "tests/actions/test_stored_before_said.py",
    ),
    Mutant(
        2,
        "a retry is stored again",
        "chatserver/actions/batch.py",
        "if first := facts.earlier.get(key):",
        "if False and (first := facts.earlier.get(key)):",
        "tests/actions/test_writer.py tests/faults/test_races.py -k first_answer or doubled",
    ),
    Mutant(
        2,
        "a twin in the same commit is stored again",
        "chatserver/actions/batch.py",
        "if twin := seen.get(key):",
        "if False and (twin := seen.get(key)):",
        "tests/actions/test_writer.py",
    ),
    Mutant(
        2,
        "first replies are not given again",
        "chatserver/actions/once.py",
        "    if not taken:\n",
        "    if not taken and kept.body_hash != digest:\n",
        "tests/actions/test_once.py -k given_again",
    ),
    Mutant(
        4,
        "a sweep reads heads and does nothing",
        "chatserver/ws/hub.py",
        "        await self._catch_up(behind)\n",
        "        assert behind is not None\n",
        "tests/ws/test_hub.py",
    ),
    Mutant(
        4,
        "a gap is not noticed",
        "chatserver/ws/channel.py",
        "        elif seq > self.head:\n            self._behind()\n",
        "        elif seq > self.head:\n            pass\n",
        "tests/ws/test_hub.py",
    ),
    Mutant(
        4,
        "a head is read before the broker has confirmed",
        "chatserver/ws/hub.py",
        "            await self._confirmed(channel)\n"
        "            head, text = await self.following.begin(actor, command)\n",
        "            head, text = await self.following.begin(actor, command)\n"
        "            await self._confirmed(channel)\n",
        "tests/ws/test_hub.py -k broker_confirms",
    ),
    Mutant(
        4,
        "what comes out of order is passed on",
        "chatserver/ws/channel.py",
        "elif seq == self.head + 1:",
        "elif seq > self.head:",
        "tests/ws/test_hub.py",
    ),
    Mutant(
        4,
        "a client ahead of a restored database keeps its place",
        "chatserver/ws/resume.py",
        "since is None or epoch != current_epoch or",
        "since is None or",
        "tests/ws/test_resume.py",
    ),
    Mutant(
        4,
        "heartbeats tell no heads",
        "chatserver/ws/hub.py",
        "encode(Heartbeat(at=now, heads=heads))",
        "encode(Heartbeat(at=now, heads={}))",
        "tests/ws/test_hub.py",
    ),
    Mutant(
        4,
        "who joins late misses what passed meanwhile",
        "chatserver/ws/channel.py",
        "        for seq, text in passed:\n",
        "        for seq, text in passed[:0]:\n",
        "tests/faults/test_joining.py",
    ),
    Mutant(
        5,
        "an agent without room is given more",
        "chatserver/actions/assignment.py",
        " or not has_room(agent.load, agent.capacity):",
        ":",
        "tests/actions/test_one_owner.py",
    ),
    Mutant(
        5,
        "agents are not locked",
        "chatserver/actions/unit.py",
        ".order_by(col(Agent.id)).with_for_update()",
        ".order_by(col(Agent.id))",
        "tests/actions/test_one_owner.py",
    ),
    Mutant(
        5,
        "who had it is not released",
        "chatserver/actions/assignment.py",
        '            await release(unit, row, assignment, "reassigned")\n',
        "            pass\n",
        "tests/actions/test_one_owner.py",
    ),
    Mutant(
        5,
        "a load is not given back",
        "chatserver/actions/assignment.py",
        "    agent.load -= 1\n",
        "    agent.load -= 0\n",
        "tests/actions/test_one_owner.py",
    ),
    Mutant(
        7,
        "what was asked once is asked at every look",
        "chatserver/actions/due.py",
        "    if row.asked_at is None or (row.last_agent_at and row.asked_at < row.last_agent_at):\n",
        "    if row.asked_at is None or row.last_agent_at:\n",
        "tests/actions/test_active.py",
    ),
    Mutant(
        7,
        "a timer of a state that is over takes effect",
        "chatserver/actions/due.py",
        "    if timer.version != row.version:\n        timer.done_at = unit.now\n        return\n",
        "",
        "tests/jobs/test_timers.py",
    ),
    Mutant(
        7,
        "the claim of a dead process is for ever",
        "chatserver/actions/due.py",
        "or_(col(Timer.claimed_until).is_(None), col(Timer.claimed_until) <= now)",
        "or_(col(Timer.claimed_until).is_(None), col(Timer.claimed_until) < col(Timer.due_at))",
        "tests/jobs/test_timers.py",
    ),
    Mutant(
        7,
        "a timer is carried out and not marked as done",
        "chatserver/actions/due.py",
        "    if due.again_at is None:\n        timer.done_at = unit.now\n",
        "    if due.again_at is None:\n        timer.claimed_until = unit.now\n",
        "tests/jobs/test_timers.py",
    ),
)


def main(words: list[str]) -> int:
    known = (*MUTANTS, *(Mutant(*broken) for broken in PROCESS))
    chosen = [mutant for mutant in known if all(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="chatserver-mutants-") as name:
        tree = Path(name)
        _copy(tree)
        survivors = [mutant for mutant in chosen if not _goes_red(tree, mutant)]
    sys.stdout.write(f"{len(chosen) - len(survivors)} of {len(chosen)} broken lines were noticed\n")
    return 1 if survivors or not chosen else 0


def _goes_red(tree: Path, mutant: Mutant) -> bool:
    file = tree / mutant.file
    whole = file.read_text()
    if whole.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file} does not have exactly once: {mutant.old!r}")
    file.write_text(whole.replace(mutant.old, mutant.new))
    began = time.monotonic()
    try:
        red = _run(tree, mutant.tests)
    finally:
        file.write_text(whole)
    verdict = f"red    {red}" if red else "GREEN  nothing noticed"
    sys.stdout.write(f"{mutant.guarantee}  {mutant.name:55} {time.monotonic() - began:5.1f} s  {verdict}\n")
    sys.stdout.flush()
    return bool(red)


def _run(tree: Path, tests: str) -> str:
    """The first test that failed, or nothing."""
    files, _, wanted = tests.partition(" -k ")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *files.split()]
    command += ["-k", wanted] if wanted else []
    try:
        done = subprocess.run(
            command, cwd=tree, capture_output=True, text=True, check=False, timeout=AT_MOST, env=os.environ
        )
    except subprocess.TimeoutExpired:
        return f"not finished after {AT_MOST} s"
    if done.returncode == 0:
        return ""
    lines = done.stdout.splitlines()
    failed = [
        line for line in lines if line.startswith(("FAILED", "ERROR")) and "::" in line
    ]  # else: a file, not a test
    if not failed:
        raise SystemExit(f"no test ran:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return failed[0].partition("::")[2].partition(" - ")[0]


def _copy(tree: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
