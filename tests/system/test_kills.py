"""kill -9 of every process in the middle of its work: nothing is lost, nothing is done twice."""
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from world import DAYS, new_id, until

MORE_DAYS = DAYS + 10


def journal_lines(world) -> list[dict]:
    path = world.demo.run_dir / "fleet" / "journal.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_fleet_is_acknowledged_completely_although_its_edge_and_workers_are_killed(world):
    before = len(journal_lines(world))
    fleet = world.play(MORE_DAYS)
    # Each as soon as the one before is back; whatever the fleet still sends meets them.
    for name in ("metering-edge", "metering", "metering-edge"):
        world.kill(name)
    assert fleet.wait(timeout=180) == 0
    assert len(journal_lines(world)) > before
    for tenant in world.demo.tenants:
        world.demo._wait_for_frames(tenant, world.admin[tenant.code])
        received = world.demo._frame_days(world.admin[tenant.code])
        for day in received:
            assert int(day["received"]) == int(day.get("stored", 0)) + int(
                day.get("duplicate", 0)) + sum(map(int, day.get("quarantined", {}).values()))


def test_readings_of_the_journal_are_there_with_their_values(world):
    """Two meters in full; `verify` proves them all."""
    tenant = world.first
    for meter in world.demo.plan.meters_of(tenant)[:2]:
        told = {line["device_time"]: str(line["value_ml"]) for line in journal_lines(world)
                if line["device_address"] == meter.address and line["outcome"] == "stored"
                and line["kind"] == "reading"}
        admin = world.admin[tenant.code]
        found = admin.get("/v1/meters", numberPrefix=meter.number)["meters"][0]
        stored = {reading["time"]: reading["valueMl"] for reading in admin.pages(
            f"/v1/meters/{found['meterId']}/readings", "readings")}
        assert told and told.items() <= stored.items()


@pytest.mark.parametrize("name", ["identity", "accounts", "gateway"])
def test_process_that_was_killed_is_back_and_so_is_its_work(world, name):
    world.kill(name)
    admin = world.admin["shule"]
    until(lambda: admin._retrying(lambda: admin.once("GET", "/v1/session")).status == 200, name)
    account = world.account(admin)
    until(lambda: world.view(admin, account["accountId"]).get("account"), "the account's page")


def test_bill_run_that_is_killed_again_and_again_bills_everything_once(world):
    tenant, month = world.first, ""
    manager = world.demo.staff(tenant, "manager")
    accounts = [bill["accountId"]
                for bill in manager.pages("/v1/bills", "bills", month=world.month)]

    def settle(account: str) -> dict:
        return manager._retrying(lambda: manager.once(
            "POST", f"/v1/accounts/{account}:settle", {"requestId": new_id()})).json()

    with ThreadPoolExecutor(4) as desks:
        lines = [line for told in desks.map(settle, accounts) for line in told.get("lines", [])]
    assert lines, "the days that were played since are not settled yet"
    month = lines[0]["month"]

    def run() -> dict:
        answer = manager._retrying(lambda: manager.once(
            "POST", "/v1/billRuns", {"requestId": new_id(), "month": month}))
        return answer.json()

    until(lambda: "billRunId" in run(), "a bill run")
    for _ in range(3):
        world.kill("billing")
        until(lambda: "billRunId" in run() or run().get("reason") == "BILL_RUN_ACTIVE", "a bill run")

    def billed() -> dict[str, list[dict]]:
        run()
        by_account: dict[str, list[dict]] = {}
        for bill in manager.pages("/v1/bills", "bills", month=month):
            by_account.setdefault(bill["accountId"], []).append(bill)
        return by_account

    def reviewed() -> set[str]:
        return {item["accountId"] for item in manager.pages("/v1/reviewItems", "reviewItems",
                                                            month=month)}

    wanted = {line["accountId"] for line in lines}

    def missing() -> set[str]:
        return wanted - set(billed()) - reviewed()

    try:
        until(lambda: not missing(), "every account to be billed or held", 120)
    except Exception:
        raise AssertionError([line for line in lines if line["accountId"] in missing()]) from None
    volumes = {line["accountId"]: int(line.get("volumeMl", 0)) for line in lines}
    for account, bills in billed().items():
        if account in wanted:
            assert len(bills) == 1, account
            bill = manager.get(f"/v1/bills/{bills[0]['billId']}")
            assert sum(int(m.get("volumeMl", 0)) for m in bill["meters"]) == volumes[account]
