"""Keeps the processes of one installation running.

One daemon, started detached by `make up`; it is told over a unix socket what to run (control.py).
A process that dies is started again: at once if it had run for a while, else with growing pauses.
Processes get a death signal, so none outlives a supervisor that was killed. They are started by
the main thread alone, since that signal belongs to the thread that forked; a second thread asks
each process whether it is ready.
"""
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from runner import probes

TICK_S = 0.1
STEADY_AFTER_S = 10.0
FIRST_PAUSE_S = 0.25
MAX_PAUSE_S = 10.0
LOG_BYTES_MAX = 20 * 1024 * 1024
LOGS_KEPT = 3


@dataclasses.dataclass
class Child:
    spec: dict
    wanted: bool = True
    process: subprocess.Popen | None = None
    started: float = 0.0
    start_at: float = 0.0      # when a dead one is started again
    quick_deaths: int = 0
    restarts: int = 0
    kill_at: float | None = None
    ready: bool = False
    last_exit: str = ""
    replacement: dict | None = None

    def state(self) -> str:
        if self.process is None:
            return "waiting" if self.wanted else "stopped"
        if self.kill_at is not None:
            return "stopping"
        return "ready" if self.ready else "starting"


class Supervisor:
    def __init__(self, run_dir: Path):
        self._run_dir = run_dir
        self._children: dict[str, Child] = {}
        self._closing = False
        self._lock = threading.Lock()  # guards _children's membership for the probing thread
        self._listener = socket.socket(socket.AF_UNIX)

    def serve(self) -> None:
        path = self._run_dir / "control.sock"
        path.unlink(missing_ok=True)
        os.chdir(self._run_dir)  # a unix socket's path is short, a clone's can be long
        self._listener.bind(path.name)
        os.chmod(path.name, 0o600)
        self._listener.listen(16)
        self._listener.settimeout(TICK_S)
        signal.signal(signal.SIGTERM, lambda *_: self._close())
        signal.signal(signal.SIGINT, lambda *_: self._close())
        threading.Thread(target=self._probe, daemon=True).start()
        while not (self._closing and not self._alive()):
            self._answer()
            for child in list(self._children.values()):
                self._tend(child)
            if self._closing:
                self._stop_next_group()
        path.unlink(missing_ok=True)

    # -- requests ------------------------------------------------------------------------------

    def _answer(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except TimeoutError:
            return
        with connection:
            connection.settimeout(1.0)
            try:
                request = json.loads(connection.makefile().readline())
                reply = self._handle(request)
                connection.sendall(json.dumps(reply).encode() + b"\n")
            except (OSError, ValueError, KeyError) as error:
                print(f"request not served: {error!r}", flush=True)

    def _handle(self, request: dict) -> dict:
        command = request["command"]
        if command == "run":
            return self._run(request["spec"])
        if command == "shutdown":
            self._close()
        elif command in ("start", "stop"):
            child = self._children.get(request["name"])
            if child is None:
                return {"error": f"{request['name']} does not run here. There are: "
                        + ", ".join(sorted(self._children)) + "."}
            child.wanted = command == "start"
            child.start_at, child.quick_deaths = 0.0, 0
            if not child.wanted:
                self._signal_stop(child)
        return {"processes": [self._describe(child) for child in self._children.values()]}

    def _run(self, spec: dict) -> dict:
        """Starts the process, or replaces it when its settings or its program changed."""
        child = self._children.get(spec["name"])
        if child is None:
            with self._lock:
                self._children[spec["name"]] = Child(spec)
            return {"changed": True}
        changed = child.spec["fingerprint"] != spec["fingerprint"]
        if child.process is None:
            child.spec = spec
        elif changed:
            child.replacement = spec
            self._signal_stop(child)
        changed = changed or not child.wanted
        child.wanted, child.start_at, child.quick_deaths = True, 0.0, 0
        return {"changed": changed}

    def _describe(self, child: Child) -> dict:
        pid = child.process.pid if child.process else None
        return {"name": child.spec["name"], "pid": pid, "ports": child.spec["ports"],
                "state": child.state(), "restarts": child.restarts,
                "quick_deaths": child.quick_deaths, "last_exit": child.last_exit, "stop_group": child.spec["stop_group"],
                "uptime_s": time.monotonic() - child.started if pid else None}

    # -- processes -----------------------------------------------------------------------------

    def _start(self, child: Child) -> None:
        spec = child.spec
        words = ["setpriv", "--pdeathsig", spec["stop_signal"]]
        if spec["user"]:
            words += ["--reuid", spec["user"], "--regid", spec["user"], "--init-groups"]
        env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "TZ": "UTC",
               "HOME": os.environ.get("HOME", "/"), **spec["env"]}
        with open(f"logs/{spec['name']}.log", "ab") as log:
            try:
                child.process = subprocess.Popen(
                    [*words, "--", *spec["argv"]], stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, env=env, cwd=spec["cwd"], start_new_session=True)
            except OSError as error:
                self._note_death(child, f"not started: {error}")
                return
        child.started, child.ready, child.kill_at = time.monotonic(), False, None
        print(f"{spec['name']} started, pid {child.process.pid}", flush=True)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if child.wanted and not self._closing and now >= child.start_at:
                self._start(child)
            return
        if child.process.poll() is not None:
            code = child.process.returncode
            self._note_death(child, f"exit code {code}" if code >= 0
                             else f"signal {signal.Signals(-code).name}")
        elif child.kill_at is not None and now >= child.kill_at:
            print(f"{child.spec['name']} did not stop in time, killed", flush=True)
            child.kill_at = now + 5
            child.process.kill()
        else:
            self._rotate(child)

    def _note_death(self, child: Child, how: str) -> None:
        now = time.monotonic()
        asked_for = child.kill_at is not None
        child.process, child.ready, child.kill_at, child.last_exit = None, False, None, how
        if child.replacement is not None:
            child.spec, child.replacement = child.replacement, None
        print(f"{child.spec['name']} ended: {how}", flush=True)
        if asked_for:
            child.start_at, child.quick_deaths = now, 0
            return
        child.restarts += 1
        child.quick_deaths = 0 if now - child.started > STEADY_AFTER_S else child.quick_deaths + 1
        child.start_at = now + min(FIRST_PAUSE_S * 2 ** child.quick_deaths, MAX_PAUSE_S)

    def _signal_stop(self, child: Child) -> None:
        if child.process is None or child.kill_at is not None:
            return
        child.kill_at = time.monotonic() + child.spec["stop_timeout_s"]
        child.process.send_signal(getattr(signal, "SIG" + child.spec["stop_signal"]))

    # -- the end -------------------------------------------------------------------------------

    def _close(self) -> None:
        self._closing = True

    def _alive(self) -> list[Child]:
        return [child for child in self._children.values() if child.process is not None]

    def _stop_next_group(self) -> None:
        """Ways in, then services, then brokers, then databases: each after the one before ended."""
        alive = self._alive()
        group = min((child.spec["stop_group"] for child in alive), default=0)
        for child in alive:
            if child.spec["stop_group"] == group:
                child.wanted = False
                self._signal_stop(child)

    # -- care ----------------------------------------------------------------------------------

    def _rotate(self, child: Child) -> None:
        """Copies and truncates: the process keeps its file open, in append mode."""
        log = Path(f"logs/{child.spec['name']}.log")
        if log.stat().st_size < LOG_BYTES_MAX:
            return
        for number in range(LOGS_KEPT, 1, -1):
            older = Path(f"{log}.{number - 1}")
            if older.exists():
                older.rename(f"{log}.{number}")
        shutil.copyfile(log, f"{log}.1")
        os.truncate(log, 0)

    def _probe(self) -> None:
        while True:
            with self._lock:
                children = list(self._children.values())
            all_ready = True
            for child in children:
                process = child.process
                if process is None:
                    continue
                ready = probes.is_ready(child.spec["probe"])
                if child.process is process:
                    child.ready = ready
                all_ready = all_ready and ready
            time.sleep(0.5 if all_ready and children else 0.1)


def main(run_dir: Path) -> int:
    os.umask(0o022)
    Supervisor(run_dir).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
