"""Running other programs: quietly, and with their output shown when they fail."""
import os
import pwd
import subprocess
from pathlib import Path

from runner.ui import Problem


def is_root() -> bool:
    return os.geteuid() == 0


def as_user(user: str | None, argv: list[str]) -> list[str]:
    """The command as another OS user; only root may ask for one."""
    if user is None:
        return argv
    return ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", *argv]


def user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False


def run(argv: list[str], what: str, *, user: str | None = None, env: dict | None = None,
        cwd: Path | None = None, stdin: str | None = None) -> str:
    """Runs to the end and returns stdout; a failure is a Problem that carries the output's tail."""
    try:
        done = subprocess.run(as_user(user, [str(word) for word in argv]), text=True, cwd=cwd,
                              env={**os.environ, **(env or {})}, capture_output=True,
                              **({"input": stdin} if stdin is not None
                                 else {"stdin": subprocess.DEVNULL}))
    except FileNotFoundError as error:
        raise Problem(f"{what}: {error.filename} is not installed. Run `make deps`.") from None
    except OSError as error:
        raise Problem(f"{what}: {argv[0]} cannot be run: {error.strerror}.") from None
    if done.returncode != 0:
        raise Problem(f"{what} failed (exit code {done.returncode}):\n"
                      + _shortened(done.stdout + done.stderr))
    return done.stdout


def _shortened(output: str) -> str:
    """Both ends: some programs tell the cause first, some last."""
    lines = output.strip().splitlines()
    return "\n".join(lines if len(lines) <= 40 else [*lines[:12], "…", *lines[-25:]])


def sudo(argv: list[str], env: dict[str, str]) -> list[str]:
    """The command with root's rights, and these variables set for it."""
    words = ["env", *(f"{key}={value}" for key, value in env.items()), *argv]
    return words if is_root() else ["sudo", *words]
