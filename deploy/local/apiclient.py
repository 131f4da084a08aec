"""A client of the gateway's JSON API, for demo data and system tests. Standard library only."""
import base64
import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

RETRY_S = 30.0


class ApiError(Exception):
    """A refusal, as problem details (RFC 9457)."""

    def __init__(self, call: str, status: int, problem: dict, headers: dict[str, str]):
        violations = "; ".join(f"{v.get('field')}: {v.get('description')}"
                               for v in problem.get("violations") or ())
        super().__init__(f"{call}: {status} {problem.get('reason')} {problem.get('detail')} "
                         f"{violations}".rstrip())
        self.status, self.problem, self.headers = status, problem, headers

    @property
    def reason(self) -> str:
        return self.problem.get("reason", "")


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes):
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> dict:
        return json.loads(self.body) if self.body else {}


class Gateway:
    """One connection per thread, kept open."""

    def __init__(self, url: str, timeout_s: float = 60.0):
        self._host = urllib.parse.urlsplit(url).netloc
        self._timeout_s = timeout_s
        self._local = threading.local()

    def send(self, method: str, path: str, body: bytes | None = None,
             headers: dict[str, str] | None = None) -> Answer:
        """One attempt, except that a kept connection which the gateway has closed is made again."""
        for fresh in (False, True):
            connection = getattr(self._local, "connection", None)
            if connection is None or fresh:
                connection = http.client.HTTPConnection(self._host, timeout=self._timeout_s)
                self._local.connection = connection
            try:
                connection.request(method, path, body, headers or {})
                reply = connection.getresponse()
                return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()},
                              reply.read())
            except (http.client.HTTPException, OSError):
                connection.close()
                self._local.connection = None
                if fresh:
                    raise
        raise AssertionError


class Caller:
    """A signed-in member of staff; signs in again when the token has run out."""

    def __init__(self, gateway: Gateway, tenant: str, name: str, password: str):
        self.gateway, self.tenant, self.name = gateway, tenant, name
        self._password = password
        self.token = ""
        self.session: dict = {}

    def sign_in(self) -> "Caller":
        answer = self._retrying(lambda: self.gateway.send("POST", "/v1/auth:signIn", json.dumps(
            {"tenantCode": self.tenant, "staffName": self.name, "password": self._password}).encode(),
            {"Content-Type": "application/json"}))
        if answer.status != 200:
            raise _error("sign-in", answer)
        told = answer.json()
        self.token, self.session = told["accessToken"], told["session"]
        return self

    def get(self, path: str, **query) -> dict:
        words = {k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items()
                 if v not in (None, "")}
        return self.call("GET", path + ("?" + urllib.parse.urlencode(words) if words else ""))

    def post(self, path: str, **body) -> dict:
        return self.call("POST", path, body)

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        """Repeats what is safe to repeat: every change carries a request id. Raises ApiError."""
        if not self.token:
            self.sign_in()
        answer = self._retrying(lambda: self.once(method, path, body))
        if answer.status == 401 and _expired(self.token):
            self.sign_in()
            answer = self._retrying(lambda: self.once(method, path, body))
        if answer.status != 200:
            raise _error(f"{method} {path}", answer)
        return answer.json()

    def once(self, method: str, path: str, body: dict | None = None) -> Answer:
        """One attempt, whatever the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is None:
            return self.gateway.send(method, path, None, headers)
        headers["Content-Type"] = "application/json"
        return self.gateway.send(method, path, json.dumps(body).encode(), headers)

    def pages(self, path: str, field: str, size: int = 500, **query) -> Iterator[dict]:
        token = ""
        while True:
            page = self.get(path, pageSize=size, pageToken=token, **query)
            yield from page.get(field, [])
            token = page.get("nextPageToken", "")
            if not token:
                return

    @staticmethod
    def _retrying(attempt: Callable[[], Answer]) -> Answer:
        """Waits as Retry-After says while the answer is `too much` or `not now`."""
        deadline = time.monotonic() + RETRY_S
        while True:
            try:
                answer = attempt()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                continue
            if answer.status not in (429, 503, 504) or time.monotonic() > deadline:
                return answer
            time.sleep(min(float(answer.headers.get("retry-after", "0.2")), 2.0))


def _expired(token: str) -> bool:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"] <= time.time()


def _error(call: str, answer: Answer) -> ApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.body[:200].decode(errors="replace")}
    return ApiError(call, answer.status, problem, answer.headers)
