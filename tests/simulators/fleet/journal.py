"""The fleet's journal: what was acknowledged or answered, and so need not be sent again."""

from __future__ import annotations

import datetime as dt
import json
import pathlib

import plan


class Journal:
    """Appends to one file; a line that a kill cut short is closed, and ignored by readers."""

    def __init__(self, path: pathlib.Path):
        self.acknowledged: dict[str, set[int]] = {}  # terminal -> sequences
        self.answered: dict[str, set[str]] = {}      # terminal -> addresses of polled meters
        self.lines = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._read(path) if path.exists() else True
        self._out = path.open("a", encoding="ascii", buffering=1 << 16)
        if not whole:
            self._out.write("\n")

    def _read(self, path: pathlib.Path) -> bool:
        """The first fields of a line say all that is needed, so the rest is not parsed."""
        line = "\n"
        with path.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                if not line.endswith("}\n"):
                    continue
                self.lines += 1
                head, _, rest = line.partition(',"kind":')
                told = json.loads(head + "}")
                if told["sequence"]:
                    self.acknowledged.setdefault(told["terminal"], set()).add(told["sequence"])
                else:
                    address = json.loads('{"kind":' + rest)["device_address"]
                    self.answered.setdefault(told["terminal"], set()).add(address)
        return line.endswith("\n")

    def add(self, terminal: plan.Terminal, sequence: int, frames: list[plan.Frame],
            repeated: bool = False) -> None:
        """`repeated`: the message was acknowledged before, so each frame of it is a duplicate."""
        at = dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        head = (f'{{"tenant":"{terminal.tenant.code}","terminal":"{terminal.number}",'
                f'"sequence":{sequence},')
        for frame in frames:
            outcome = frame.outcome
            if repeated and outcome != plan.CHECKSUM:
                outcome = plan.DUPLICATE
            self._out.write(f'{head}{frame.fields},"outcome":"{outcome}",'
                            f'"frame_hex":"{frame.data.hex().upper()}","at":"{at}"}}\n')
        self.lines += len(frames)

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self._out.close()
