"""CJ/T 188 frames and the acknowledged terminal envelope, as meters and terminals write them.

An implementation of its own, from the documents (docs/terminal-protocol.md, CJ/T 188), sharing
nothing with libs/protocols, so that each proves the other. Standard library only.
"""

from __future__ import annotations

import binascii
import dataclasses
import datetime as dt
import struct
from collections.abc import Iterator, Sequence

# --- CJ/T 188 ---------------------------------------------------------------------------------

START, END, WAKE_UP = 0x68, 0x16, 0xFE
MAX_DATA = 0x64
READ, READ_REPLY, READ_REFUSED = 0x01, 0x81, 0xC1
VALVE, VALVE_REPLY = 0x04, 0x84
CURRENT, LAST_SETTLEMENT, VALVE_DATA = 0x901F, 0xD120, 0xA017
CUBIC_METRE = 0x2C
COLD_WATER = 0x10


class WireError(ValueError):
    """The bytes are no frame; the text says why."""


def bcd(value: int, size: int) -> bytes:
    """`value` as packed decimal, low byte first."""
    digits = f"{value:0{2 * size}d}"
    if value < 0 or len(digits) > 2 * size:
        raise WireError(f"{value} does not fit {size} BCD bytes")
    return bytes.fromhex(digits)[::-1]


def from_bcd(data: bytes) -> int | None:
    """None where a nibble is no digit."""
    digits = data[::-1].hex()
    return int(digits) if digits.isdigit() else None


@dataclasses.dataclass(frozen=True)
class Frame:
    address: str  # 14 hex digits, most significant first
    control: int
    data: bytes
    meter_type: int = COLD_WATER

    def pack(self) -> bytes:
        if len(self.data) > MAX_DATA:
            raise WireError(f"{len(self.data)} data bytes, a frame holds {MAX_DATA}")
        address = bytes.fromhex(self.address)[::-1]
        if len(address) != 7:
            raise WireError(f"address {self.address!r} is not 14 hex digits")
        head = bytes([START, self.meter_type]) + address + bytes([self.control, len(self.data)])
        body = head + self.data
        return body + bytes([sum(body) & 0xFF, END])

    def identifier(self, low_first: bool) -> int:
        return int.from_bytes(self.data[:2], "little" if low_first else "big")

    @property
    def ser(self) -> int:
        return self.data[2]


def unpack_frame(frame: bytes) -> Frame:
    if len(frame) < 13 or frame[0] != START:
        raise WireError("short" if frame[:1] == bytes([START]) else "start")
    length = frame[10]
    if length > MAX_DATA or len(frame) != 13 + length:
        raise WireError("length")
    if frame[-1] != END:
        raise WireError("end")
    if frame[-2] != sum(frame[:-2]) & 0xFF:
        raise WireError("checksum")
    return Frame(frame[8:1:-1].hex().upper(), frame[9], frame[11:-2], frame[1])


def find_frames(data: bytes) -> Iterator[bytes]:
    """Whole frames in noise; on a failure the search goes on one byte further."""
    at = 0
    while at < len(data):
        end = at + 13 + data[at + 10] if at + 10 < len(data) else len(data) + 1
        if data[at] == START and end <= len(data):
            try:
                unpack_frame(data[at:end])
            except WireError:
                pass
            else:
                yield data[at:end]
                at = end
                continue
        at += 1


def di(identifier: int, low_first: bool) -> bytes:
    return identifier.to_bytes(2, "little" if low_first else "big")


def clock(time: dt.datetime) -> bytes:
    """ss mm hh DD MM YY CC of a local time."""
    parts = (time.second, time.minute, time.hour, time.day, time.month, time.year % 100,
             time.year // 100)
    return b"".join(bcd(part, 1) for part in parts)


def water_reading(address: str, current: int, settled: int, time: dt.datetime | None,
                  status: int = 0, ser: int = 0, low_first: bool = True,
                  meter_type: int = COLD_WATER) -> bytes:
    """The answer to 901F; volumes in hundredths of a cubic metre."""
    stamp = clock(time) if time else bytes(7)
    data = (di(CURRENT, low_first) + bytes([ser]) + bcd(current, 4) + bytes([CUBIC_METRE])
            + bcd(settled, 4) + bytes([CUBIC_METRE]) + stamp + status.to_bytes(2, "big"))
    return Frame(address, READ_REPLY, data, meter_type).pack()


def settlement_reading(address: str, settled: int, ser: int = 0, low_first: bool = True) -> bytes:
    """The answer to D120; hundredths of a cubic metre."""
    data = (di(LAST_SETTLEMENT, low_first) + bytes([ser]) + bcd(settled, 4)
            + bytes([CUBIC_METRE]))
    return Frame(address, READ_REPLY, data).pack()


def series_reading(address: str, identifier: int, day: dt.date, base: int | None,
                   increments: Sequence[int | None], width: int = 2, status: int | None = 0,
                   ser: int = 0, low_first: bool = True) -> bytes:
    """A day of increments: `base` in hundredths of a cubic metre at the day's start, increments in
    the profile's decimals, None where the meter has none. Same shape as the profile declares."""
    stamp = bcd(day.day, 1) + bcd(day.month, 1) + bcd(day.year % 100, 1) + bcd(day.year // 100, 1)
    start = b"" if base is None else bcd(base, 4) + bytes([CUBIC_METRE])
    slots = b"".join(b"\xff" * width if i is None else bcd(i, width) for i in increments)
    end = b"" if status is None else status.to_bytes(2, "big")
    data = di(identifier, low_first) + bytes([ser]) + stamp + start + slots + end
    return Frame(address, READ_REPLY, data).pack()


def refusal(address: str, ser: int, status: int = 0) -> bytes:
    return Frame(address, READ_REFUSED, bytes([ser]) + status.to_bytes(2, "big")).pack()


# --- the acknowledged envelope ----------------------------------------------------------------

MAGIC = b"KZ"
VERSION = 1
REGISTER, HEARTBEAT, DATA, ACKNOWLEDGE = 1, 2, 3, 4
ACCEPTED, UNKNOWN_TERMINAL, BUSY, REFUSED = 0, 1, 2, 3
MAX_PAYLOAD = 1024
_HEAD = struct.Struct(">2sBB8sIH")


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE."""
    return binascii.crc_hqx(data, 0xFFFF)


@dataclasses.dataclass(frozen=True)
class Message:
    type: int
    terminal: str  # 16 hex digits
    sequence: int
    payload: bytes = b""

    def pack(self) -> bytes:
        if len(self.payload) > MAX_PAYLOAD:
            raise WireError(f"{len(self.payload)} payload bytes, a message holds {MAX_PAYLOAD}")
        terminal = bytes.fromhex(self.terminal.zfill(16))
        body = _HEAD.pack(MAGIC, VERSION, self.type, terminal, self.sequence,
                          len(self.payload)) + self.payload
        return body + crc16(body).to_bytes(2, "big")


@dataclasses.dataclass(frozen=True)
class Acknowledgement:
    acknowledged: int
    outcome: int
    server_time_s: int


def register(terminal: str, sequence: int, oldest_unacknowledged: int, firmware: str = "") -> bytes:
    payload = oldest_unacknowledged.to_bytes(4, "big") + firmware.encode("ascii")
    return Message(REGISTER, terminal, sequence, payload).pack()


def heartbeat(terminal: str, sequence: int) -> bytes:
    return Message(HEARTBEAT, terminal, sequence).pack()


def data_message(terminal: str, sequence: int, frames: bytes) -> bytes:
    return Message(DATA, terminal, sequence, frames).pack()


def acknowledge(to: Message, outcome: int, server_time_s: int) -> bytes:
    payload = bytes([to.type, outcome]) + server_time_s.to_bytes(4, "big")
    return Message(ACKNOWLEDGE, to.terminal, to.sequence, payload).pack()


def unpack_message(data: bytes) -> Message:
    if len(data) < _HEAD.size + 2:
        raise WireError("short")
    magic, version, kind, terminal, sequence, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise WireError("start")
    if version != VERSION:
        raise WireError("version")
    if not REGISTER <= kind <= ACKNOWLEDGE:
        raise WireError("control")
    if length > MAX_PAYLOAD or len(data) != _HEAD.size + length + 2:
        raise WireError("length")
    if crc16(data[:-2]) != int.from_bytes(data[-2:], "big"):
        raise WireError("checksum")
    return Message(kind, terminal.hex().upper(), sequence, data[_HEAD.size:-2])


def unpack_acknowledgement(message: Message) -> Acknowledgement:
    if message.type != ACKNOWLEDGE or len(message.payload) != 6:
        raise WireError("layout")
    return Acknowledgement(message.payload[0], message.payload[1],
                           int.from_bytes(message.payload[2:], "big"))


class MessageReader:
    """Messages out of a byte stream, however it is cut."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.garbage = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        self._buffer += data
        while self._buffer:
            wanted = self._wanted()
            if wanted is None:
                del self._buffer[0]
                self.garbage += 1
                continue
            if len(self._buffer) < wanted:
                return
            try:
                message = unpack_message(bytes(self._buffer[:wanted]))
            except WireError:
                del self._buffer[0]
                self.garbage += 1
                continue
            del self._buffer[:wanted]
            yield message

    def _wanted(self) -> int | None:
        """Bytes of the message that could begin here, as far as can be told; None: none begins."""
        head = self._buffer[: len(MAGIC)]
        if not MAGIC.startswith(bytes(head)):
            return None
        if len(self._buffer) < _HEAD.size:
            return _HEAD.size
        length = int.from_bytes(self._buffer[16:18], "big")
        return None if length > MAX_PAYLOAD else _HEAD.size + length + 2
