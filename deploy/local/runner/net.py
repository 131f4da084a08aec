"""Ports: which are free, and who holds one that is not."""
import os
import socket
from pathlib import Path


def free_ports(count: int) -> list[int]:
    """Distinct ports free at this moment; all are held open until all are found.

    They come from below the range of outgoing connections, so that no client socket takes one
    between its choice and the server's start.
    """
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    held: list[socket.socket] = []
    candidate = 20000 + os.getpid() * 37 % max(low - 21000, 1000)
    try:
        while len(held) < count:
            candidate = 20000 if candidate + 1 >= max(low, 22000) else candidate + 1
            listener = socket.socket()
            try:
                listener.bind(("127.0.0.1", candidate))
                held.append(listener)
            except OSError:
                listener.close()
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()


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
