"""A fresh environment for tests: own servers, free ports, own folder, gone afterwards.

Everything started dies with this process, however it ends.
"""
import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from runner import citus, paths, services
from runner.control import Control
from runner.installation import ROLES, Installation
from runner.stack import SERVERS, Stack
from runner.ui import Problem, say

TEST_RUNS = paths.ROOT / ".run" / "test"
KEPT_LOGS = paths.ROOT / ".run" / "test-logs"


def _sweep() -> None:
    """Removes what killed test runs left; a run's folder starts with its process id."""
    for place in TEST_RUNS.glob("*-*"):
        if not Path(f"/proc/{place.name.split('-')[0]}").exists():
            Installation(place).erase()


@contextlib.contextmanager
def environment(*, servers: tuple[str, ...] = SERVERS, with_services: bool = False,
                with_citus: bool = False) -> Iterator[dict[str, str]]:
    """Yields the variables that a test finds its servers by (docs/operations.md lists them)."""
    _sweep()
    run_dir = TEST_RUNS / f"{os.getpid()}-{secrets.token_hex(3)}"
    run_dir.mkdir(parents=True)
    inst = Installation(run_dir, durable=False)
    control = Control(inst)
    try:
        inst.prepare()
        inst.choose_ports(free=True)
        password = secrets.token_urlsafe(18)
        for role in ("postgres", *ROLES):  # one for all, so that a test can be any role
            inst.write_secret(f"db-{role}", password)
        control.ensure_running(dies_with_parent=True)
        try:
            variables = _start(Stack(inst, control), servers, with_services, with_citus)
        except Problem:
            keep_logs({"KAREZ_RUN_DIR": str(run_dir)})
            raise
        yield variables
    finally:
        control.shutdown(timeout_s=60)
        if os.environ.get("KAREZ_TEST_KEEP") == "1":
            keep_logs({"KAREZ_RUN_DIR": str(run_dir)})
        inst.erase()


def _start(stack: Stack, servers: tuple[str, ...], with_services: bool,
           with_citus: bool) -> dict[str, str]:
    inst = stack.inst
    if with_services:
        inst.generate_secrets()
        servers = SERVERS
    if with_citus:
        citus.start(stack)
        servers = tuple(name for name in servers if name != "postgres")
    stack.servers(names=servers)
    if "kafka" in servers and ("postgres" in servers or with_citus):
        stack.bootstrap()
    elif "postgres" in servers or with_citus:
        stack.bootstrap_database()
    variables = _variables(inst, servers, with_citus)
    if with_services:
        stack.migrate()
        stack.services()
        stack.first_administrator()
        variables |= _service_variables(inst)
    return variables


def _variables(inst: Installation, servers: tuple[str, ...], with_citus: bool) -> dict[str, str]:
    variables = {"KAREZ_RUN_DIR": str(inst.run_dir)}
    if "postgres" in servers or with_citus:
        variables |= {
            "KAREZ_TEST_PG_URL": inst.db_url("postgres", database="postgres", password=True),
            "KAREZ_TEST_PG_HOST": "127.0.0.1",
            "KAREZ_TEST_PG_PORT": str(inst.ports["postgres"]),
            "KAREZ_TEST_PG_PASSWORD": inst.secret("db-postgres"),
        }
    if "postgres" in servers:
        variables["KAREZ_TEST_PG_TEMPLATE"] = "karez"
    if with_citus:
        variables["KAREZ_TEST_CITUS_URL"] = inst.db_url("postgres", password=True)
    if "redis" in servers:
        variables["KAREZ_TEST_REDIS"] = inst.redis_url
    if "kafka" in servers:
        variables["KAREZ_TEST_KAFKA"] = inst.address("kafka")
    return variables


def _service_variables(inst: Installation) -> dict[str, str]:
    variables = {
        "KAREZ_TEST_GATEWAY_URL": f"http://{inst.address('gateway')}",
        "KAREZ_TEST_EDGE": inst.address("edge"),
        "KAREZ_TEST_ADMIN_PASSWORD_FILE": str(inst.secret_file("admin-password")),
        "KAREZ_TEST_VERIFY_URL": inst.db_url("karez_verify", password=True),
    }
    for service in services.built():
        variables[f"KAREZ_TEST_METRICS_{service.name.upper().replace('-', '_')}"] = (
            f"http://{inst.address(service.metrics)}/metrics")
    return variables


def keep_logs(variables: dict[str, str]) -> None:
    """What the processes of a failed run said goes to .run/test-logs."""
    shutil.rmtree(KEPT_LOGS, ignore_errors=True)
    shutil.copytree(Path(variables["KAREZ_RUN_DIR"]) / "logs", KEPT_LOGS)
    say(f"The logs of its processes are in {KEPT_LOGS}.")


def run(command: list[str], **options) -> int:
    """Runs the command inside a new environment; the answer is its exit code."""
    with environment(**options) as variables:
        return subprocess.run(command, env={**os.environ, **variables}).returncode
