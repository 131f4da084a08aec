"""A new account in the second utility, from its first frame to the reversal of its payment."""
import datetime as dt
import time

import wire
from world import Line, local_now, new_id, until


def test_frame_of_a_new_meter_becomes_a_paid_bill(world):
    admin = world.admin[world.second.code]
    manager = world.demo.staff(world.second, "manager")
    number, now = world.number(), local_now()
    terminal = admin.post("/v1/terminals", number=f"8699{number:06d}", kind="KIND_ACKNOWLEDGED",
                          branchId=world.branch(admin), requestId=new_id())
    meter = admin.post("/v1/meters", number=f"GCP{number:06d}", branchId=world.branch(admin),
                       profile="karez-hourly", deviceAddress=f"9099{number:010d}",
                       terminalId=terminal["terminalId"], requestId=new_id())
    since = (now - dt.timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M:%S+08:00")
    until(lambda: "METER_NOT_FOUND" not in _try_open(world, admin, meter, since), "the meter", 30)
    account = world.opened

    frames = [wire.water_reading(meter["deviceAddress"], hundredths, 100, at)
              for hundredths, at in ((700, now - dt.timedelta(hours=20)), (2150, now))]
    broken = frames[0][:-2] + bytes([frames[0][-2] ^ 1]) + frames[0][-1:]
    with Line(world, terminal["number"]) as line:
        assert line.register() == wire.ACCEPTED
        assert line.data(1, frames[0] + broken) == wire.ACCEPTED
        assert line.data(2, frames[1]) == wire.ACCEPTED
        assert line.data(2, frames[1]) == wire.ACCEPTED, "the same message again"
        assert line.data(3, broken) == wire.REFUSED

    place = f"/v1/meters/{meter['meterId']}/readings"
    until(lambda: len(admin.get(place).get("readings", [])) == 2, "the readings")
    newest, oldest = admin.get(place)["readings"]
    assert (newest["valueMl"], oldest["valueMl"]) == ("21500000", "7000000")
    assert newest["timeQuality"] == "device" and newest["valve"] == "open"

    settled = _retry(admin, f"/v1/accounts/{account['accountId']}:settle")
    assert [line["volumeMl"] for line in settled["lines"]] == ["20500000"]
    bill = _billed(world, manager, account, settled["lines"][0]["month"])
    assert bill["volumeMl"] == "20000000" and bill["carriedOutMl"] == "500000"
    assert sum(int(line["amountFen"]) for line in bill["lines"]) == int(bill["totalFen"])

    clerk = world.demo.staff(world.second, "clerk")
    paid = clerk.post("/v1/payments", accountId=account["accountId"], amountFen=bill["totalFen"],
                      method="cash", requestId=new_id())
    collected = time.monotonic()
    receipt = clerk.get(f"/v1/payments/{paid['paymentId']}")
    assert receipt == paid and receipt["utilityName"] == "高昌区供水有限公司"
    assert receipt["receiptNumber"] and receipt["cashierName"]
    assert [part["billNumber"] for part in receipt["allocations"]] == [bill["number"]]

    def seen() -> dict:
        view = world.view(clerk, account["accountId"])
        return view if view.get("payments") and view.get("arrearsFen", "0") == "0" else {}

    until(lambda: bool(seen()), "the payment on the page of the account")
    assert time.monotonic() - collected < 2, "the page is a second behind at most"
    view = seen()
    assert view["payments"][0]["receiptNumber"] == receipt["receiptNumber"]
    assert view["bills"][0]["state"] == "paid"
    assert view["meters"][0]["readingMl"] == "21500000"
    assert view["cases"][0]["kind"] == "KIND_OPEN"

    manager.post(f"/v1/payments/{paid['paymentId']}:reverse", requestId=new_id(), reason="示例冲正")
    until(lambda: world.view(clerk, account["accountId"]).get("arrearsFen") == bill["totalFen"],
          "the arrears to be back on the page")


def _try_open(world, admin, meter: dict, since: str) -> str:
    """The meter reaches accounts as an event. Gives the refusal, or nothing."""
    from apiclient import ApiError

    try:
        world.opened = world.account(admin, [{"meterId": meter["meterId"], "fromMl": "1000000",
                                              "fromTime": since}])
    except ApiError as error:
        return error.reason
    return ""


def _retry(caller, path: str) -> dict:
    """The account, and its binding, reach metering as events."""
    told = {}

    def done() -> bool:
        answer = caller.once("POST", path, {"requestId": new_id()})
        told.update(answer.json())
        return answer.status == 200

    until(done, "the settlement of the account")
    return told


def _billed(world, manager, account: dict, month: str) -> dict:
    def bills() -> list[dict]:
        manager.once("POST", "/v1/billRuns", {"requestId": new_id(), "month": month})
        return manager.get("/v1/bills", accountId=account["accountId"]).get("bills", [])

    until(lambda: bool(bills()), "the bill")
    return manager.get(f"/v1/bills/{bills()[0]['billId']}")


def test_broken_checksum_is_counted_and_every_byte_accounted_for(world):
    def total() -> dict[str, int]:
        edges = world.platform.get("/v1/edgeAccounts").get("edges", [])
        return {name: sum(int(edge.get(name, 0)) for edge in edges)
                for name in ("bytesReceived", "frameBytes", "garbageBytes", "envelopeBytes",
                             "unregisteredBytes", "checksumFailures")}

    terminal = next(t for t in world.demo.plan.terminals_of(world.second) if t.acknowledged)
    meter = terminal.meters[0]
    frame = wire.water_reading(meter.address, 1, 1, local_now())
    broken = frame[:-2] + bytes([frame[-2] ^ 0x55]) + frame[-1:]
    before = total()
    with Line(world, terminal.number) as line:
        line.send(b"noise before the registration")
        assert line.register() == wire.ACCEPTED
        assert line.data(900_001, broken) == wire.REFUSED
    until(lambda: total()["checksumFailures"] > before["checksumFailures"], "the count", 60)
    now = total()
    assert now["bytesReceived"] == (now["frameBytes"] + now["garbageBytes"] + now["envelopeBytes"]
                                    + now["unregisteredBytes"])
    assert now["unregisteredBytes"] - before["unregisteredBytes"] >= 29
    assert now["garbageBytes"] - before["garbageBytes"] >= len(broken)


def test_terminal_that_nobody_registered_is_told_so_and_let_go(world):
    with Line(world, "8688000000") as line:
        assert line.register() == wire.UNKNOWN_TERMINAL
