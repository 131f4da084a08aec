"""Configures and builds the C++ part and the web part, showing how far they are."""
import contextlib
import fcntl
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from runner import paths, shell
from runner.ui import Problem, Step

WEB = paths.ROOT / "web"


@contextlib.contextmanager
def _alone(step: Step) -> Iterator[None]:
    """One build at a time in a clone: two of them would spoil each other's files."""
    paths.CACHE.mkdir(exist_ok=True)
    with open(paths.CACHE / "build.lock", "w") as lock:
        step.progress("waiting for another build in this clone")
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def cpp(step: Step, *, targets: tuple[str, ...] = (), preset: str = "default") -> None:
    folder = paths.ROOT / "build" / preset
    with _alone(step):
        if not (folder / "build.ninja").exists():
            step.progress("configuring")
            shell.run(["cmake", "--preset", preset], "configuring", cwd=paths.ROOT)
        _ninja(step, folder, targets)


def _ninja(step: Step, folder: Path, targets: tuple[str, ...]) -> None:
    words = ["ninja", "-C", str(folder), f"-j{os.cpu_count() or 2}", *targets]
    process = subprocess.Popen(words, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT,
                               env={**os.environ, "NINJA_STATUS": "[%f/%t] "})
    others: list[str] = []
    count = "0"
    for line in process.stdout:
        found = re.match(r"\[(\d+)/(\d+)\] (.*)", line)
        if found:
            count = found.group(2)
            step.progress(f"{found.group(1)}/{found.group(2)} {found.group(3)[-60:]}")
        else:
            others.append(line)
    if process.wait() != 0:
        raise Problem("The build failed:\n" + "".join(others[-80:]))
    step.note("up to date" if count == "0" else f"{count} steps")


def web(step: Step) -> None:
    """Builds the web apps when a source is newer than the last result."""
    script = json.loads((WEB / "package.json").read_text()).get("scripts", {}).get("build")
    if not script:
        step.note("no build script")
        return
    with _alone(step):
        stamp = paths.CACHE / "web.stamp"
        if stamp.exists() and (WEB / "console" / "dist").exists() and not _newer(stamp):
            step.note("up to date")
            return
        step.progress("npm run build")
        shell.run(["npm", "run", "build"], "building the web apps", cwd=WEB)
        stamp.touch()


def _newer(stamp) -> bool:
    limit = stamp.stat().st_mtime
    roots = [WEB, paths.ROOT / "proto"]
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
            if any(os.stat(os.path.join(folder, name)).st_mtime > limit for name in files):
                return True
    return False
