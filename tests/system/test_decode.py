"""Frames explained through the gateway (POST /v1/frames:decode)."""
import pytest

READING = ("FE FE FE FE 68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C "
           "31 01 22 11 05 15 20 21 84 13 16")


def decode(caller, **question):
    return caller.once("POST", "/v1/frames:decode", question)


def test_a_reading_is_explained_field_by_field(world):
    answer = decode(world.admin["shule"], hex=READING)
    assert answer.status == 200
    frame = answer.json()["frame"]
    assert answer.json()["valid"] and frame["fits"] == ["cjt188"]
    assert frame["address"] == "78330011223344" and frame["current"] == "556677.00 m3"
    assert frame["meter_time"] == "2015-05-11T22:01:31" and frame["valve"] == "closed"
    sent = bytes.fromhex(READING)
    for field in frame["fields"]:
        begin = int(frame["offset"] + field["offset"])
        assert bytes.fromhex(field["hex"]) == sent[begin:begin + int(field["length"])]


def test_a_wrong_checksum_is_named(world):
    answer = decode(world.admin["shule"], protocol="cjt188", hex=READING[:-5] + "08 16")
    assert answer.status == 200 and not answer.json().get("valid")
    frame = answer.json()["frame"]
    assert frame["reason"] == "checksum"
    assert (frame["computed_cs"], frame["published_cs"]) == ("13", "08")


@pytest.mark.parametrize("field, question", [
    ("hex", {}),
    ("hex", {"hex": "68", "json": "{}"}),
    ("hex", {"hex": "6810 4"}),
    ("hex", {"hex": "68" * 8193}),
    ("json", {"json": " " * 16385}),
    ("protocol", {"hex": "68", "protocol": "cjt189"}),
    ("profile", {"hex": "68", "profile": "nobody-s"}),
    ("direction", {"hex": "010300000001840A", "protocol": "modbus-rtu"}),
])
def test_a_bad_question_names_its_field(world, field, question):
    answer = decode(world.admin["shule"], **question)
    assert answer.status == 400
    assert field in [violation["field"] for violation in answer.json()["violations"]]


def test_deep_json_and_noise_are_no_frames(world):
    for question in ({"json": "[" * 8000 + "]" * 8000}, {"json": "{"}, {"hex": "00 01 02"}):
        answer = decode(world.admin["shule"], **question)
        assert answer.status == 200 and not answer.json().get("valid")


def test_only_those_who_see_frames_may_ask(world):
    caller = world.staff(world.first, ["metering.meter.read"])
    assert decode(caller, hex=READING).status == 403
    assert caller.once("GET", "/v1/frameProtocols").status == 403
    protocols = world.admin["gaochang"].get("/v1/frameProtocols")["protocols"]
    assert {"cjt188", "modbus-rtu"} <= {one["protocol"] for one in protocols}
