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

    def message(self) -> dict:
        """As sent; the fingerprint changes with the settings and with the program itself."""
        data = dataclasses.asdict(self)
        program = os.stat(shutil.which(self.argv[0]) or self.argv[0])
        told = json.dumps([data, program.st_mtime_ns, program.st_size], sort_keys=True)
        return {**data, "fingerprint": hashlib.sha256(told.encode()).hexdigest()}
