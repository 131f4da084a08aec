"""The counter and the tariff refuse what cannot be, naming the field and what to do."""
import copy

import demodata
from world import new_id, reason, until


def pay(caller, account_id: str, fen: int, **more):
    return caller.once("POST", "/v1/payments", {
        "requestId": new_id(), "accountId": account_id, "amountFen": str(fen), "method": "cash",
        **more})


def fields(answer) -> list[str]:
    return [violation["field"] for violation in answer.json().get("violations", [])]


def test_payment_of_nothing_or_less_names_the_field(world):
    clerk = world.demo.staff(world.first, "clerk")
    bill = world.owing(clerk)
    for fen in (0, -1, 10**10 + 1):
        answer = pay(clerk, bill["accountId"], fen)
        assert answer.status == 400 and fields(answer) == ["amountFen"], fen


def test_more_than_the_arrears_needs_the_consent_to_keep_it(world):
    clerk = world.demo.staff(world.first, "clerk")
    bill = world.owing(clerk)
    account, owed = bill["accountId"], int(clerk.get(
        f"/v1/accounts/{bill['accountId']}/balance")["arrearsFen"])
    answer = pay(clerk, account, owed + 1)
    assert (answer.status, reason(answer)) == (400, "PAYMENT_EXCEEDS_ARREARS")
    assert answer.json()["metadata"]["arrears_fen"] == str(owed)
    paid = pay(clerk, account, owed + 150, keepSurplusAsCredit=True).json()
    assert paid["creditFen"] == "150"
    balance = clerk.get(f"/v1/accounts/{account}/balance")
    assert balance.get("arrearsFen", "0") == "0" and balance["creditFen"] == "150"
    assert reason(pay(clerk, account, 100)) in ("NOTHING_TO_PAY", "PAYMENT_EXCEEDS_ARREARS")


def test_payment_is_allocated_and_its_reversal_restores_every_amount(world):
    manager = world.demo.staff(world.first, "manager")
    bill = world.owing(manager)
    account = bill["accountId"]
    before = manager.get(f"/v1/accounts/{account}/balance")
    paid = pay(manager, account, 101).json()
    assert [part["amountFen"] for part in paid["allocations"]] == ["101"]
    path = f"/v1/payments/{paid['paymentId']}:reverse"
    assert manager.once("POST", path, {"requestId": new_id()}).status == 400
    back = manager.post(path, requestId=new_id(), reason="示例冲正")
    assert back["reversed"] is True
    after = manager.get(f"/v1/accounts/{account}/balance")
    assert after["arrearsFen"] == before["arrearsFen"]
    answer = manager.once("POST", path, {"requestId": new_id(), "reason": "再次"})
    assert (answer.status, reason(answer)) == (400, "PAYMENT_REVERSED")


def test_reversed_bill_is_no_longer_owed_and_cannot_be_reversed_or_paid_again(world):
    manager = world.demo.staff(world.first, "manager")
    bill = world.owing(manager)
    account, path = bill["accountId"], f"/v1/bills/{bill['billId']}:reverse"
    pay(manager, account, 100)
    assert manager.post(path, requestId=new_id(), reason="示例红冲")["state"] == "STATE_REVERSED"
    answer = manager.once("POST", path, {"requestId": new_id(), "reason": "再次"})
    assert (answer.status, reason(answer)) == (400, "BILL_REVERSED")
    balance = manager.get(f"/v1/accounts/{account}/balance")
    assert balance["creditFen"] == "100" and balance.get("arrearsFen", "0") == "0"
    assert pay(manager, account, 100).status == 400


def test_transfers_of_an_account_balance_to_what_it_owes(world):
    manager = world.demo.staff(world.first, "manager")
    bill = world.owing(manager)
    account = bill["accountId"]
    pay(manager, account, 120)
    receivable = 0
    for transfer in manager.pages("/v1/transfers", "transfers", accountId=account):
        assert int(transfer["amountFen"]) > 0
        receivable += int(transfer["amountFen"]) * (
            (transfer["debit"] == "receivable") - (transfer["credit"] == "receivable"))
    assert receivable == int(manager.get(f"/v1/accounts/{account}/balance").get("arrearsFen", 0))


def test_bill_explains_itself_line_by_line(world):
    manager = world.demo.staff(world.second, "manager")
    for short in list(manager.pages("/v1/bills", "bills", month=world.month))[:5]:
        bill = manager.get(f"/v1/bills/{short['billId']}")
        assert sum(int(line.get("amountFen", 0)) for line in bill["lines"]) == int(bill["totalFen"])
        settled = sum(int(meter.get("volumeMl", 0)) for meter in bill["meters"])
        assert int(bill.get("volumeMl", 0)) % 1_000_000 == 0
        assert settled + int(bill.get("carriedInMl", 0)) == int(bill.get("volumeMl", 0)) + int(
            bill.get("carriedOutMl", 0))
        assert {line["componentCode"] for line in bill["lines"]} <= {"water", "sewage", "resource"}


def test_review_decision_bills_the_item_once(world):
    manager = world.demo.staff(world.second, "manager")
    item = manager.get("/v1/reviewItems", month=world.month, openOnly=True)["reviewItems"][0]
    path = f"/v1/reviewItems/{item['reviewItemId']}:decide"
    refused = manager.once("POST", path, {"requestId": new_id(), "decision": "DECISION_BILL"})
    assert refused.status == 400 and fields(refused) == ["note"]
    manager.post(path, requestId=new_id(), decision="DECISION_BILL_VOLUME", volumeMl="3000000",
                 note="示例复核")
    again = manager.once("POST", path, {"requestId": new_id(), "decision": "DECISION_SKIP",
                                        "note": "示例"})
    assert reason(again) == "REVIEW_ITEM_DECIDED"

    def billed() -> bool:
        run = manager._retrying(lambda: manager.once(
            "POST", "/v1/billRuns", {"requestId": new_id(), "month": world.month}))
        assert run.status == 200 or reason(run) == "BILL_RUN_ACTIVE"
        bills = manager.get("/v1/bills", accountId=item["accountId"], month=world.month)
        return [bill["volumeMl"] for bill in bills.get("bills", [])] == ["3000000"]

    until(billed, "the decided item to be billed")


SAMPLE = demodata.tariffs(demodata.fleet.Plan.of_month("2026-10"))[0]


def test_overlapping_tiers_name_the_tier(world):
    admin, wrong = world.admin["shule"], copy.deepcopy(SAMPLE)
    wrong["code"] = "overlap"
    wrong["components"][0]["tiered"]["tiers"][1]["upperLimitMl"] = "170000000"
    for path, body in (("/v1/tariffs", {"requestId": new_id(), "definition": wrong}),
                       ("/v1/tariffs:simulate", {"tariff": wrong, "volumeMl": "1000000",
                                                 "periodStart": "2026-10-01",
                                                 "periodEnd": "2026-10-31"})):
        answer = admin.once("POST", path, body)
        assert answer.status == 400, path
        name = "definition" if "definition" in body else "tariff"
        assert fields(answer) == [f"{name}.components[0].tiered.tiers[1].upperLimitMl"]
        assert "overlap" in answer.json()["violations"][0]["description"]


def test_tariff_part_that_is_not_supported_is_refused_by_name(world):
    wrong = {**copy.deepcopy(SAMPLE), "code": "minimum", "minimum": {"amountFen": "500"}}
    answer = world.admin["shule"].once("POST", "/v1/tariffs",
                                       {"requestId": new_id(), "definition": wrong})
    assert (answer.status, reason(answer)) == (400, "TARIFF_PART_UNSUPPORTED")
    assert answer.json()["metadata"]["part"] == "minimum"


def test_simulation_splits_a_volume_at_the_tier_limit(world):
    told = world.admin["shule"].post(
        "/v1/tariffs:simulate", tariff=SAMPLE, householdSize=5, usedBeforeMl="210000000",
        volumeMl="10000000", periodStart="2026-10-01", periodEnd="2026-10-31")
    assert told["limitsMl"] == ["216000000", "276000000"]  # 36 m³ more for the fifth person
    water = [line for line in told["lines"] if line["componentCode"] == "water"]
    assert [(line["tier"], line["volumeMl"], line["amountFen"]) for line in water] == [
        (1, "6000000", "1080"), (2, "4000000", "1080")]
    assert told["totalFen"] == str(sum(int(line["amountFen"]) for line in told["lines"]))
    assert told["counterAfterMl"] == "220000000"
