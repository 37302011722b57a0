"""The test servers themselves: a test run that is killed leaves no process behind."""

import signal
import subprocess
import sys

import psutil

from tests.servers import PREFIX

RUN = """
import time
from tests import servers
with servers.redis_server() as redis, servers.postgres_server() as postgres:
    print(redis.pid, postgres.pid, flush=True)
    time.sleep(60)
"""


def test_servers_of_a_killed_run_are_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        parents = [psutil.Process(int(pid)) for pid in run.stdout.readline().split()]
        started = [process for parent in parents for process in (parent, *parent.children(recursive=True))]
        assert len(started) > len(parents) == 2
        assert all(PREFIX in process.cwd() for process in parents)
        run.send_signal(signal.SIGKILL)
    _, left = psutil.wait_procs(started, timeout=5)
    assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []
