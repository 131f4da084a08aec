"""wire.py against the goldens that libs/protocols is held to, and against itself."""

import datetime as dt
import json
import pathlib
import random
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import wire  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden"
ADDRESS = "90000000000017"
TERMINAL = "0860000000000017"


def goldens(protocol: str) -> list:
    cases = []
    for file in sorted((GOLDEN / protocol).rglob("*.hex")):
        golden = json.loads(file.with_suffix(".json").read_text())
        data = bytes.fromhex(file.read_text())
        cases.append(pytest.param(data, golden["expect"], id=file.stem))
    return cases


@pytest.mark.parametrize("data, expect", goldens("cjt188"))
def test_frames_are_found_where_the_library_finds_them(data, expect):
    frames = list(wire.find_frames(data))
    assert bool(frames) == expect["valid"]
    if not frames:
        return
    frame = wire.unpack_frame(frames[0])
    assert frame.pack() == frames[0]
    for name, value in (("address", frame.address), ("control", f"{frame.control:02X}"),
                        ("meter_type", f"{frame.meter_type:02X}"), ("length", len(frame.data))):
        assert value == expect.get(name, value)
    if "di_on_wire" in expect:
        assert frame.data[:2].hex(" ").upper() == expect["di_on_wire"]
        assert frame.ser == expect["ser"]
    if expect.get("di") == "901F" and expect.get("length") == 22:
        assert frame.data[6:2:-1].hex().upper() == expect["current_bcd"]


@pytest.mark.parametrize("data, expect", goldens("envelope"))
def test_messages_are_read_as_the_library_reads_them(data, expect):
    if not expect["valid"]:
        with pytest.raises(wire.WireError, match=expect["reason"]):
            wire.unpack_message(data)
        return
    message = wire.unpack_message(data)
    assert message.pack() == data
    assert message.sequence == expect["sequence"]
    kinds = ["", "register", "heartbeat", "data", "acknowledge"]
    assert kinds[message.type] == expect["type"]


def test_reading_is_the_golden_of_the_profile():
    day = dt.datetime(2026, 10, 2, 0, 5)
    frame = wire.water_reading(ADDRESS, 123551, 120000, day, status=0x0008, ser=8)
    profile = GOLDEN.parents[1] / "libs/protocols/profiles/meters/karez-hourly.json"
    frames = [bytes.fromhex(e["frame"]) for e in json.loads(profile.read_text())["examples"]]
    assert frame == frames[0]
    increments = [0, 0, 0, 1, 2, 15, 120, 98, 45, 30, 22, 18, 60, 41, 12, 9, 14, 55, 132, 140, 88,
                  40, None, 3]
    series = wire.series_reading(ADDRESS, 0xD500, dt.date(2026, 10, 1), 123456, increments, ser=7)
    assert series == frames[1]


def test_number_that_does_not_fit_is_refused():
    assert wire.bcd(1234, 2) == b"\x34\x12"
    assert wire.from_bcd(b"\x34\x12") == 1234
    assert wire.from_bcd(b"\xff\xff") is None
    for value in (10000, -1):
        with pytest.raises(wire.WireError):
            wire.bcd(value, 2)


def test_reader_takes_messages_out_of_any_stream():
    random.seed(5)
    sent, stream = [], b"\x4b"
    for sequence in range(50):
        sent.append(wire.Message(wire.DATA, TERMINAL, sequence, random.randbytes(sequence)))
        stream += sent[-1].pack() + random.randbytes(random.randrange(3)).replace(b"K", b"")
    reader, found = wire.MessageReader(), []
    while stream:
        size = random.randrange(1, 40)
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert found == sent


def test_acknowledgement_names_what_it_answers():
    data = wire.Message(wire.DATA, TERMINAL, 42, b"x")
    message = wire.unpack_message(wire.acknowledge(data, wire.BUSY, 1790870701))
    assert (message.terminal, message.sequence) == (TERMINAL, 42)
    assert wire.unpack_acknowledgement(message) == wire.Acknowledgement(
        wire.DATA, wire.BUSY, 1790870701)
