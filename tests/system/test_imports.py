"""CSV files with broken rows, the same file again, and rows that wait for another service."""
from world import new_id, reason, until

DEVICES = "type,number,branch_code,terminal_number,profile,diameter_mm,device_address\n"
ADDRESS = "9098000000"
ACCOUNTS = ("number,customer_name,region,community,room,branch_code,tariff_code,household_size,"
            "meter_number,from_m3,phone\n")


def imported(caller, kind: str, csv: str) -> tuple[str, list[dict]]:
    """The place of the import, and its rows once it has ended."""
    place = {"devices": "deviceImports", "accounts": "accountImports"}[kind]
    operation = caller.post(f"/v1/{kind}:import", csv=csv, requestId=new_id())
    place = f"/v1/{place}/{operation['id']}"
    until(lambda: caller.get(place)["state"] == "STATE_SUCCEEDED", "the import")
    return place, caller.get(f"{place}/rows")["rows"]


def states(rows: list[dict]) -> list[tuple[int, str, str]]:
    return [(row["line"], row["state"].removeprefix("STATE_"), row.get("field", "")) for row in rows]


def test_broken_device_rows_are_refused_by_field_and_the_others_imported(world):
    admin, n = world.admin["shule"], world.number()
    csv = DEVICES + "".join((
        f"meter,SLI{n}A,city,,karez-hourly,20,{ADDRESS}{n:04d}\n",
        f"meter,SLI{n}B,city,,no-such-profile,20,{ADDRESS}{n:04d}\n",
        f"meter,SLI{n}C,city,,karez-hourly,7,{ADDRESS}{n:04d}\n",
        f"meter,SLI{n}D,city,no-such-terminal,karez-hourly,20,{ADDRESS}{n:04d}\n",
        f"valve,SLI{n}E,city,,karez-hourly,20,{ADDRESS}{n:04d}\n",
        f"meter,SLI{n}F,city,,karez-hourly,20,XYZ\n"))
    _, rows = imported(admin, "devices", csv)
    assert states(rows) == [
        (2, "IMPORTED", ""), (3, "REFUSED", "profile"), (4, "REFUSED", "diameter_mm"),
        (5, "REFUSED", "terminal_number"), (6, "REFUSED", "type"), (7, "REFUSED", "device_address")]
    assert all(row.get("reason") for row in rows[1:])
    _, again = imported(admin, "devices", csv)
    assert states(again)[0] == (2, "UNCHANGED", "")
    assert states(again)[1:] == states(rows)[1:]


def test_broken_account_rows_are_refused_by_field_and_the_others_imported(world):
    admin, n = world.admin["shule"], world.number()
    csv = ACCOUNTS + "".join((
        f"SLZ{n}A,示例甲,示例区,示例小区,1{n},city,household,4,,,19900000001\n",
        f"SLZ{n}B,,示例区,示例小区,2{n},city,household,4,,,\n",
        f"SLZ{n}C,示例丙,示例区,示例小区,3{n},no-such-branch,household,4,,,\n",
        f"SLZ{n}D,示例丁,示例区,示例小区,4{n},city,household,0,,,\n",
        f"SLZ{n}E,示例戊,示例区,示例小区,5{n},city,household,4,,,not-a-phone\n",
        f"SLZ{n}F,示例己,示例区,示例小区,6{n},city,household,4,SLM000001,abc,\n"))
    _, rows = imported(admin, "accounts", csv)
    assert states(rows) == [
        (2, "IMPORTED", ""), (3, "REFUSED", "customer_name"), (4, "WAITING", ""),
        (5, "REFUSED", "household_size"), (6, "REFUSED", "phone"), (7, "REFUSED", "from_m3")]
    _, again = imported(admin, "accounts", csv)
    assert states(again)[0] == (2, "UNCHANGED", "")


def test_row_that_waits_for_a_meter_is_done_when_the_meter_arrives(world):
    admin, n = world.admin["shule"], world.number()
    csv = ACCOUNTS + f"SLW{n},示例等待,示例区,示例小区,W{n},city,household,2,SLIW{n},12.5,\n"
    place, rows = imported(admin, "accounts", csv)
    assert states(rows) == [(2, "WAITING", "")] and f"SLIW{n}" in rows[0]["reason"]
    admin.post("/v1/meters", number=f"SLIW{n}", branchId=world.branch_by_code(admin, "city"),
               profile="karez-hourly", deviceAddress=f"{ADDRESS}{n:04d}", requestId=new_id())
    until(lambda: states(admin.get(f"{place}/rows")["rows"]) == [(2, "IMPORTED", "")],
          "the row to be done by itself")
    hit = admin.post("/v1/accounts:search", query=f"SLW{n}")["hits"][0]
    assert hit["meterNumbers"] == [f"SLIW{n}"]


def test_file_that_cannot_be_read_is_refused_as_a_whole(world):
    admin = world.admin["shule"]
    for csv in ("", "nonsense\n1\n", DEVICES + "meter,only,three\n", DEVICES + 'meter,"open\n',
                DEVICES.replace("\n", ",number\n")):
        answer = admin._retrying(lambda: admin.once(
            "POST", "/v1/devices:import", {"requestId": new_id(), "csv": csv}))
        assert (answer.status, reason(answer)) == (400, "INVALID_FIELDS"), csv
        assert answer.json()["violations"][0]["field"] == "csv"
