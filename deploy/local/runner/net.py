"""Ports: which are free, and who holds one that is not."""
import contextlib
import os
import random
import socket
from pathlib import Path


_given: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports that nobody holds, never the same twice from one process.

    They come from below the range of outgoing connections, so that no client socket takes one
    between its choice and the server's start, and start at random, so that two runs seldom meet.
    """
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    first, last = 20000, max(low, 24000) - 1
    candidate, found = random.randint(first, last), []
    while len(found) < count:
        candidate = first if candidate >= last else candidate + 1
        if candidate in _given:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", candidate))
            found.append(candidate)
            _given.add(candidate)
    return found


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return inodes


def holder(port: int) -> str | None:
    """None when nobody listens on the port, else words that name the process."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            for fd in (process / "fd").iterdir():
                if os.readlink(fd) in inodes:
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(
                        errors="replace").strip()
                    return f"pid {process.name} ({command[:100]})"
        except OSError:
            continue
    return "a process of another user"
