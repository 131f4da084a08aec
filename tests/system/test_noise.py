"""Random and mutated bytes into the device port: nothing crashes, no byte goes uncounted, and who
speaks properly is served all the while. KAREZ_TEST_NOISE_FRAMES says how many (default 20,000)."""
import asyncio
import datetime as dt
import os
import random

import wire
from world import Line, local_now, until

FRAMES = int(os.environ.get("KAREZ_TEST_NOISE_FRAMES", "20000"))
LINES = 4  # on each a terminal registers, and as many where none does
PIECES_AT_ONCE = 200
PIECES_A_CONNECTION = 5_000  # who does not register within a minute is let go
UNKNOWN_METER = "99887766554433"
KINDS = ("bytesReceived", "frameBytes", "garbageBytes", "envelopeBytes", "unregisteredBytes")


def account(world) -> dict[str, int]:
    edges = world.platform.get("/v1/edgeAccounts").get("edges", [])
    return {kind: sum(int(edge.get(kind, 0)) for edge in edges) for kind in KINDS}


def reading(dice: random.Random) -> bytes:
    time = local_now() - dt.timedelta(minutes=dice.randrange(100_000))
    return wire.water_reading(UNKNOWN_METER, dice.randrange(10**8), dice.randrange(10**8), time,
                              status=dice.randrange(1 << 16), low_first=dice.random() < 0.5)


def mutated(dice: random.Random, good: bytes) -> bytes:
    """One to four faults: flipped bits, bytes lost, doubled or put in, a cut, another length."""
    data = bytearray(good)
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(data)) if data else 0
        match dice.randrange(6):
            case 0 if data:
                data[at] ^= 1 << dice.randrange(8)
            case 1 if data:
                del data[at:at + dice.randrange(1, 4)]
            case 2:
                data[at:at] = data[at:at + dice.randrange(1, 16)]
            case 3:
                data[at:at] = dice.randbytes(dice.randrange(1, 8))
            case 4:
                del data[at:]
            case _ if data:
                data[at] = dice.choice((0x00, 0x68, 0x16, 0xFE, 0xFF, 0x4B, 0x5A))
    return bytes(data)


def piece(dice: random.Random, terminal: str, registered: bool) -> bytes:
    match dice.randrange(6 if registered else 5):
        case 0:
            return dice.randbytes(dice.randrange(1, 80))
        case 1:
            return mutated(dice, reading(dice))
        case 2:  # sound to the last byte, of content that no meter sends
            return wire.Frame(UNKNOWN_METER, dice.randrange(256),
                              dice.randbytes(dice.randrange(wire.MAX_DATA + 1))).pack()
        case 3:
            return mutated(dice, wire.data_message(terminal, dice.randrange(1 << 32),
                                                   reading(dice)))
        case 4:
            return wire.data_message(terminal, dice.randrange(1 << 32),
                                     mutated(dice, reading(dice)))
        case _:  # may be whole after all; on the other lines it would take this one's place
            return mutated(dice, wire.register(terminal, 0, 1))


async def one_connection(world, dice: random.Random, terminal: str, registered: bool,
                         pieces: int) -> int:
    """The bytes sent, all of which the edge has read when this returns."""
    reader, writer = await asyncio.open_connection(world.edge[0], int(world.edge[1]))

    async def listen() -> None:  # an edge whose answers nobody takes stops reading
        while await reader.read(65536):
            pass

    listening = asyncio.create_task(listen())
    batch = wire.register(terminal, 0, 1) if registered else b""
    sent = 0
    while True:
        writer.write(batch)
        sent += len(batch)
        await writer.drain()
        if pieces <= 0:
            break
        count = min(pieces, PIECES_AT_ONCE)
        batch = b"".join(piece(dice, terminal, registered) for _ in range(count))
        pieces -= count
    writer.write_eof()
    await listening
    writer.close()
    return sent


async def one_line(world, dice: random.Random, terminal: str, registered: bool,
                   pieces: int) -> int:
    sent = 0
    while pieces > 0:
        now = min(pieces, PIECES_A_CONNECTION)
        sent += await one_connection(world, dice, terminal, registered, now)
        pieces -= now
    return sent


async def all_lines(world, terminals: list[str]) -> int:
    """On every second line nobody registers."""
    lines = [(terminals[number // 2], number % 2 == 0)
             for number in range(2 * min(len(terminals), LINES))]
    return sum(await asyncio.gather(*(
        one_line(world, random.Random(number), *line, FRAMES // len(lines))
        for number, line in enumerate(lines))))


def test_noise_is_counted_to_the_byte_and_harms_nobody(world):
    terminals = [t.number for t in world.demo.plan.terminals_of(world.second) if t.acknowledged]
    pid = world.pid("metering-edge")
    before = account(world)

    sent = asyncio.run(all_lines(world, terminals[1:]))

    until(lambda: account(world)["bytesReceived"] == before["bytesReceived"] + sent,
          f"{sent:,} bytes to be counted", 60)
    now = account(world)
    assert now["bytesReceived"] == sum(now[kind] for kind in KINDS[1:])
    assert now["garbageBytes"] > before["garbageBytes"]
    assert world.pid("metering-edge") == pid
    with Line(world, terminals[0]) as line:
        assert line.register() == wire.ACCEPTED
