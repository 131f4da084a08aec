"""The two Kafka requests the runner needs, spoken directly: no JVM start for each of them.

Metadata v1 tells whether the broker serves (an open port does not); CreateTopics v2 creates all
topics in one request. Both versions are served by Kafka 2.x to 4.x.
"""
import socket
import struct

METADATA, CREATE_TOPICS = 3, 19
TOPIC_ALREADY_EXISTS = 36


class KafkaError(Exception):
    pass


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">h", len(raw)) + raw


class _Reader:
    def __init__(self, data: bytes):
        self._data, self._at = data, 0

    def take(self, layout: str) -> int:
        (value,) = struct.unpack_from(">" + layout, self._data, self._at)
        self._at += struct.calcsize(">" + layout)
        return value

    def string(self) -> str:
        length = self.take("h")
        if length < 0:
            return ""
        self._at += length
        return self._data[self._at - length:self._at].decode()


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise KafkaError("the broker closed the connection")
        data += part
    return data


def _call(port: int, api: int, version: int, body: bytes, timeout_s: float) -> _Reader:
    message = struct.pack(">hhi", api, version, 1) + _string("karez-runner") + body
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as connection:
        connection.sendall(struct.pack(">i", len(message)) + message)
        (size,) = struct.unpack(">i", _receive(connection, 4))
        reader = _Reader(_receive(connection, size))
    reader.take("i")  # correlation id
    return reader


def topics(port: int, timeout_s: float = 1.0) -> dict[str, int]:
    """Topics with the number of their partitions that have a leader.

    Raises KafkaError or OSError while the broker does not serve.
    """
    reader = _call(port, METADATA, 1, struct.pack(">i", -1), timeout_s)
    brokers = reader.take("i")
    for _ in range(brokers):
        reader.take("i"), reader.string(), reader.take("i"), reader.string()
    if brokers == 0 or reader.take("i") < 0:
        raise KafkaError("no controller yet")
    found: dict[str, int] = {}
    for _ in range(reader.take("i")):
        reader.take("h")
        name = reader.string()
        reader.take("b")
        found[name] = 0
        for _ in range(reader.take("i")):
            reader.take("h"), reader.take("i")
            found[name] += reader.take("i") >= 0
            for _ in range(2):  # replicas, in-sync replicas
                for _ in range(reader.take("i")):
                    reader.take("i")
    return found


def create_topics(port: int, wanted: dict[str, dict[str, str]], partitions: int) -> None:
    """Creates the topics (name to settings) that are not there; one replica each."""
    body = struct.pack(">i", len(wanted))
    for name, settings in wanted.items():
        body += _string(name) + struct.pack(">ihii", partitions, 1, 0, len(settings))
        for key, value in settings.items():
            body += _string(key) + _string(value)
    body += struct.pack(">ib", 15000, 0)
    reader = _call(port, CREATE_TOPICS, 2, body, 20.0)
    reader.take("i")  # throttle time
    for _ in range(reader.take("i")):
        name, code, message = reader.string(), reader.take("h"), reader.string()
        if code not in (0, TOPIC_ALREADY_EXISTS):
            raise KafkaError(f"topic {name} was not created: error {code} {message}")
