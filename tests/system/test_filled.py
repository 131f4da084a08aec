"""What `make up` shows at its end is there, and filling again changes nothing."""
from world import DAYS, METERS, PAYMENTS

KEPT = METERS - METERS // 5  # on acknowledged terminals


def test_table_counts_frames_bills_and_money_of_both_utilities(world):
    head, *rows = (line.split() for line in world.table)
    assert [row[0] for row in rows] == ["shule", "gaochang"]
    for code, received, stored, duplicate, quarantined, bills, _, review, payments, _ in rows:
        assert int(received) == int(stored) + int(duplicate) + int(quarantined)
        assert int(stored) >= 2 * KEPT * (DAYS - 2)
        assert int(bills) + int(review) == KEPT
        assert int(payments) == PAYMENTS


def test_filling_again_changes_nothing(world):
    world.demo.prepare()
    assert world.play(DAYS).wait(timeout=60) == 0
    again = world.demo.bill()
    # Polled meters may have been read once more meanwhile; nothing else moves.
    assert [row.split()[5:] for row in again] == [row.split()[5:] for row in world.table]


def test_zero_use_and_reverse_registers_wait_for_a_person(world):
    for tenant in world.demo.tenants:
        items = world.admin[tenant.code].get("/v1/reviewItems", month=world.month,
                                             openOnly=True)["reviewItems"]
        reasons = {item["meterNumber"]: item["reasons"] for item in items}
        assert reasons[f"{tenant.prefix}M000005"] == ["REASON_ZERO"]
        assert "REASON_REVERSE" in reasons[f"{tenant.prefix}M000015"]


def test_frames_are_quarantined_for_the_reason_that_the_fleet_planned(world):
    planned = {}
    for terminal in world.demo.plan.terminals():
        if terminal.acknowledged:
            for message in world.demo.plan.messages(terminal):
                for frame in message.frames:
                    if frame.outcome.startswith("quarantined:"):
                        key = terminal.tenant.code, frame.outcome.removeprefix("quarantined:")
                        planned[key] = planned.get(key, 0) + 1
    found = {}
    for code, admin in world.admin.items():
        for day in world.demo._frame_days(admin):
            for why, count in day.get("quarantined", {}).items():
                found[code, why] = found.get((code, why), 0) + int(count)
    assert found == planned
