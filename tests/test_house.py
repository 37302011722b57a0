"""What the house promises about itself: which way imports run, what files may hold, what the widget may weigh."""

import gzip
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from build_assets import BUNDLES, ROOT, STATIC, WIDGET

CLOSED_BUDGET = 5 * 1024
OPEN_BUDGET = 16 * 1024

# In brackets, so that this file does not hold one either.
REGISTRIES = re.compile(rb"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(org|com)|debia[n]\.org")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def gzipped(name: str) -> int:
    return len(gzip.compress((ROOT / STATIC / name).read_bytes(), compresslevel=9))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_imports_run_one_way() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_no_tracked_file_names_a_package_registry() -> None:
    naming = [path.relative_to(ROOT) for path in tracked_files() if REGISTRIES.search(path.read_bytes())]
    assert naming == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        pins = re.findall(r"^\S+==.*(?:\n    .*)*", lock.read_text(), re.MULTILINE)
        assert pins, lock.name
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_build_requirements_are_said_the_same_twice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]


def test_wheel_carries_all_that_is_served(wheel: set[str]) -> None:
    templates = {f"chatserver/templates/{path.name}" for path in (ROOT / "web/templates").glob("*.html")}
    bundles = {str(STATIC / name) for name in (*BUNDLES, *WIDGET)}
    words = {
        f"chatserver/locales/{path.parent.name}/{path.name}" for path in (ROOT / "chatserver/locales").glob("*/*.json")
    }
    assert templates | bundles | words <= wheel
    assert any(name.startswith("chatserver/migrations/versions/") for name in wheel)


def test_closed_widget_keeps_its_budget() -> None:
    assert gzipped("widget.js") <= CLOSED_BUDGET


@pytest.mark.parametrize("panel", WIDGET[1:])
def test_open_widget_keeps_its_budget(panel: str) -> None:
    assert gzipped("widget.js") + gzipped(panel) <= OPEN_BUDGET
