"""Retried, twinned and malformed requests at the gateway."""
from concurrent.futures import ThreadPoolExecutor

from world import new_id, reason


def customer(name: str, request_id: str) -> dict:
    return {"requestId": request_id, "name": name, "kind": "KIND_PERSON"}


def test_same_request_again_gets_the_first_answer(world):
    admin, body = world.admin["shule"], customer("示例重复", new_id())
    first = admin.call("POST", "/v1/customers", body)
    assert admin.call("POST", "/v1/customers", body) == first


def test_same_request_at_once_has_one_effect(world):
    admin, body = world.admin["shule"], customer("示例同时", new_id())
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: admin.call("POST", "/v1/customers", body), range(8)))
    assert all(answer == answers[0] for answer in answers)


def test_request_id_with_other_content_is_refused(world):
    admin, request_id = world.admin["shule"], new_id()
    admin.call("POST", "/v1/customers", customer("示例先", request_id))
    answer = admin.once("POST", "/v1/customers", customer("示例后", request_id))
    assert (answer.status, reason(answer)) == (400, "REQUEST_ID_REUSED")


def test_refused_request_may_be_repeated_with_its_id(world):
    admin, request_id = world.admin["shule"], new_id()
    assert admin.once("POST", "/v1/customers", customer("", request_id)).status == 400
    assert admin.once("POST", "/v1/customers", customer("示例改正", request_id)).status == 200


def test_change_without_request_id_names_the_field(world):
    body = customer("示例无号", "")
    answer = world.admin["shule"].once("POST", "/v1/customers", body)
    assert answer.status == 400
    assert "requestId" in [violation["field"] for violation in answer.json()["violations"]]


def test_all_faults_of_a_request_are_named_at_once(world):
    answer = world.admin["shule"].once("POST", "/v1/customers", {
        "requestId": new_id(), "name": "", "kind": "KIND_PERSON", "phone": "abc"})
    assert answer.status == 400
    assert {"name", "phone"} <= {violation["field"] for violation in answer.json()["violations"]}


def test_deeply_nested_and_malformed_bodies_are_refused(world):
    admin = world.admin["shule"]
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    for body in (b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
                 b'{"name":"\xff"}', b'{"name":1}', b'{"nonsense":1}', b"{", b""):
        answer = world.gateway.send("POST", "/v1/customers", body, headers)
        assert answer.status == 400, body[:20]
        assert answer.headers["content-type"] == "application/problem+json"
    assert admin.once("GET", "/v1/session").status == 200


def test_body_beyond_the_limit_is_refused(world):
    admin = world.admin["shule"]
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    body = b'{"name":"' + b"x" * (2 << 20) + b'"}'
    answer = world.gateway.send("POST", "/v1/customers", body, headers)
    assert answer.status == 413, answer.body
    assert admin.once("GET", "/v1/session").status == 200
