"""The include directions of the design: ways in call use cases, use cases call domain and ways out,
ways out know domain, domain knows nobody; no service knows another, no library knows a service."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#include\s+([<"])([^>"]+)[>"]', re.MULTILINE)

# Which rooms of its own service a room may include, beside itself.
MAY_INCLUDE = {
    "domain": set(),
    "store": {"domain"},
    "events": {"domain"},
    "clients": {"domain"},
    "usecases": {"domain", "store", "events", "clients"},
    "api": {"usecases", "store", "domain"},
    "consumers": {"usecases", "store", "domain", "events"},
    "jobs": {"usecases", "store", "domain"},
    # Metering's second role: a way in over device sockets and out to Kafka.
    "edge": {"usecases", "store", "domain", "events"},
}
# The gateway has rooms of its own and no domain.
GATEWAY = {"http", "transcode", "auth", "limits", "upstream", "openapi", "static"}

BASE_MAY_INCLUDE = {"tl/expected.hpp", "date/tz.h", "openssl/sha.h"}
DOMAIN_MUST_NOT = ("pqxx", "grpc", "nlohmann", "spdlog", "librdkafka", "boost", "google/", "karez/")


def sources(folder):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", folder], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout.split()
    return [ROOT / name for name in listed
            if name.endswith((".h", ".cpp")) and (ROOT / name).exists()]


def includes(path):
    return INCLUDE.findall(path.read_text())


def place(path):
    """('billing', 'store') of services/billing/store/bill_store.cpp; room '' for app, main, config."""
    parts = path.relative_to(ROOT).parts
    return parts[1], parts[2] if len(parts) > 3 else ""


def faults_of_service_file(path):
    service, room = place(path)
    if room == "tests":
        return
    for kind, target in includes(path):
        target_parts = target.split("/")
        if target_parts[0] == "services":
            if target_parts[1] != service:
                yield f"{target} belongs to another service"
                continue
            other = target_parts[2] if len(target_parts) > 3 else ""
            if service == "gateway" or room == "" or other == room:
                continue
            if other not in MAY_INCLUDE[room] and not (other == "" and room != "domain"
                                                       and target_parts[2] == "config.h"):
                yield f"{room} must not include {target}"
        if room == "domain" and kind == "<" and target.startswith(DOMAIN_MUST_NOT):
            yield f"domain must not include {target}"
        if room == "domain" and kind == '"' and target.startswith(("karez/", "google/")):
            yield f"domain must not include {target}"
        if room == "domain" and target.startswith("libs/") and not target.startswith(
                ("libs/base/", "libs/protocols/")):
            yield f"domain must not include {target}"
        if target.startswith("pqxx"):
            yield "pqxx stays inside libs/pg"


@pytest.mark.parametrize("service", sorted(p.name for p in (ROOT / "services").iterdir()
                                           if p.is_dir()))
def test_rooms_of_a_service_include_only_what_they_may(service):
    faults = []
    for path in sources(f"services/{service}"):
        _, room = place(path)
        known = GATEWAY if service == "gateway" else set(MAY_INCLUDE)
        if room and room not in known | {"tests"}:
            faults.append(f"{path.relative_to(ROOT)}: no service has a room {room!r}")
            continue
        faults += [f"{path.relative_to(ROOT)}: {fault}" for fault in faults_of_service_file(path)]
    assert not faults, "\n".join(faults)


def test_no_library_knows_a_service():
    faults = [f"{path.relative_to(ROOT)}: {target}" for path in sources("libs")
              for _, target in includes(path) if target.startswith("services/")]
    assert not faults, "\n".join(faults)


def test_base_stands_on_the_standard_library():
    faults = []
    for path in sources("libs/base"):
        if "tests" in path.parts:
            continue
        for kind, target in includes(path):
            if kind == "<" and "/" in target and target not in BASE_MAY_INCLUDE:
                faults.append(f"{path.relative_to(ROOT)}: {target}")
            if kind == '"' and not target.startswith("libs/base/"):
                faults.append(f"{path.relative_to(ROOT)}: {target}")
    assert not faults, "\n".join(faults)


# Third-party headers of the codecs, each behind one room.
CODECS_MAY_INCLUDE = {"crypto": "openssl/", "json": "simdjson.h"}


def test_codecs_stand_alone():
    faults = []
    for path in sources("libs/protocols"):
        if {"bench", "tests", "tools", "explain", "profiles_json"} & set(path.parts):
            continue
        _, room = place(path)
        allowed = CODECS_MAY_INCLUDE.get(room, "libs/protocols/")
        for kind, target in includes(path):
            if (kind == '"' and not target.startswith("libs/protocols/")) or (
                    kind == "<" and ("/" in target or target.endswith(".h"))
                    and not target.startswith(allowed)):
                faults.append(f"{path.relative_to(ROOT)}: {target}")
    assert not faults, "\n".join(faults)


def test_spdlog_and_pqxx_stay_in_their_libraries():
    faults = []
    for path in sources("libs") + sources("services"):
        where = path.relative_to(ROOT).as_posix()
        for _, target in includes(path):
            if target.startswith("spdlog") and not where.startswith("libs/obs/"):
                faults.append(f"{where}: {target}")
            if target.startswith("pqxx") and not where.startswith(("libs/pg/", "libs/testing/")):
                faults.append(f"{where}: {target}")
    assert not faults, "\n".join(faults)


def test_business_sql_has_no_clock_of_its_own():
    """Code gets the clock handed in; SQL writes no now() into business columns."""
    faults = []
    for path in sources("services") + list(ROOT.glob("services/*/migrations/*.sql")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"(?<![\w:.>])(now\(\)|CURRENT_TIMESTAMP|clock_timestamp\(\))", line):
                faults.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not faults, "\n".join(faults)


def test_no_floating_point_in_billing():
    faults = []
    for path in sources("services/billing"):
        if "tests" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\b(double|float)\b", line.split("//")[0]):
                faults.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not faults, "\n".join(faults)


def test_sizes_stay_readable():
    """A hint, not a rule: files above 400 lines are named; only far above is a fault."""
    too_long = []
    for path in sources("libs") + sources("services"):
        lines = len(path.read_text().splitlines())
        if lines > 400:
            print(f"{path.relative_to(ROOT)}: {lines} lines")
        if lines > 600 and "tests" not in path.parts:
            too_long.append(f"{path.relative_to(ROOT)}: {lines} lines")
    assert not too_long, "\n".join(too_long)
