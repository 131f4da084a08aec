"""Nobody reaches into another utility: ids of the first, used by staff of the second, are unknown."""
import re

import pytest
from world import new_id, until

NOTE = "示例说明"
# What an operation needs besides its id, so that nothing but the id can be wrong with the request.
BODIES = {
    ":reveal": {"reason": NOTE},
    ":changeHousehold": {"householdSize": 3},
    ":bindMeter": {"meter": {"meterId": "{meterId}", "fromMl": "0"}},
    ":unbindMeter": {"meterId": "{meterId}", "toMl": "0", "toTime": "2026-01-01T00:00:00Z"},
    ":close": {"note": NOTE},
    ":settle": {},
    ":simulateBill": {"volumeMl": "1000000", "periodEnd": "2026-10-31"},
    ":decide": {"decision": "DECISION_SKIP", "note": NOTE},
    ":reverse": {"reason": NOTE},
    "/v1/roles/{roleId}": {"name": NOTE, "permissions": ["billing.bill.read"], "etag": "{etag}"},
    "/v1/staff/{staffId}": {"displayName": NOTE, "active": True, "allBranches": True,
                            "etag": "{staffEtag}"},
}
QUERIES = {"/v1/meters/{meterId}/days": "?fromDate=2026-01-01&toDate=2026-01-31"}


def ids(world) -> dict[str, str]:
    """One of everything that the first utility has."""
    admin = world.admin[world.first.code]
    bill = next(iter(admin.pages("/v1/bills", "bills", month=world.month)))
    role = admin.get("/v1/roles")["roles"][0]
    staff = admin.get("/v1/staff")["staff"][0]
    account = admin.get(f"/v1/accounts/{bill['accountId']}")
    imports = {"accountId": account["accountId"], "customerId": account["customerId"],
               "meterId": account["bindings"][0]["meterId"], "billId": bill["billId"],
               "roleId": role["roleId"], "etag": role["etag"],
               "staffId": staff["staffId"], "staffEtag": staff["etag"]}
    for name, path, field in (
            ("terminalId", "/v1/terminals", "terminals"),
            ("settlementId", "/v1/settlements", "settlements"),
            ("billRunId", "/v1/billRuns", "billRuns"),
            ("reviewItemId", "/v1/reviewItems", "reviewItems"),
            ("paymentId", "/v1/payments", "payments")):
        imports[name] = admin.get(path)[field][0][name]
    imports["/v1/accountImports"] = admin.post(
        "/v1/accounts:import", requestId=new_id(),
        csv="customer_name,region,community,room,branch_code,tariff_code\n")["id"]
    imports["/v1/deviceImports"] = admin.post(
        "/v1/devices:import", requestId=new_id(), csv="type,number,branch_code\n")["id"]
    return imports


def operations(world):
    document = world.gateway.send("GET", "/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def filled(template, known: dict[str, str], path: str):
    if isinstance(template, dict):
        return {name: filled(value, known, path) for name, value in template.items()}
    if not isinstance(template, str):
        return template

    def value(match: re.Match) -> str:
        name = match.group(1)
        if name == "importId":
            name = path[:path.index("/{")]
        assert name in known, f"{path}: this test knows no {name}; give it one"
        return known[name]

    return re.sub(r"\{(\w+)\}", value, template)


def requests(world, known: dict[str, str]):
    for method, path, operation in operations(world):
        if "{" not in path:
            continue
        body = None
        if "requestBody" in operation:
            verb = path[path.rindex(":"):] if ":" in path else path
            assert verb in BODIES, f"{method} {path}: give this test a sound body for it"
            body = {"requestId": new_id(), **filled(BODIES[verb], known, path)}
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            if "requestId" not in str(schema) and verb in (":reveal", ":simulateBill"):
                del body["requestId"]
            if verb == ":simulateBill":
                body["tariff"] = world.demo_tariff
        query = QUERIES.get(path, "") if method == "GET" else ""
        yield method, path, filled(path, known, path) + query, body


@pytest.fixture(scope="module")
def known(world):
    import demodata

    world.demo_tariff = demodata.tariffs(world.demo.plan)[1]
    return ids(world)


def test_ids_of_another_utility_are_not_found_at_any_operation(world, known):
    stranger, checked = world.admin[world.second.code], 0
    for method, path, where, body in requests(world, known):
        answer = stranger._retrying(lambda: stranger.once(method, where, body))
        text = answer.body.decode()
        found = answer.status == 404 or ("event: error" in text and "NOT_FOUND" in text)
        assert found, f"{method} {path}: {answer.status} {text[:300]}"
        for secret in ("疏勒", "示例用户", "SL0", "SLM0"):
            assert secret not in text, f"{method} {path} shows {secret}"
        checked += 1
    assert checked > 20


def test_the_owner_is_found_by_the_same_ids(world, known):
    owner = world.admin[world.first.code]
    for method, path, where, body in requests(world, known):
        if method == "GET" and not path.endswith(":watch"):
            answer = owner.once(method, where)
            assert answer.status == 200, f"{path}: {answer.status} {answer.body[:300]}"


def test_foreign_ids_in_bodies_and_filters_are_not_found(world, known):
    stranger = world.admin[world.second.code]
    account = world.account(stranger)
    refused = [
        ("/v1/payments", {"accountId": known["accountId"], "amountFen": "100", "method": "cash"}),
        ("/v1/accounts:open", {"customerId": known["customerId"], "tariffCode": "household",
                               "addressId": account["addressId"], "branchId": account["branchId"]}),
        (f"/v1/accounts/{account['accountId']}:bindMeter",
         {"meter": {"meterId": known["meterId"], "fromMl": "0"}}),
        ("/v1/meters", {"number": f"GCX{world.number()}", "branchId": account["branchId"],
                        "profile": "karez-hourly", "terminalId": known["terminalId"],
                        "deviceAddress": f"9097{world.number():010d}"}),
    ]
    for path, body in refused:
        answer = stranger.once("POST", path, {"requestId": new_id(), **body})
        assert answer.status == 404, f"{path}: {answer.status} {answer.body[:300]}"
    for path, query in (("/v1/bills", "accountId={accountId}"),
                        ("/v1/payments", "accountId={accountId}"),
                        ("/v1/transfers", "accountId={accountId}")):
        answer = stranger.once("GET", f"{path}?{query}".format(**known))
        assert answer.status == 404 or not any(answer.json().values()), f"{path}: {answer.body[:300]}"


def test_names_of_another_utility_are_not_found_by_search(world):
    stranger = world.admin[world.second.code]
    until(lambda: stranger.post("/v1/accounts:search", query="GC000001").get("hits"), "the index")
    for query in ("SL000001", "SLM000001", "19901000001"):
        assert not stranger.post("/v1/accounts:search", query=query).get("hits"), query


def test_administrator_of_a_utility_is_no_platform_administrator(world):
    admin = world.admin[world.first.code]
    assert admin.once("GET", "/v1/tenants").status == 403
    assert admin.once("GET", "/v1/edgeAccounts").status == 403
    assert admin.once("POST", "/v1/tenants", {
        "requestId": new_id(), "code": "another", "name": "x", "adminStaffName": "admin",
        "adminPassword": "demo-password-1"}).status == 403


def test_clerk_of_one_branch_does_not_see_the_others(world):
    clerk = world.demo.staff(world.first, "clerk-city")
    hits = clerk.post("/v1/accounts:search", query="SL000001").get("hits", [])
    assert [hit["number"] for hit in hits] == ["SL000001"]
    admin = world.admin["shule"]
    north = world.branch_by_code(admin, "north")
    number = world.number()
    customer = admin.post("/v1/customers", name=f"示例城北{number}", kind="KIND_PERSON",
                          requestId=new_id())
    address = admin.post("/v1/addresses", region="示例区", community="示例城北", room=f"{number}",
                         requestId=new_id())
    account = admin.post("/v1/accounts:open", customerId=customer["customerId"],
                         addressId=address["addressId"], branchId=north, tariffCode="household",
                         requestId=new_id())["account"]
    assert clerk.once("GET", f"/v1/accounts/{account['accountId']}").status == 404
    assert clerk.once("GET", f"/v1/accounts/{account['accountId']}/view").status == 404
