"""pymodbus frame by frame: the same message written by both must be the same bytes, and each reads
the other's."""

import random

import peers
from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as words

RANDOM = random.Random(503)
REQUESTS = {1: bits.ReadCoilsRequest, 2: bits.ReadDiscreteInputsRequest,
            3: words.ReadHoldingRegistersRequest, 4: words.ReadInputRegistersRequest,
            5: bits.WriteSingleCoilRequest, 6: words.WriteSingleRegisterRequest,
            15: bits.WriteMultipleCoilsRequest, 16: words.WriteMultipleRegistersRequest}
RESPONSES = {1: bits.ReadCoilsResponse, 2: bits.ReadDiscreteInputsResponse,
             3: words.ReadHoldingRegistersResponse, 4: words.ReadInputRegistersResponse,
             5: bits.WriteSingleCoilResponse, 6: words.WriteSingleRegisterResponse,
             15: bits.WriteMultipleCoilsResponse, 16: words.WriteMultipleRegistersResponse}


def random_message(tcp):
    """(the peer's message, our encoder's question, what our decoder must say)"""
    answer = RANDOM.random() < 0.5
    fc = RANDOM.choice(list(REQUESTS))
    unit, transaction = RANDOM.randint(1, 247), RANDOM.randrange(65536) if tcp else 0
    ours = {"protocol": "modbus-tcp" if tcp else "modbus-rtu", "unit": unit, "fc": fc,
            "direction": "response" if answer else "request", "transaction": transaction}
    said = {"unit": unit, "fc": fc}
    if tcp:
        said["transaction"] = transaction
    if answer and RANDOM.random() < 0.1:
        code = RANDOM.choice([1, 2, 3, 4, 5, 6, 8, 10, 11])
        theirs = ExceptionResponse(fc, code, unit, transaction)
        return theirs, ours | {"exception": code}, said | {"fc": fc | 0x80, "exception": code}
    common = {"dev_id": unit, "transaction_id": transaction}
    start = RANDOM.randrange(65536)
    most = {1: 2000, 2: 2000, 3: 125, 4: 125, 5: 1, 6: 1, 15: 1968, 16: 123}[fc]
    count = RANDOM.choice([1, most, RANDOM.randint(1, most)])
    of_bits = fc in (1, 2, 5, 15)
    values = [RANDOM.randrange(2 if of_bits else 65536) for _ in range(count)]
    content = {"bits": [bool(v) for v in values]} if of_bits else {"registers": values}
    kind = (RESPONSES if answer else REQUESTS)[fc]
    if answer and fc <= 4:
        if of_bits:
            padded = values + [0] * (-count % 8)
            return (kind(**content, **common), ours | {"data": pack_bits(values)},
                    said | {"coils": padded})
        return kind(**content, **common), ours | {"data": pack_words(values)}, said | {
            "registers": values}
    ours["start"] = said["start"] = start
    if fc in (5, 6):
        ours["value"] = values[0] * (0xFF00 if fc == 5 else 1)
        return kind(address=start, **content, **common), ours, said | {"value": values[0]}
    ours["count"] = said["count"] = count
    if fc <= 4 or answer:
        return kind(address=start, count=count, **common), ours, said
    ours["data"] = pack_bits(values) if of_bits else pack_words(values)
    return kind(address=start, **content, **common), ours, said | {"values": values}


def pack_bits(values):
    packed = bytearray((len(values) + 7) // 8)
    for i, value in enumerate(values):
        packed[i // 8] |= value << (i % 8)
    return packed.hex()


def pack_words(values):
    return b"".join(value.to_bytes(2, "big") for value in values).hex()


def compare_framing(decode, encode, tcp, count):
    tally = peers.Tally(f"pymodbus 3.16.1, {'TCP' if tcp else 'RTU'} frames")
    framer = FramerSocket if tcp else FramerRTU
    readers = {"request": framer(DecodePDU(True)), "response": framer(DecodePDU(False))}
    cases = [random_message(tcp) for _ in range(count)]
    frames = [readers["request"].buildFrame(theirs) for theirs, _, _ in cases]
    explained = decode.ask_all([{"protocol": ours["protocol"], "direction": ours["direction"],
                                 "content": frame.hex()}
                                for (_, ours, _), frame in zip(cases, frames)])
    written = encode.ask_all([ours for _, ours, _ in cases])
    for (theirs, ours, said), frame, found, sent in zip(cases, frames, explained, written):
        same_bytes = sent.get("hex", "").replace(" ", "").lower() == frame.hex()
        same_reading = found["valid"] and all(found.get(k) == v for k, v in said.items())
        used, read = readers[ours["direction"]].handleFrame(frame, 0, 0)
        they_read = used == len(frame) and read is not None and type(read) is type(theirs)
        tally.check(same_bytes and same_reading and they_read,
                    f"{ours} {frame.hex()} {found} {sent} {read}"[:600])
    return tally.report()


def compare(decode, encode, count):
    sound = [compare_framing(decode, encode, tcp, count // 2) for tcp in (True, False)]
    return all(sound)
