"""What the runner prints: steps with their time, progress inside a step, tables, and problems."""
import shutil
import sys
import time


class Problem(Exception):
    """Something the user can act on. Its text says what is wrong and what to do."""


def is_terminal() -> bool:
    return sys.stdout.isatty()


def say(text: str = "") -> None:
    print(text, flush=True)


def duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds) // 60}m{int(seconds) % 60:02d}s"
    return f"{int(seconds) // 3600}h{int(seconds) % 3600 // 60:02d}m"


class Step:
    """One numbered step. `progress` replaces its line on a terminal, and is sparse elsewhere."""

    def __init__(self, head: str):
        self._head = head
        self._started = time.monotonic()
        self._last_printed = self._started
        self._result = ""
        if is_terminal():
            self._line("…")
        else:
            say(f"{head} …")

    def _line(self, text: str) -> None:
        width = shutil.get_terminal_size().columns
        line = f"{self._head} {text}"[: width - 1]
        sys.stdout.write(f"\r\x1b[2K{line}")
        sys.stdout.flush()

    def progress(self, text: str) -> None:
        if is_terminal():
            self._line(text)
        elif time.monotonic() - self._last_printed > 10:
            self._last_printed = time.monotonic()
            say(f"{self._head} {text}")

    def note(self, text: str) -> None:
        """What the step's closing line says beside its time."""
        self._result = text

    def __enter__(self) -> "Step":
        return self

    def __exit__(self, kind, value, traceback) -> None:
        spent = duration(time.monotonic() - self._started)
        text = f"FAILED after {spent}" if kind else f"{self._result or 'done'} ({spent})"
        if is_terminal():
            self._line(text)
            say()
        else:
            say(f"{self._head} {text}")


class Steps:
    """Numbers the steps of a command: `step 3/10 servers`."""

    def __init__(self, total: int):
        self._total = total
        self._count = 0
        self._started = time.monotonic()

    def elapsed(self) -> float:
        return time.monotonic() - self._started

    def step(self, title: str) -> Step:
        self._count += 1
        return Step(f"step {self._count:>2}/{self._total} {title:<22}")


def table(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
             for row in [head, *rows]]
    return "\n".join(lines)
