"""`make deps`: everything from package registries, by name and version.

A stamp holds what was asked for, so a second run is instant; each part looks first whether its
work is there already.
"""
import fcntl
import fnmatch
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from runner import paths, shell
from runner.ui import Problem, Step

LOCAL = paths.ROOT / "deploy" / "local"
PACKAGES = LOCAL / "packages.txt"
POM = LOCAL / "kafka" / "pom.xml"
REQUIREMENTS = paths.ROOT / "tests" / "requirements.txt"
WEB = paths.ROOT / "web"
STAMP = paths.CACHE / "deps.stamp"
NODE_MAJOR_MIN = 18


def _digest(*files: Path) -> str:
    told = hashlib.sha256()
    for file in files:
        told.update(file.read_bytes() if file.exists() else b"absent")
    return told.hexdigest()


def _wanted() -> str:
    return _digest(PACKAGES, POM, REQUIREMENTS, WEB / "package-lock.json", Path(__file__))


def _in_place() -> bool:
    """Cheap signs that nobody removed what the stamp speaks of."""
    return ((paths.VENV / "bin" / "pytest").exists() and any(paths.KAFKA_JARS.glob("kafka_*.jar"))
            and (paths.GOOGLEAPIS / "google/api/http.proto").exists()
            and (not (WEB / "package-lock.json").exists() or (WEB / "node_modules").exists())
            and (paths.POSTGRES_BIN / "postgres").exists() and bool(shutil.which("ninja")))


def ensure(step: Step) -> None:
    paths.CACHE.mkdir(exist_ok=True)
    with open(paths.CACHE / "deps.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = _wanted()
        if STAMP.exists() and STAMP.read_text() == wanted and _in_place():
            step.note("nothing to install")
            return
        parts: list[tuple[str, Callable[[], bool]]] = [
            ("Debian packages", _apt), ("Python packages", _python), ("API protos", _googleapis),
            ("Kafka", _kafka), ("web packages", _npm)]
        done = []
        for title, install in parts:
            step.progress(f"installing {title}")
            if install():
                done.append(title)
        STAMP.write_text(wanted)
        step.note("installed " + ", ".join(done) if done else "nothing to install")


def _installed() -> dict[str, str]:
    lines = shell.run(["dpkg-query", "-W", "-f", "${Package} ${Version} ${db:Status-Status}\n"],
                      "listing Debian packages").splitlines()
    fields = [line.split() for line in lines]
    return {words[0]: words[1] for words in fields if len(words) == 3 and words[2] == "installed"}


def _node_major() -> int:
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        return 0
    found = re.match(r"v(\d+)", version)
    return int(found.group(1)) if found else 0


def _apt() -> bool:
    wanted = dict(line.split() for line in PACKAGES.read_text().splitlines()
                  if line and not line.startswith("#"))
    if _node_major() < NODE_MAJOR_MIN or not shutil.which("npm"):
        wanted |= {"nodejs": "18.*", "npm": "*"}
    there = _installed()
    missing = [name if version == "*" else f"{name}={version}"
               for name, version in sorted(wanted.items())
               if name not in there or not fnmatch.fnmatchcase(there[name], version)]
    if not missing:
        return False
    if not shell.is_root() and not shutil.which("sudo"):
        raise Problem("These Debian packages are missing and there is no sudo to install them: run "
                      "`apt-get install " + " ".join(missing) + "` as root.")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    shell.run(shell.sudo(["apt-get", "update", "-q"], quiet), "updating Debian's package lists")
    shell.run(shell.sudo(["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing],
                         quiet), "installing Debian packages")
    return True


def _python() -> bool:
    stamp, wanted = paths.VENV / "requirements.sha256", _digest(REQUIREMENTS)
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    if not (paths.VENV / "bin" / "pip").exists():
        shell.run(["/usr/bin/python3", "-m", "venv", "--clear", paths.VENV], "creating the Python venv")
    shell.run([paths.VENV / "bin" / "pip", "install", "-q", "-r", REQUIREMENTS],
              "installing Python packages")
    stamp.write_text(wanted)
    return True


def _googleapis() -> bool:
    """The imported google/api and google/rpc protos, out of the Python package that carries them."""
    if (paths.GOOGLEAPIS / "google/api/http.proto").exists():
        return False
    (package,) = (paths.VENV / "lib").glob("python3.*/site-packages/google")
    unfinished = paths.CACHE / "googleapis.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in ("api", "rpc"):
        shutil.copytree(package / folder, unfinished / "google" / folder,
                        ignore=lambda place, names: [name for name in names if not (
                            name.endswith(".proto") or os.path.isdir(os.path.join(place, name)))])
    shutil.rmtree(paths.GOOGLEAPIS, ignore_errors=True)
    unfinished.rename(paths.GOOGLEAPIS)
    return True


def _kafka() -> bool:
    stamp, wanted = paths.KAFKA_JARS / "pom.sha256", _digest(POM)
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    shutil.rmtree(paths.KAFKA_JARS, ignore_errors=True)
    shell.run(["mvn", "--batch-mode", "-q", "-f", POM, "dependency:copy-dependencies",
               f"-DoutputDirectory={paths.KAFKA_JARS}"], "fetching Kafka")
    stamp.write_text(wanted)
    return True


def _npm() -> bool:
    lock = WEB / "package-lock.json"
    if not lock.exists():
        return False
    stamp, wanted = WEB / "node_modules" / ".karez-lock.sha256", _digest(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    # Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which
    # a registry need not carry. This installs what the lock file says too, and leaves it alone.
    shell.run(["npm", "install", "--no-save", "--no-audit", "--no-fund"],
              "installing web packages", cwd=WEB)
    stamp.write_text(wanted)
    return True
