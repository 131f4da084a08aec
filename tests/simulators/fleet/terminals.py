"""Terminals as they behave on the line: see docs/terminal-protocol.md for the states and times."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime as dt
import random
import time

import plan
import wire
from journal import Journal

WINDOW_MAX = 16
ANSWER_S = 30.0          # without an answer for so long a message is sent again
FIRST_PAUSE_S, PAUSE_MAX_S = 0.2, 5.0  # a demonstration does not wait ten minutes


class FleetError(RuntimeError):
    """The edge does not behave as the protocol says; the text says what to do."""


@dataclasses.dataclass
class Progress:
    messages: int = 0        # to be sent in this run
    sent: int = 0            # acknowledged in this run
    frames: int = 0
    polls: int = 0           # meters to be polled
    answered: int = 0
    reconnects: int = 0
    moved: float = dataclasses.field(default_factory=time.monotonic)

    def move(self) -> None:
        self.moved = time.monotonic()


class Line:
    """One connection, made again whenever it is lost."""

    def __init__(self, address: tuple[str, int], progress: Progress):
        self._address, self._progress = address, progress
        self._pause = FIRST_PAUSE_S

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            try:
                return await asyncio.open_connection(*self._address, limit=1 << 18)
            except OSError:
                await self.wait()

    async def wait(self) -> None:
        await asyncio.sleep(self._pause * (1 + random.random() / 2))
        self._pause = min(2 * self._pause, PAUSE_MAX_S)
        self._progress.reconnects += 1

    def works(self) -> None:
        self._pause = FIRST_PAUSE_S
        self._progress.move()


class Acknowledged:
    """Keeps its messages until the edge has acknowledged them."""

    def __init__(self, terminal: plan.Terminal, of: plan.Plan, line: Line, journal: Journal,
                 progress: Progress):
        self._terminal, self._line = terminal, line
        self._journal, self._progress = journal, progress
        self._done = journal.acknowledged.get(terminal.number, set())
        self.todo = of.message_count(terminal) - len(self._done)
        # No more than what lies between an odd frame and the one it refers to.
        self._window = min(WINDOW_MAX, plan.LOOK_BACK * terminal.blocks)
        self._next = of.messages(terminal)
        # Sent and not acknowledged, oldest first: sequence -> (message, bytes, sent at, second copy)
        self._kept: collections.OrderedDict[int, tuple] = collections.OrderedDict()

    def _fill(self) -> bytes:
        """Takes new messages into the window; the bytes to send."""
        out = []
        now = time.monotonic()
        while len(self._kept) < self._window:
            message = next(self._next, None)
            if message is None:
                break
            if message.sequence in self._done:
                continue
            payload = b"".join(frame.data for frame in message.frames)
            data = wire.data_message(self._terminal.number, message.sequence, payload)
            self._kept[message.sequence] = (message, data, now, False)
            out.append(data)
        return b"".join(out)

    async def run(self) -> None:
        if self.todo == 0:
            return
        first = self._fill()
        while self._kept:
            reader, writer = await self._line.connect()
            try:
                await self._register(reader, writer)
                writer.write(first or b"".join(kept[1] for kept in self._kept.values()))
                await self._serve(reader, writer)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                first = b""
                await self._line.wait()
            finally:
                writer.close()

    async def _register(self, reader, writer) -> None:
        oldest = next(iter(self._kept))
        writer.write(wire.register(self._terminal.number, 0, oldest, "fleet"))
        message = wire.unpack_message(await asyncio.wait_for(reader.readexactly(26), ANSWER_S))
        answer = wire.unpack_acknowledgement(message)
        if answer.outcome == wire.UNKNOWN_TERMINAL:
            raise FleetError(f"The edge does not know terminal {self._terminal.number}: register the "
                             "demo devices first, `make up` does it.")
        if answer.outcome != wire.ACCEPTED:
            raise OSError("busy")
        self._line.works()

    async def _serve(self, reader, writer) -> None:
        messages = wire.MessageReader()
        while self._kept:
            data = await asyncio.wait_for(reader.read(1 << 16), ANSWER_S)
            if not data:
                raise OSError("closed by the edge")
            again = b""
            for message in messages.feed(data):
                again += self._acknowledged(message)
            writer.write(again + self._fill())
            await writer.drain()

    def _acknowledged(self, message: wire.Message) -> bytes:
        """Bytes to send again, if any."""
        answer = wire.unpack_acknowledgement(message)
        kept = self._kept.get(message.sequence)
        if kept is None or answer.acknowledged != wire.DATA:
            return b""
        planned, data, _, second = kept
        if answer.outcome == wire.BUSY:
            raise OSError("busy")  # after a pause, all that is kept goes again, oldest first
        if answer.outcome != wire.ACCEPTED:
            raise FleetError(f"The edge answered outcome {answer.outcome} to message "
                             f"{message.sequence} of terminal {self._terminal.number}, which has "
                             "whole frames.")
        self._journal.add(self._terminal, planned.sequence, planned.frames, repeated=second)
        self._line.works()
        self._progress.frames += len(planned.frames)
        if planned.twice and not second:
            self._kept[message.sequence] = (planned, data, time.monotonic(), True)
            return data
        del self._kept[message.sequence]
        self._progress.sent += 1
        return b""


class Transparent:
    """Passes what the edge asks to its meters and their answers back, until each was read once."""

    def __init__(self, terminal: plan.Terminal, of: plan.Plan, line: Line, journal: Journal,
                 progress: Progress):
        self._terminal, self._plan, self._line = terminal, of, line
        self._journal, self._progress = journal, progress
        self._meters = {meter.address: meter for meter in terminal.meters}
        self._open = set(self._meters) - journal.answered.get(terminal.number, set())
        self.todo = len(self._open)

    async def run(self) -> None:
        while self._open:
            reader, writer = await self._line.connect()
            try:
                writer.write(b"REG:" + self._terminal.number.zfill(16).encode() + b"\r\n" + b"HB\r\n")
                await self._serve(reader, writer)
            except OSError:
                await self._line.wait()
            finally:
                writer.close()

    async def _serve(self, reader, writer) -> None:
        kept = b""
        while self._open:
            data = await reader.read(4096)
            if not data:
                raise OSError("closed by the edge")
            kept = (kept + data)[-256:]
            for request in wire.find_frames(kept):
                kept = b""
                writer.write(self._answer(wire.unpack_frame(request)))
            await writer.drain()

    def _answer(self, request: wire.Frame) -> bytes:
        meter = self._meters.get(request.address)
        if meter is None or request.control != wire.READ:
            return b""
        if request.identifier(low_first=True) != wire.CURRENT:
            return wire.refusal(request.address, request.ser)
        now = dt.datetime.now(plan.ZONE).replace(microsecond=0)
        litres = meter.base + 5000
        data = wire.water_reading(meter.address, litres // 10, meter.base // 10,
                                  now.replace(tzinfo=None), ser=request.ser)
        stamp = now.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = (f'"kind":"reading","device_address":"{meter.address}","device_time":"{stamp}",'
                  f'"value_ml":{litres * 1000}')
        self._journal.add(self._terminal, 0, [plan.Frame(data, fields, plan.ANSWERED)])
        self._line.works()
        if meter.address in self._open:
            self._open.discard(meter.address)
            self._progress.answered += 1
        self._progress.frames += 1
        return data
