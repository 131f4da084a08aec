"""Content of the demo utilities: plainly synthetic names, numbers and prices, all from the plan of
the meter fleet (tests/simulators/fleet/plan.py), so that what is registered is what speaks."""
import csv
import datetime as dt
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "simulators" / "fleet"))

import plan as fleet  # noqa: E402

GROUP = "tianshan"
NAMES = {"shule": "疏勒县供水有限公司", "gaochang": "高昌区供水有限公司"}
REGIONS = {"shule": "疏勒示例区", "gaochang": "高昌示例区"}
BRANCHES = {
    "shule": (("city", "城区营业所（示例）"), ("north", "城北营业所（示例）"),
              ("rural", "乡镇营业所（示例）")),
    "gaochang": (("city", "城区营业所（示例）"), ("east", "城东营业所（示例）")),
}
PROFILE = "karez-hourly"
TERMINAL_PROFILE = "dtu-reg-hb"

CLERK = (
    "accounts.account.read", "accounts.address.read", "accounts.customer.read",
    "billing.bill.read", "billing.payment.collect", "billing.payment.read",
    "metering.meter.read", "metering.reading.read")
BILLING = (
    "accounts.account.read", "accounts.address.read", "accounts.customer.read",
    "billing.bill.read", "billing.run.read", "billing.run.review", "billing.run.start",
    "billing.tariff.read",
    "metering.frame.read", "metering.meter.create", "metering.meter.import", "metering.meter.read",
    "metering.reading.read", "metering.settlement.read", "metering.settlement.run",
    "metering.terminal.create", "metering.terminal.read")
# A manager may do everything but what the administrator is for.
ADMINISTRATION = ("identity.role.", "identity.staff.", "identity.branch.", "identity.settings.")


def manager_permissions(all_permissions: list[str]) -> list[str]:
    return [name for name in all_permissions
            if not name.startswith((*ADMINISTRATION, "platform."))]


def _csv(columns: tuple[str, ...], rows: list[tuple]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _branch(tenant: fleet.Tenant, index: int) -> str:
    """Of the index-th hundred of meters."""
    codes = BRANCHES[tenant.code]
    return codes[(index - 1) // 100 % len(codes)][0]


def devices_csv(plan: fleet.Plan, tenant: fleet.Tenant) -> str:
    terminals, meters = [], []
    for terminal in plan.terminals_of(tenant):
        branch = _branch(tenant, terminal.meters[0].index)
        kind, profile = (("acknowledged", "") if terminal.acknowledged
                         else ("transparent", TERMINAL_PROFILE))
        terminals.append(("terminal", terminal.number, branch, "", "", "", "", kind, profile))
        meters += [("meter", meter.number, branch, terminal.number, PROFILE,
                    40 if meter.business else 20, meter.address, "", "")
                   for meter in terminal.meters]
    return _csv(("type", "number", "branch_code", "terminal_number", "profile", "diameter_mm",
                 "device_address", "terminal_kind", "terminal_profile"), terminals + meters)


def account_number(meter: fleet.Meter) -> str:
    return f"{meter.tenant.prefix}{meter.index:06d}"


def accounts_csv(plan: fleet.Plan, tenant: fleet.Tenant) -> str:
    """One account a meter. Polled meters were installed this month, the others before last month."""
    next_month = (plan.first_day + dt.timedelta(days=31)).replace(day=1)
    rows = []
    for terminal in plan.terminals_of(tenant):
        since = plan.first_day if terminal.acknowledged else next_month
        rows += [_account(plan, meter, since) for meter in terminal.meters]
    return _csv(("number", "customer_name", "customer_kind", "phone", "region", "community",
                 "building", "unit", "room", "branch_code", "tariff_code", "household_size",
                 "meter_number", "from_m3", "from_time"), rows)


def _account(plan: fleet.Plan, meter: fleet.Meter, since: dt.date) -> tuple:
    place = meter.index - 1
    # Buildings of two units of five floors with two rooms each.
    building, unit, floor, room = (place // 20 % 5 + 1, place // 10 % 2 + 1, place // 2 % 5 + 1,
                                   place % 2 + 1)
    name = f"示例商户{meter.index:04d}" if meter.business else f"示例用户{meter.index:04d}"
    persons = "" if meter.business else 1 + fleet.number_of(f"{plan.seed}:{meter.number}") % 6
    return (account_number(meter), name, "organisation" if meter.business else "person",
            f"1990{meter.tenant.index}{meter.index:06d}", REGIONS[meter.tenant.code],
            f"示例小区{place // 100 + 1:02d}", f"{building}号楼", f"{unit}单元", f"{floor}0{room}",
            _branch(meter.tenant, meter.index), "non-household" if meter.business else "household",
            persons, meter.number, f"{meter.base // 1000}.{meter.base % 1000:03d}", since.isoformat())


def tariffs(plan: fleet.Plan) -> list[dict]:
    """Prices made up for the demonstration."""
    since = f"{plan.first_day.year}-01-01"
    return [
        {"code": "household", "name": "居民生活用水（示例）", "effectiveFrom": since,
         "components": [
             {"code": "water", "name": "基本水费", "kind": "KIND_WATER", "payee": "PAYEE_UTILITY",
              "tiered": {"tiers": [
                  {"upperLimitMl": "180000000", "priceMicroYuan": "1800000"},
                  {"upperLimitMl": "240000000", "ratioMillionths": "1500000"},
                  {"ratioMillionths": "3000000"}]},
              "taxTreatment": "simplified-3"},
             *_for_government("950000")],
         "tierRule": {"period": "PERIOD_CALENDAR_YEAR"},
         "householdAllowance": {"method": "METHOD_SHIFT_ALL", "basePersons": 4,
                                "perPersonMl": "36000000", "maxPersons": 12}},
        {"code": "non-household", "name": "非居民用水（示例）", "effectiveFrom": since,
         "components": [
             {"code": "water", "name": "基本水费", "kind": "KIND_WATER", "payee": "PAYEE_UTILITY",
              "flatPriceMicroYuan": "2750000", "taxTreatment": "simplified-3"},
             *_for_government("1400000")]},
    ]


def _for_government(sewage_price: str) -> list[dict]:
    return [
        {"code": "sewage", "name": "污水处理费", "kind": "KIND_SEWAGE", "payee": "PAYEE_GOVERNMENT",
         "volumeRatioMillionths": "900000", "flatPriceMicroYuan": sewage_price,
         "taxTreatment": "not-taxed"},
        {"code": "resource", "name": "水资源税", "kind": "KIND_RESOURCE",
         "payee": "PAYEE_GOVERNMENT", "flatPriceMicroYuan": "200000", "taxTreatment": "not-taxed"},
    ]
