"""Talks to the supervisor of an installation; starts it when it does not run."""
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from runner import net, paths
from runner.installation import Installation
from runner.spec import Spec
from runner.ui import Problem, Step

PREDECESSOR_S = 15.0


class Control:
    def __init__(self, inst: Installation):
        self._inst = inst

    # -- the daemon ----------------------------------------------------------------------------

    def is_running(self) -> bool:
        try:
            self.call("status")
            return True
        except Problem:
            return False

    def ensure_running(self, *, dies_with_parent: bool = False) -> None:
        """`dies_with_parent` for tests: nothing is left over however they end."""
        if self.is_running():
            return
        words = [sys.executable, "-m", "runner.supervisor", str(self._inst.run_dir)]
        if dies_with_parent:
            words = ["setpriv", "--pdeathsig", "TERM", "--", *words]
        with open(self._inst.logs / "supervisor.log", "ab") as log:
            daemon = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      cwd=paths.ROOT / "deploy" / "local", start_new_session=True)
        deadline = time.monotonic() + 10
        while not self.is_running():
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"The supervisor did not start: see {self._inst.logs}/supervisor.log.")
            time.sleep(0.05)

    def call(self, command: str, **more) -> dict:
        """Raises Problem when no supervisor answers, or when it refuses."""
        try:
            directory = os.open(self._inst.run_dir, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            raise Problem("Nothing is running here: `make up` starts everything.") from None
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5.0)
                connection.connect(f"/proc/self/fd/{directory}/control.sock")
                connection.sendall(json.dumps({"command": command, **more}).encode() + b"\n")
                line = connection.makefile().readline()
        except OSError:
            raise Problem("Nothing is running here: `make up` starts everything.") from None
        finally:
            os.close(directory)
        if not line:
            raise Problem("The supervisor is closing: try again in a moment.")
        reply = json.loads(line)
        if "error" in reply:
            raise Problem(reply["error"])
        return reply

    # -- processes -----------------------------------------------------------------------------

    def processes(self) -> dict[str, dict]:
        return {entry["name"]: entry for entry in self.call("status")["processes"]}

    def run(self, specs: list[Spec], step: Step | None = None, timeout_s: float = 60.0) -> int:
        """Starts what does not run or has changed, waits until all are ready, counts changes."""
        known = self.processes()
        changed = 0
        for spec in specs:
            if known.get(spec.name, {}).get("pid") is None:
                _refuse_taken_ports(spec)
            changed += self.call("run", spec=spec.message())["changed"]
        self.wait_ready([spec.name for spec in specs], step, timeout_s)
        return changed

    def wait_ready(self, names: list[str], step: Step | None = None, timeout_s: float = 60.0) -> None:
        deadline = time.monotonic() + timeout_s
        while True:
            entries = self.processes()
            missing = [name for name in names if entries[name]["state"] != "ready"]
            if not missing:
                return
            failing = [name for name in missing if entries[name]["quick_deaths"] >= 3]
            if failing or time.monotonic() > deadline:
                raise Problem(self._explain((failing or missing)[0], entries))
            if step:
                step.progress("waiting for " + ", ".join(missing))
            time.sleep(0.1)

    def _explain(self, name: str, entries: dict[str, dict]) -> str:
        entry = entries[name]
        log = self._inst.logs / f"{name}.log"
        tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        last = f", last ended with {entry['last_exit']}" if entry["last_exit"] else ""
        return (f"{name} is {entry['state']}, not ready{last}. The end of {log}:\n"
                + "\n".join(tail))

    def wait_stopped(self, name: str, timeout_s: float = 40.0) -> None:
        deadline = time.monotonic() + timeout_s
        while self.processes()[name]["pid"] is not None:
            if time.monotonic() > deadline:
                raise Problem(f"{name} did not stop within {timeout_s:.0f} s.")
            time.sleep(0.1)

    def shutdown(self, step: Step | None = None, timeout_s: float = 120.0) -> None:
        """Drains and stops everything, the supervisor last."""
        deadline = time.monotonic() + timeout_s
        try:
            self.call("shutdown")
            while time.monotonic() < deadline:
                alive = [name for name, entry in self.processes().items() if entry["pid"]]
                if step and alive:
                    step.progress("waiting for " + ", ".join(alive))
                time.sleep(0.1)
        except Problem:
            return  # it has closed
        raise Problem(f"Not everything stopped within {timeout_s:.0f} s: see `make status`.")


def _refuse_taken_ports(spec: Spec) -> None:
    """A process of the same program may be one of a killed supervisor, about to end: wait for it."""
    deadline = time.monotonic() + PREDECESSOR_S
    program = Path(spec.argv[0]).name
    for label, port in spec.ports.items():
        holder = net.holder(port)
        while holder and program in holder and time.monotonic() < deadline:
            time.sleep(0.2)
            holder = net.holder(port)
        if holder:
            raise Problem(
                f"Port {port} of {spec.name} ({label}) is in use by {holder}. Stop that process, or "
                f"give {spec.name} another port (see `Ports` in docs/operations.md).")


def resident_bytes(pid: int) -> int:
    """Memory of the process and its children (PostgreSQL's connections), shared pages once."""
    total = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if int(process.name) == pid or parent == pid:
                fields = (process / "statm").read_text().split()
                shared = 0 if int(process.name) == pid else int(fields[2])
                total += (int(fields[1]) - shared) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            continue
    return total
