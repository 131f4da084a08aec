"""The plan against wire.py, and the players against an edge that dies in the middle."""

import asyncio
import collections
import datetime as dt
import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import plan  # noqa: E402
import wire  # noqa: E402
from journal import Journal  # noqa: E402
from terminals import Acknowledged, FleetError, Line, Progress, Transparent  # noqa: E402

SMALL = plan.Plan.of_month("2026-10", 6, tenants=1, meters=40)


def frames_of(of: plan.Plan) -> list[plan.Frame]:
    return [frame for terminal in of.terminals() if terminal.acknowledged
            for message in of.messages(terminal) for frame in message.frames]


def test_frames_are_those_that_wire_would_write():
    meter = SMALL.meters_of(plan.TENANTS[0])[0]
    reading, series = plan.Voice(SMALL, meter).frames(0)
    used = json.loads("{" + series.fields + "}")
    told = json.loads("{" + reading.fields + "}")
    assert reading.data == wire.water_reading(
        meter.address, told["value_ml"] // 10_000, meter.base // 10, dt.datetime(2026, 10, 1, 23, 51))
    assert series.data == wire.series_reading(
        meter.address, plan.SERIES, dt.date(2026, 10, 1), meter.base // 10,
        [hour // 1000 for hour in used["hours"]])
    assert told["value_ml"] == meter.base * 1000 + used["value_ml"]
    assert told["device_time"] == "2026-10-01T15:51:00Z"


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    first = [frame.data for frame in frames_of(SMALL)]
    assert first == [frame.data for frame in frames_of(SMALL)]
    other = plan.Plan.of_month("2026-10", 6, tenants=1, meters=40, seed=2)
    assert first != [frame.data for frame in frames_of(other)]


def test_month_has_every_kind_of_frame_and_every_day_of_every_meter():
    of = plan.Plan.of_month("2026-10", tenants=1, meters=500)
    stored, outcomes = collections.Counter(), collections.Counter()
    for frame in frames_of(of):
        outcomes[frame.outcome] += 1
        if frame.outcome == plan.STORED:
            told = json.loads("{" + frame.fields + "}")
            stored[told["device_address"], told["kind"]] += 1
        whole = list(wire.find_frames(frame.data)) == [frame.data]
        assert whole == (frame.outcome != plan.CHECKSUM)
    assert len(stored) == 2 * 400 and set(stored.values()) == {31}
    assert set(outcomes) == {plan.STORED, plan.DUPLICATE, plan.CHECKSUM, plan.UNKNOWN, plan.TIME,
                             plan.IMPOSSIBLE, plan.CONFLICT}


def test_first_days_are_the_same_whatever_follows():
    few, all_days = frames_of(plan.Plan.of_month("2026-10", 5, tenants=1, meters=40)), frames_of(
        plan.Plan.of_month("2026-10", tenants=1, meters=40))
    assert {frame.data for frame in few} <= {frame.data for frame in all_days}


def test_plan_for_more_days_than_the_month_has_is_refused():
    for days in (-1, 32):
        with pytest.raises(ValueError, match="1 to 31 days"):
            plan.Plan.of_month("2026-10", days)


class Edge:
    """Acknowledges, polls, keeps what came; drops the connection at every `drop`-th message."""

    def __init__(self, drop: int = 0):
        self.drop, self.seen, self.answers, self.count = drop, collections.Counter(), [], 0

    async def start(self) -> tuple[str, int]:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[:2]

    async def serve(self, reader, writer) -> None:
        messages = wire.MessageReader()
        data = await reader.read(4096)
        if data.startswith(b"REG:"):
            await self.poll(data[4:20].decode().lstrip("0"), reader, writer)
            return
        while data:
            for message in messages.feed(data):
                if message.type == wire.DATA:
                    self.count += 1
                    self.seen[message.terminal, message.sequence, message.payload] += 1
                    if self.drop and self.count % self.drop == 0:
                        writer.close()
                        return
                writer.write(wire.acknowledge(message, wire.ACCEPTED, 1790870701))
            await writer.drain()
            data = await reader.read(4096)
        writer.close()

    async def poll(self, number: str, reader, writer) -> None:
        for terminal in SMALL.terminals():
            for meter in terminal.meters if terminal.number == number else ():
                ask = wire.Frame(meter.address, wire.READ, wire.di(wire.CURRENT, True) + b"\x07")
                writer.write(b"\xfe\xfe" + ask.pack())
                answer = wire.unpack_frame(await reader.readexactly(35))
                assert (answer.address, answer.ser) == (meter.address, 7)
                self.answers.append(answer)
        writer.close()


async def played(journal: Journal, edge: Edge) -> Progress:
    address, progress = await edge.start(), Progress()
    players = [(Acknowledged if terminal.acknowledged else Transparent)(
        terminal, SMALL, Line(address, progress), journal, progress)
        for terminal in SMALL.terminals()]
    await asyncio.gather(*(player.run() for player in players))
    edge.server.close()
    return progress


def test_everything_is_acknowledged_once_although_the_edge_keeps_dying(tmp_path):
    edge, journal = Edge(drop=20), Journal(tmp_path / "journal.jsonl")
    progress = asyncio.run(played(journal, edge))
    journal.close()
    planned = {(terminal.number.zfill(16), message.sequence,
                b"".join(frame.data for frame in message.frames))
               for terminal in SMALL.terminals() if terminal.acknowledged
               for message in SMALL.messages(terminal)}
    assert set(edge.seen) == planned
    assert progress.sent == len(planned) and progress.reconnects > 0
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert len(lines) == journal.lines == progress.frames
    stored = [(l["device_address"], l["device_time"]) for l in lines if l["outcome"] == "stored"]
    planned = {(told["device_address"], told["device_time"]) for frame in frames_of(SMALL)
               if frame.outcome == plan.STORED for told in [json.loads("{" + frame.fields + "}")]}
    assert len(stored) == len(set(stored)) and set(stored) == planned
    assert len(edge.answers) == sum(line["outcome"] == "answered" for line in lines) == 8


def test_played_out_fleet_sends_nothing_and_a_cut_line_is_no_acknowledgement(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    asyncio.run(played(journal, Edge()))
    journal.close()
    again = Edge()
    assert asyncio.run(played(Journal(path), again)).frames == 0 and again.count == 0
    whole = path.read_text()
    path.write_text(whole + '{"tenant":"shule","terminal":"8601000000001","sequence":999,"kin')
    journal = Journal(path)
    assert 999 not in journal.acknowledged["8601000000001"]
    journal.close()
    assert path.read_text().endswith('"kin\n')


def test_terminal_that_nobody_registered_is_told_so(tmp_path):
    class Stranger(Edge):
        async def serve(self, reader, writer):
            for message in wire.MessageReader().feed(await reader.read(4096)):
                writer.write(wire.acknowledge(message, wire.UNKNOWN_TERMINAL, 0))
            await writer.drain()

    with pytest.raises(FleetError, match="register the demo devices"):
        asyncio.run(played(Journal(tmp_path / "journal.jsonl"), Stranger()))
