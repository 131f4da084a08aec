"""Lines to libmodbus: a TCP connection on 127.0.0.1, or a pseudo terminal."""

import os
import pty
import select
import socket
import subprocess
import tty

PATIENCE_S = 20


class Tcp:
    def __init__(self, connection):
        self.connection = connection

    def send(self, data):
        self.connection.sendall(data)

    def receive(self):
        self.connection.settimeout(PATIENCE_S)
        return self.connection.recv(4096)

    def close(self):
        self.connection.close()


class Serial:
    def __init__(self, master):
        self.master = master

    def send(self, data):
        os.write(self.master, data)

    def receive(self):
        if not select.select([self.master], [], [], PATIENCE_S)[0]:
            raise TimeoutError("libmodbus is silent")
        return os.read(self.master, 4096)

    def close(self):
        os.close(self.master)


def start(program, role, where):
    return subprocess.Popen([program, role, *where], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True)


def serial_pair():
    master, slave = pty.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    return Serial(master), slave


def to_slave(program, tcp):
    """(our line, their process): libmodbus as a slave."""
    if tcp:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = start(program, "serve", ("tcp", str(port)))
        assert process.stdout.readline() == "ready\n"
        return Tcp(socket.create_connection(("127.0.0.1", port))), process
    line, slave = serial_pair()
    process = start(program, "serve", ("rtu", os.ttyname(slave)))
    assert process.stdout.readline() == "ready\n"
    os.close(slave)
    return line, process


def to_master(program, tcp):
    """(our line, their process): libmodbus as a master."""
    if tcp:
        with socket.create_server(("127.0.0.1", 0)) as server:
            process = start(program, "ask", ("tcp", str(server.getsockname()[1])))
            return Tcp(server.accept()[0]), process
    line, slave = serial_pair()
    process = start(program, "ask", ("rtu", os.ttyname(slave)))
    return line, process
