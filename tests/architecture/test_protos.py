"""What every RPC must carry: a rule, and where it changes something a request id."""

import pathlib
import re

import pytest

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "proto" / "karez"
RPC = re.compile(r"rpc (\w+)\((\w+)\) returns \((?:stream )?([\w.]+)\) \{(.*?)\n  \}", re.DOTALL)


def rpcs():
    for path in sorted(PROTOS.glob("*/v1/*.proto")):
        text = path.read_text()
        for match in RPC.finditer(text):
            yield pytest.param(text, *match.groups(), id=match.group(1))


@pytest.mark.parametrize("text,name,request_type,response_type,body", list(rpcs()))
def test_an_rpc_says_who_may_call_it_and_how_it_is_repeated(text, name, request_type, response_type,
                                                            body):
    assert "(karez.options.v1.rule)" in body, f"{name} has no rule"
    assert "rate:" in body, f"{name} has no rate class"
    assert "permission:" in body or "access:" in body, f"{name} says not who may call"
    message = re.search(rf"^message {request_type} \{{(\}}|.*?^\}})", text, re.DOTALL | re.MULTILINE)
    assert message, f"{request_type} is not in the same file"
    reads = "get:" in body or "without_request_id: true" in body or "ACCESS_INTERNAL" in body
    has_id = "string request_id" in message.group(1)
    assert reads != has_id, f"{name}: request_id does not fit what the call does"
    if not reads:
        assert "audited: true" in body, f"{name} changes something and is not audited"


@pytest.mark.parametrize("text,name,request_type,response_type,body", list(rpcs()))
def test_each_rpc_has_a_request_message_of_its_own(text, name, request_type, response_type, body):
    assert request_type == f"{name}Request"
