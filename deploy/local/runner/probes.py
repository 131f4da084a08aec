"""Is a process ready to work? One probe for each kind of server, all over loopback."""
import http.client
import socket
import struct

from runner import kafka_wire

TIMEOUT_S = 0.8


def _http(probe: dict) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", probe["port"], timeout=TIMEOUT_S)
    try:
        connection.request("GET", probe["path"])
        return connection.getresponse().status == 200
    finally:
        connection.close()


def _postgres(probe: dict) -> bool:
    """As pg_isready: a server that asks for a password accepts connections, 57P03 is starting."""
    body = struct.pack(">i", 196608) + b"user\0postgres\0database\0postgres\0\0"
    with socket.create_connection(("127.0.0.1", probe["port"]), timeout=TIMEOUT_S) as connection:
        connection.sendall(struct.pack(">i", len(body) + 4) + body)
        answer = connection.recv(1024)
    return bool(answer) and b"C57P03\0" not in answer


def _redis(probe: dict) -> bool:
    with socket.create_connection(("127.0.0.1", probe["port"]), timeout=TIMEOUT_S) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")


def _kafka(probe: dict) -> bool:
    kafka_wire.topics(probe["port"], TIMEOUT_S)
    return True


_PROBES = {"http": _http, "postgres": _postgres, "redis": _redis, "kafka": _kafka}


def is_ready(probe: dict) -> bool:
    """False for every failure: a process that cannot answer is not ready."""
    try:
        return _PROBES[probe["kind"]](probe)
    except (OSError, http.client.HTTPException, kafka_wire.KafkaError, struct.error):
        return False
