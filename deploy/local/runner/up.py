"""`make up`: from a bare clone to a running utility with demo data, step by step."""
import os
import subprocess

import demo
from runner import build, deps, paths, services
from runner.control import Control
from runner.installation import Installation
from runner.stack import Stack
from runner.ui import Problem, Steps, duration, say

VENV_PYTHON = paths.VENV / "bin" / "python"
FLEET = paths.ROOT / "tests" / "simulators" / "fleet"
VERIFY = paths.BUILD / "tools" / "verify" / "karez-verify"


def program_environment(inst: Installation) -> dict[str, str]:
    """What demo data, fleet and verify need to find the installation."""
    return {
        "KAREZ_RUN_DIR": str(inst.run_dir),
        "KAREZ_SECRETS_DIR": str(inst.secrets_dir),
        "KAREZ_GATEWAY_URL": f"http://{inst.address('gateway')}",
        "KAREZ_EDGE": inst.address("edge"),
        "KAREZ_VERIFY_DB_URL": inst.db_url("karez_verify"),
        "KAREZ_VERIFY_DB_PASSWORD_FILE": str(inst.secret_file("db-karez_verify")),
    }


def program_words(inst: Installation, name: str) -> list[str]:
    """The command of `fleet` or `verify`; verify holds the readings against the fleet's journal."""
    if name == "fleet":
        return [str(VENV_PYTHON), str(FLEET)]
    journal = inst.run_dir / "fleet" / "journal.jsonl"
    return [str(VERIFY), *(["--journal", str(journal)] if journal.exists() else [])]


def run_program(inst: Installation, name: str, arguments: list[str] | None = None) -> int:
    words = [*program_words(inst, name), *(arguments or [])]
    return subprocess.run(words, cwd=paths.ROOT,
                          env={**os.environ, **program_environment(inst)}).returncode


def up(inst: Installation) -> None:
    inst.prepare()
    inst.choose_ports()
    inst.generate_secrets()
    control = Control(inst)
    stack = Stack(inst, control)
    web = (paths.ROOT / "web" / "package.json").exists()
    steps = Steps(11 + web)
    with steps.step("dependencies") as step:
        deps.ensure(step)
    with steps.step("build") as step:
        build.cpp(step)
    if web:
        with steps.step("web") as step:
            build.web(step)
    control.ensure_running()
    with steps.step("servers") as step:
        stack.servers(step)
    with steps.step("roles and topics") as step:
        stack.bootstrap(step)
    with steps.step("migrations") as step:
        stack.migrate(step)
    with steps.step("services") as step:
        stack.services(step)
    with steps.step("first administrator") as step:
        stack.first_administrator(step)
    lines = _fill(inst, steps)
    _summary(inst, lines, duration_s=steps.elapsed())


def _fill(inst: Installation, steps: Steps) -> list[str]:
    """Demo data, meter fleet, bills and proof. Gives the lines of the closing table."""
    environment = program_environment(inst)
    with steps.step("demo data") as step:
        demo.main(environment, step.progress)
    _program_step(inst, steps, "meter fleet", "fleet")
    with steps.step("bills and payments") as step:
        lines = demo.bill(environment, step.progress)
    _program_step(inst, steps, "verify", "verify")
    return lines


def _program_step(inst: Installation, steps: Steps, title: str, name: str) -> None:
    with steps.step(title):
        say()
        if run_program(inst, name) != 0:
            raise Problem(f"{title} failed: its output is above.")


def _summary(inst: Installation, lines: list[str], duration_s: float) -> None:
    there = services.built()
    say()
    for line in lines:
        say(line)
    if any(service.name == "gateway" for service in there):
        say(f"Console          http://{inst.address('gateway')}/")
        say("Clerk            utility shule, name clerk, password "
            + inst.secret("demo-shule-clerk"))
        say("Others           demo-UTILITY-NAME in " + str(inst.secrets_dir)
            + ": manager, billing, admin")
        say("Administrator    utility platform, name admin, password "
            + inst.secret("admin-password"))
    else:
        say("Servers are ready; no gateway is built yet.")
    say(f"Ready after {duration(duration_s)}. `make status` lists the processes, `make down` stops "
        "them.")
