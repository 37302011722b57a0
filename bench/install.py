"""Installs what only the bench needs, under build/bench/: a Python environment for Django Channels and the profiler,
npm packages for Socket.IO. Both from lock files; a second run finds them there."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from build_assets import npm

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "bench"
LOCK = ROOT / "requirements" / "bench.lock"
PYTHON = PLACE / "venv" / "bin" / "python"
PY_SPY = PLACE / "venv" / "bin" / "py-spy"
NODE = Path(sys.executable).with_name("node")
NODE_SOURCE = ROOT / "bench" / "yardsticks" / "node"
NODE_PLACE = PLACE / "node"
SOCKET_IO = NODE_PLACE / "socketio.mjs"


def install() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    if _is_new(LOCK, PLACE / "venv"):
        print("bench: installing Django Channels and the profiler", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE / "venv"], check=True)
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--require-hashes", "-r", str(LOCK)], check=True)
        _stamp(LOCK, PLACE / "venv")
    NODE_PLACE.mkdir(exist_ok=True)
    for source in NODE_SOURCE.iterdir():
        if source.is_file():
            shutil.copy(source, NODE_PLACE)
    if _is_new(NODE_SOURCE / "package-lock.json", NODE_PLACE / "node_modules"):
        print("bench: installing Socket.IO", flush=True)
        npm(NODE_PLACE, "ci")
        _stamp(NODE_SOURCE / "package-lock.json", NODE_PLACE / "node_modules")


def _is_new(lock: Path, place: Path) -> bool:
    stamp = place / ".installed"
    return not stamp.is_file() or stamp.read_text() != _digest(lock)


def _stamp(lock: Path, place: Path) -> None:
    (place / ".installed").write_text(_digest(lock))


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
