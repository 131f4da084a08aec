"""Demo data of `make up`: two utilities, filled through the gateway as their staff would.

`prepare` registers everything, the meter fleet speaks, `bill` settles, bills and collects. Both can
be run again at any moment and change nothing that is there: each change carries a request id that
follows from what it is for. The month is chosen once and kept in fleet/plan.json.
"""
import datetime as dt
import json
import os
import secrets
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import demodata
from apiclient import ApiError, Caller, Gateway
from demodata import fleet
from runner.ui import Problem, table

NAMES_OF_REQUESTS = uuid.UUID("7d0c7a52-6c0e-4a4d-9a51-3b8f1c2d4e60")
PAYMENTS = 200
WAIT_S = 300.0

Progress = Callable[[str], None]
Environment = dict[str, str]


def request_id(*words: object) -> str:
    return str(uuid.uuid5(NAMES_OF_REQUESTS, "/".join(map(str, words))))


class Demo:
    """`environment` as runner/up.py's program_environment."""

    def __init__(self, environment: Environment, progress: Progress, payments: int = PAYMENTS,
                 **sizes: int):
        self._secrets = Path(environment["KAREZ_SECRETS_DIR"])
        self.run_dir = Path(environment["KAREZ_RUN_DIR"])
        self.plan = _chosen_plan(self.run_dir, sizes)
        self.gateway = Gateway(environment["KAREZ_GATEWAY_URL"])
        self.tenants = fleet.TENANTS[:self.plan.tenants]
        self._progress, self._payments = progress, payments

    def password(self, tenant: str, name: str) -> str:
        path = self._secrets / f"demo-{tenant}-{name}"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(12))
        return path.read_text()

    def staff(self, tenant: fleet.Tenant, name: str) -> Caller:
        return Caller(self.gateway, tenant.code, name, self.password(tenant.code, name)).sign_in()

    # -- before the fleet ------------------------------------------------------------------------

    def prepare(self) -> None:
        platform = Caller(self.gateway, "platform", "admin",
                          (self._secrets / "admin-password").read_text()).sign_in()
        for tenant in self.tenants:
            platform.post("/v1/tenants", requestId=request_id("tenant", tenant.code),
                          code=tenant.code, name=demodata.NAMES[tenant.code],
                          groupCode=demodata.GROUP, adminStaffName="admin",
                          adminPassword=self.password(tenant.code, "admin"))
        self._for_each_tenant(self._prepare)

    def _for_each_tenant(self, work: Callable[[fleet.Tenant], object]) -> list:
        with ThreadPoolExecutor(len(self.tenants)) as utilities:
            return list(utilities.map(work, self.tenants))

    def _prepare(self, tenant: fleet.Tenant) -> None:
        self._progress(f"{tenant.code}: organisation and staff")
        admin = self.staff(tenant, "admin")
        self._organise(tenant, admin)
        for definition in demodata.tariffs(self.plan):
            admin.post("/v1/tariffs", definition=definition,
                       requestId=request_id("tariff", tenant.code, definition["code"]))
        self._import(admin, tenant, "/v1/devices:import", "/v1/deviceImports",
                     demodata.devices_csv(self.plan, tenant))
        self._import(admin, tenant, "/v1/accounts:import", "/v1/accountImports",
                     demodata.accounts_csv(self.plan, tenant))

    def _organise(self, tenant: fleet.Tenant, admin: Caller) -> None:
        branches = {code: admin.post("/v1/branches", code=code, name=name,
                                     requestId=request_id("branch", tenant.code, code))["branchId"]
                    for code, name in demodata.BRANCHES[tenant.code]}
        everything = admin.get("/v1/permissions")["permissions"]
        for name, title, shown, permissions in (
                ("clerk", "收费员", "示例收费员", list(demodata.CLERK)),
                ("billing", "抄表计费", "示例抄表计费员", list(demodata.BILLING)),
                ("manager", "经理", "示例经理", demodata.manager_permissions(everything))):
            role = admin.post("/v1/roles", name=title, permissions=permissions,
                              requestId=request_id("role", tenant.code, name))
            self._hire(tenant, admin, name, shown, role["roleId"], {"allBranches": True})
            if name == "clerk":  # sees one branch only
                self._hire(tenant, admin, "clerk-city", "示例城区收费员", role["roleId"],
                           {"branchIds": [branches["city"]]})

    def _hire(self, tenant: fleet.Tenant, admin: Caller, name: str, shown: str, role: str,
              scope: dict) -> None:
        admin.post("/v1/staff", staffName=name, displayName=shown, roleIds=[role],
                   password=self.password(tenant.code, name),
                   requestId=request_id("staff", tenant.code, name), **scope)

    def _import(self, admin: Caller, tenant: fleet.Tenant, path: str, place: str, csv: str) -> None:
        """Until every row is there: some wait for what another service has not told yet."""
        operation = admin.post(path, csv=csv, requestId=request_id("import", tenant.code, place))
        place = f"{place}/{operation['id']}"

        def done() -> bool:
            told = admin.get(place)
            self._progress(f"{tenant.code}: {told['kind']} {told.get('done', 0)}/"
                           f"{told.get('total', 0)}")
            if told["state"] == "STATE_FAILED":
                raise Problem(f"The import of {tenant.code} failed: {told.get('error')}")
            return told["state"] == "STATE_SUCCEEDED" and not admin.get(
                f"{place}/rows", state="STATE_WAITING", pageSize=1).get("rows")

        wait_until(done, f"the import of {tenant.code}")
        refused = admin.get(f"{place}/rows", state="STATE_REFUSED", pageSize=1).get("rows")
        if refused:
            raise Problem(f"The import of {tenant.code} refused line {refused[0]['line']}, "
                          f"{refused[0].get('field')}: {refused[0].get('reason')}")

    # -- after the fleet -------------------------------------------------------------------------

    def bill(self) -> list[str]:
        """Lines of the closing table."""
        rows = self._for_each_tenant(self._bill)
        head = ["UTILITY", "FRAMES", "STORED", "DUPLICATE", "QUARANTINED", "BILLS", "BILLED CNY",
                "FOR REVIEW", "PAYMENTS", "COLLECTED CNY"]
        return table(head, rows).splitlines()

    def _bill(self, tenant: fleet.Tenant) -> list[str]:
        manager = self.staff(tenant, "manager")
        self._wait_for_frames(tenant, manager)
        self._progress(f"{tenant.code}: settlement of {self.plan.month}")
        self._settle(tenant, manager)
        self._progress(f"{tenant.code}: bill run of {self.plan.month}")
        self._run_bills(tenant, manager)
        self._progress(f"{tenant.code}: payments at the counter")
        self._collect(tenant, manager)
        return self._summary(tenant, manager)

    def _frame_days(self, caller: Caller) -> list[dict]:
        today = dt.datetime.now(fleet.ZONE).date()
        return caller.get("/v1/frameAccounts", fromDate=(today - dt.timedelta(days=365)).isoformat(),
                          toDate=today.isoformat()).get("days", [])

    def _wait_for_frames(self, tenant: fleet.Tenant, caller: Caller) -> None:
        """Acknowledged is in Kafka; settled is only what the workers have stored."""
        sent = _acknowledged_frames(self.run_dir / "fleet" / "journal.jsonl", tenant.code)

        def stored() -> bool:
            received = _sum(self._frame_days(caller), "received")
            self._progress(f"{tenant.code}: {received}/{sent} frames worked on")
            return received >= sent

        wait_until(stored, f"{sent} frames of {tenant.code}")

    def _settle(self, tenant: fleet.Tenant, caller: Caller) -> None:
        """Bindings reach metering as events, so a first settlement may find only some of them."""
        wanted = sum(len(terminal.meters) for terminal in self.plan.terminals_of(tenant)
                     if terminal.acknowledged)
        for count in range(1, 20):
            settlement = caller.post("/v1/settlements", month=self.plan.month, requestId=request_id(
                "settle", tenant.code, self.plan.month, count))
            place = f"/v1/settlements/{settlement['settlementId']}"
            wait_until(lambda: _ended(caller.get(place)["operation"]),
                       f"the settlement of {tenant.code}")
            if self._settled_lines(caller) >= wanted:
                return
        raise Problem(f"Fewer than {wanted} meters of {tenant.code} could be settled: their bindings "
                      "did not reach metering, see `make status`.")

    def _settled_lines(self, caller: Caller) -> int:
        return sum(int(settlement.get("lines", 0))
                   for settlement in caller.pages("/v1/settlements", "settlements")
                   if settlement["month"] == self.plan.month)

    def _run_bills(self, tenant: fleet.Tenant, caller: Caller) -> None:
        """Settled lines reach billing as events, so a first run may find only some of them."""
        lines = self._settled_lines(caller)
        billed = 0
        for count in range(1, 20):
            run = self._start_run(tenant, caller, count)
            billed += int(run.get("issued", 0)) + int(run.get("failed", 0))
            items = sum(1 for _ in caller.pages("/v1/reviewItems", "reviewItems",
                                                month=self.plan.month))
            if billed + items >= lines:
                return
        raise Problem(f"Of {lines} settled lines of {tenant.code} {billed} were billed and {items} "
                      "wait for review; the rest did not reach billing: see `make status`.")

    def _start_run(self, tenant: fleet.Tenant, caller: Caller, count: int) -> dict:
        run: dict = {}

        def started() -> bool:
            try:
                run.update(caller.post("/v1/billRuns", month=self.plan.month, requestId=request_id(
                    "bill-run", tenant.code, self.plan.month, count)))
            except ApiError as error:
                if error.reason not in ("MONTH_NOT_SETTLED", "BILL_RUN_ACTIVE"):
                    raise
                return False
            return True

        def ended() -> bool:
            run.update(caller.get(f"/v1/billRuns/{run['billRunId']}"))
            return _ended(run["operation"])

        wait_until(started, f"the settled lines of {tenant.code} in billing")
        wait_until(ended, f"the bill run of {tenant.code}")
        return run

    def _collect(self, tenant: fleet.Tenant, manager: Caller) -> None:
        """The first accounts by number pay their bill of the month in full."""
        wanted = min(self._payments, self.plan.meters)
        if int(manager.get("/v1/billing/summary").get("payments", 0)) >= wanted:
            return
        bills = sorted((bill for bill in manager.pages("/v1/bills", "bills", month=self.plan.month)
                        if int(bill.get("totalFen", 0)) > 0), key=lambda b: b["accountNumber"])
        clerk = self.staff(tenant, "clerk")

        def pay(bill: dict) -> None:
            clerk.post("/v1/payments", accountId=bill["accountId"], amountFen=bill["totalFen"],
                       method="cash", requestId=request_id("payment", bill["billId"]))

        with ThreadPoolExecutor(4) as desks:
            for _ in desks.map(pay, bills[:wanted]):
                pass

    def _summary(self, tenant: fleet.Tenant, caller: Caller) -> list[str]:
        days, money = self._frame_days(caller), caller.get("/v1/billing/summary")
        quarantined = sum(int(count) for day in days for count in day.get("quarantined", {}).values())
        held = sum(1 for _ in caller.pages("/v1/reviewItems", "reviewItems", month=self.plan.month,
                                           openOnly=True))
        return [tenant.code, *(str(_sum(days, name)) for name in ("received", "stored", "duplicate")),
                str(quarantined), money.get("bills", "0"), _yuan(money.get("billedFen", 0)), str(held),
                money.get("payments", "0"), _yuan(money.get("collectedFen", 0))]


def main(environment: Environment, progress: Progress) -> None:
    Demo(environment, progress).prepare()


def bill(environment: Environment, progress: Progress) -> list[str]:
    return Demo(environment, progress).bill()


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = WAIT_S) -> None:
    deadline, pause = time.monotonic() + timeout_s, 0.02
    while not condition():
        if time.monotonic() > deadline:
            raise Problem(f"Waited {timeout_s:.0f} s for {what}: `make status` and `make logs` say "
                          "more. The same command can be run again.")
        time.sleep(pause)
        pause = min(1.5 * pause, 0.5)


def _chosen_plan(run_dir: Path, sizes: dict[str, int]) -> fleet.Plan:
    """Last month at the first run, the same ever after: its meters have spoken then."""
    path = run_dir / "fleet" / "plan.json"
    if not path.exists():
        month = fleet.last_month(dt.datetime.now(fleet.ZONE).date())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"month": month, **sizes}) + "\n")
    return fleet.Plan.of_month(**json.loads(path.read_text()))


def _acknowledged_frames(journal: Path, tenant: str) -> int:
    if not journal.exists():
        return 0
    with journal.open(encoding="ascii") as lines:
        return sum(line.startswith(f'{{"tenant":"{tenant}",')
                   and '"outcome":"checksum"' not in line and '"outcome":"answered"' not in line
                   for line in lines)


def _ended(operation: dict) -> bool:
    if operation["state"] in ("STATE_FAILED", "STATE_CANCELLED"):
        raise Problem(f"{operation['kind']} ended as {operation['state']}: {operation.get('error')}")
    return operation["state"] in ("STATE_SUCCEEDED", "STATE_WAITING")


def _sum(days: list[dict], field: str) -> int:
    return sum(int(day.get(field, 0)) for day in days)


def _yuan(fen: object) -> str:
    return f"{int(fen) // 100}.{int(fen) % 100:02d}"
