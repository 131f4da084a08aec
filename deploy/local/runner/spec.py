"""What the supervisor needs to know of a process: plain data, sent to it as JSON."""
import dataclasses
import hashlib
import json
import os
import shutil

# Order of stopping: ways in first, so that nothing new arrives while the rest drains.
EDGES, SERVICES, BROKERS, DATABASES = range(4)


@dataclasses.dataclass
class Spec:
    name: str
    argv: list[str]
    ports: dict[str, int]
    probe: dict            # see probes.py
    stop_group: int
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    user: str | None = None
    cwd: str = "/"
    stop_signal: str = "TERM"
    stop_timeout_s: float = 30.0
    reads: list[str] = dataclasses.field(default_factory=list)  # files that it reads at start only

    def message(self) -> dict:
        """As sent; the fingerprint changes with the settings, the program and what it reads."""
        data = dataclasses.asdict(self)
        files = [shutil.which(self.argv[0]) or self.argv[0],
                 *(name for name in self.reads if os.path.exists(name))]
        states = [(state.st_mtime_ns, state.st_size) for state in map(os.stat, files)]
        told = json.dumps([data, states], sort_keys=True)
        return {**data, "fingerprint": hashlib.sha256(told.encode()).hexdigest()}
