"""Redis or Kafka away: the counter goes on, and what was missed arrives later."""
import time

from world import new_id, until

import test_sign_in


def pay(world, fen: int) -> tuple[str, dict]:
    clerk = world.demo.staff(world.first, "clerk")
    bill = world.owing(clerk)
    return bill["accountId"], clerk.post("/v1/payments", accountId=bill["accountId"],
                                         amountFen=str(fen), method="cash", requestId=new_id())


def test_everything_works_without_redis(world):
    world.stop("redis")
    try:
        clerk = world.demo.staff(world.first, "clerk")
        assert clerk.post("/v1/accounts:search", query="示例用户").get("hits")
        account, paid = pay(world, 100)
        until(lambda: any(line["receiptNumber"] == paid["receiptNumber"]
                          for line in world.view(clerk, account).get("payments", [])), "the payment")
        test_sign_in.ends_within_two_seconds(clerk)
    finally:
        world.start("redis")
    assert world.demo.staff(world.first, "clerk").get("/v1/session")


def test_counter_collects_without_kafka_and_the_events_follow(world):
    world.stop("kafka")
    try:
        account, paid = pay(world, 101)
        clerk = world.demo.staff(world.first, "clerk")
        assert clerk.get(f"/v1/payments/{paid['paymentId']}")["amountFen"] == "101"
        shown = world.view(clerk, account).get("payments", [])
        assert paid["receiptNumber"] not in [line["receiptNumber"] for line in shown]
    finally:
        world.start("kafka")
    started = time.monotonic()
    until(lambda: any(line["receiptNumber"] == paid["receiptNumber"]
                      for line in world.view(clerk, account).get("payments", [])),
          "the payment on the page of the account", 60)
    print(f"events followed {time.monotonic() - started:.1f} s after Kafka was ready")
