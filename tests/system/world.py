"""The installation under test: two utilities of 40 meters whose first five days of last month were
played, settled, billed and partly paid. Everything goes through the gateway and the device port."""
import datetime as dt
import itertools
import os
import signal
import socket
import subprocess
import urllib.request
import uuid
from pathlib import Path

import wire
from apiclient import Answer, Caller, Gateway
from demo import Demo, wait_until
from demodata import fleet
from runner import up
from runner.control import Control
from runner.installation import Installation

METERS, DAYS, PAYMENTS = 40, 5, 5
WAIT_S = 30.0


def new_id() -> str:
    return str(uuid.uuid4())


def until(condition, what: str, timeout_s: float = WAIT_S) -> None:
    wait_until(condition, what, timeout_s)


class World:
    def __init__(self) -> None:
        self.installation = Installation(Path(os.environ["KAREZ_RUN_DIR"]))
        self.control = Control(self.installation)
        self.gateway = Gateway(os.environ["KAREZ_TEST_GATEWAY_URL"])
        self.environment = up.program_environment(self.installation)
        self.edge = tuple(os.environ["KAREZ_TEST_EDGE"].rsplit(":", 1))
        self.demo = Demo(self.environment, lambda text: None, payments=PAYMENTS, meters=METERS,
                         days=DAYS)
        self.month = self.demo.plan.month
        self._numbers = itertools.count(1)

    def fill(self) -> None:
        self.demo.prepare()
        assert self.play(DAYS).wait(timeout=120) == 0
        self.table = self.demo.bill()
        self.first, self.second = self.demo.tenants
        self.platform = Caller(self.gateway, "platform", "admin",
                               self.installation.secret("admin-password")).sign_in()
        self.admin = {tenant.code: self.demo.staff(tenant, "admin") for tenant in self.demo.tenants}

    # -- programs and processes ------------------------------------------------------------------

    def play(self, days: int) -> subprocess.Popen:
        return subprocess.Popen(
            [*up.program_words(self.installation, "fleet"), "--days", str(days)],
            env={**os.environ, **self.environment})

    def verify(self) -> str:
        """Empty when every invariant holds."""
        done = subprocess.run(up.program_words(self.installation, "verify"), text=True, capture_output=True,
                              env={**os.environ, **self.environment}, timeout=300)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def pid(self, name: str) -> int:
        return self.control.processes()[name]["pid"]

    def kill(self, name: str) -> None:
        """kill -9; back when its successor is ready."""
        before = self.control.processes()[name]
        os.kill(before["pid"], signal.SIGKILL)

        def back() -> bool:
            now = self.control.processes()[name]
            return now["restarts"] > before["restarts"] and now["state"] == "ready"

        until(back, f"{name} to be started again", 60)

    def stop(self, name: str) -> None:
        self.control.call("stop", name=name)
        self.control.wait_stopped(name)

    def start(self, name: str) -> None:
        self.control.call("start", name=name)
        self.control.wait_ready([name])

    def metric(self, process: str, name: str) -> float:
        """Sum over all labels."""
        url = os.environ["KAREZ_TEST_METRICS_" + process.upper().replace("-", "_")]
        with urllib.request.urlopen(url, timeout=10) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines
                   if line.startswith((name + " ", name + "{")))

    # -- things to work with ---------------------------------------------------------------------

    def number(self) -> int:
        return next(self._numbers)

    def staff(self, tenant: fleet.Tenant, permissions: list[str]) -> Caller:
        """A new member of staff with these permissions, signed in."""
        admin, number = self.admin[tenant.code], self.number()
        role = admin.post("/v1/roles", name=f"示例角色{number}", permissions=permissions,
                          requestId=new_id())
        password = f"demo-password-{new_id()}"
        admin.post("/v1/staff", staffName=f"tester-{number}", displayName=f"示例员工{number}",
                   password=password, roleIds=[role["roleId"]], allBranches=True, requestId=new_id())
        caller = Caller(self.gateway, tenant.code, f"tester-{number}", password).sign_in()
        caller.password = password
        return caller

    def branch(self, caller: Caller) -> str:
        return caller.get("/v1/branches")["branches"][0]["branchId"]

    def branch_by_code(self, caller: Caller, code: str) -> str:
        return next(branch["branchId"] for branch in caller.get("/v1/branches")["branches"]
                    if branch["code"] == code)

    def account(self, caller: Caller, meters: list[dict] | None = None,
                household: int = 3) -> dict:
        """A new water account of a new customer at a new address."""
        number = self.number()
        customer = caller.post("/v1/customers", name=f"示例新户{number}", kind="KIND_PERSON",
                               phone=f"1990900{number:04d}", requestId=new_id())
        address = caller.post("/v1/addresses", region="示例区", community="示例新村",
                              building="1号楼", unit="1单元", room=f"{number}", requestId=new_id())
        opened = caller.post("/v1/accounts:open", customerId=customer["customerId"],
                             addressId=address["addressId"], branchId=self.branch(caller),
                             tariffCode="household", householdSize=household, meters=meters or [],
                             requestId=new_id())
        return opened["account"]

    def owing(self, caller: Caller, at_least_fen: int = 250) -> dict:
        """An open bill of the month that no other test has taken."""
        taken = self.__dict__.setdefault("_taken", set())
        for bill in caller.pages("/v1/bills", "bills", month=self.month, openOnly=True):
            if bill["billId"] not in taken and int(bill["openFen"]) >= at_least_fen:
                taken.add(bill["billId"])
                return bill
        raise AssertionError("no open bill is left")

    def view(self, caller: Caller, account_id: str) -> dict:
        return caller.get(f"/v1/accounts/{account_id}/view")


class Line:
    """A terminal of a test, byte by byte."""

    def __init__(self, world: World, number: str):
        self.number, self._reader = number, wire.MessageReader()
        self._socket = socket.create_connection((world.edge[0], int(world.edge[1])), timeout=20)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def answer(self) -> wire.Acknowledgement:
        while True:
            data = self._socket.recv(4096)
            assert data, "the edge closed the connection"
            for message in self._reader.feed(data):
                return wire.unpack_acknowledgement(message)

    def register(self) -> int:
        self.send(wire.register(self.number, 0, 1))
        return self.answer().outcome

    def data(self, sequence: int, frames: bytes) -> int:
        self.send(wire.data_message(self.number, sequence, frames))
        return self.answer().outcome

    def raw(self, size: int) -> bytes:
        return self._socket.recv(size)


def reason(answer: Answer) -> str:
    return answer.json().get("reason", "")


def local_now() -> dt.datetime:
    return dt.datetime.now(fleet.ZONE).replace(microsecond=0, tzinfo=None)
