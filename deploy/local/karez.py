#!/usr/bin/env python3
"""The command behind the Makefile: `deploy/local/karez.py COMMAND`, `--help` lists them."""
import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from runner import build, citus, deps, installation, testenv, up  # noqa: E402
from runner.control import Control, resident_bytes  # noqa: E402
from runner.installation import Installation  # noqa: E402
from runner.stack import SERVERS, Stack  # noqa: E402
from runner.ui import Problem, Steps, duration, is_terminal, say, table  # noqa: E402


def cmd_up(inst: Installation, _args) -> int:
    up.up(inst)
    return 0


def cmd_down(inst: Installation, _args) -> int:
    control = Control(inst)
    if not control.is_running():
        say("Nothing is running.")
        return 0
    with Steps(1).step("stopping everything") as step:
        control.shutdown(step)
        step.note("stopped, data kept")
    return 0


def cmd_status(inst: Installation, _args) -> int:
    """Exit code 0: all that should run is ready; 3: something is not."""
    entries = sorted(Control(inst).processes().values(),
                     key=lambda entry: (-entry["stop_group"], entry["name"]))
    rows = []
    for entry in entries:
        ports = " ".join(f"{label}:{port}" for label, port in entry["ports"].items())
        pid = entry["pid"]
        rows.append([entry["name"], str(pid or "-"), entry["state"], ports,
                     duration(entry["uptime_s"]) if pid else "-",
                     f"{resident_bytes(pid) / 2**20:.0f} MB" if pid else "-",
                     str(entry["restarts"]), entry["last_exit"]])
    say(table(["NAME", "PID", "HEALTH", "PORTS", "UPTIME", "MEMORY", "RESTARTS", "LAST END"], rows))
    return 0 if all(entry["state"] in ("ready", "stopped") for entry in entries) else 3


def cmd_stop(inst: Installation, args) -> int:
    control = Control(inst)
    control.call("stop", name=args.name)
    control.wait_stopped(args.name)
    say(f"{args.name} stopped.")
    return 0


def cmd_start(inst: Installation, args) -> int:
    control = Control(inst)
    control.call("start", name=args.name)
    control.wait_ready([args.name])
    say(f"{args.name} ready.")
    return 0


def cmd_logs(inst: Installation, args) -> int:
    log = inst.logs / f"{args.name}.log"
    if not log.exists():
        there = ", ".join(sorted(path.stem for path in inst.logs.glob("*.log")))
        raise Problem(f"{args.name} has no log. There are: {there or 'none, run `make up`'}.")
    follow = ["-F"] if args.follow else []
    try:
        return subprocess.run(["tail", "-n", str(args.lines), *follow, log]).returncode
    except KeyboardInterrupt:
        return 0


def cmd_reset(inst: Installation, args) -> int:
    if not inst.run_dir.exists():
        say("There is nothing to wipe.")
        return 0
    if not args.yes:
        if not sys.stdin.isatty():
            raise Problem("This wipes all data, logs and secrets: say `make reset yes=1` to do it.")
        say(f"This stops everything and wipes all data, logs and secrets in {inst.run_dir}.")
        if input("Type `wipe` to go on: ").strip() != "wipe":
            say("Nothing was changed.")
            return 1
    control = Control(inst)
    if control.is_running():
        control.shutdown()
    inst.erase()
    say("Wiped. `make up` starts from nothing.")
    return 0


def cmd_deps(_inst: Installation, _args) -> int:
    with Steps(1).step("dependencies") as step:
        deps.ensure(step)
    return 0


def cmd_build(inst: Installation, args) -> int:
    steps = Steps(2)
    with steps.step("dependencies") as step:
        deps.ensure(step)
    with steps.step("build") as step:
        build.cpp(step, targets=tuple(args.targets), preset=args.preset)
    return 0


def cmd_servers(inst: Installation, _args) -> int:
    """Servers, roles, topics: what one wants running while working on a service."""
    inst.prepare()
    inst.choose_ports()
    inst.generate_secrets()
    stack = Stack(inst, Control(inst))
    stack.control.ensure_running()
    steps = Steps(2)
    with steps.step("servers") as step:
        stack.servers(step)
    with steps.step("roles and topics") as step:
        stack.bootstrap(step)
    return 0


def cmd_migrate(inst: Installation, _args) -> int:
    with Steps(1).step("migrations") as step:
        Stack(inst, Control(inst)).migrate(step)
    return 0


def cmd_program(inst: Installation, args) -> int:
    Control(inst).call("status")
    return up.run_program(inst, args.command, args.arguments)


def cmd_test_env(_inst: Installation, args) -> int:
    """Variables of a surrounding environment must not leak into the new one."""
    os.environ.pop("KAREZ_RUN_DIR", None)
    words = args.words[1:] if args.words[:1] == ["--"] else args.words
    if not words:
        raise Problem("Say what to run in it: `karez.py test-env -- COMMAND …`.")
    if args.citus and not citus.available():
        say(citus.SKIPPED)
        return 0
    return testenv.run(words, servers=tuple(args.servers.split(",")),
                       with_services=args.services, with_citus=args.citus)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="karez.py", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    add("up", cmd_up, "install, build, start, fill with demo data")
    add("down", cmd_down, "drain and stop everything; data stays")
    add("status", cmd_status, "list the processes; exit code 3 when one is not ready")
    for name, run in (("stop", cmd_stop), ("start", cmd_start)):
        add(name, run, f"{name} one service or server").add_argument("name")
    logs = add("logs", cmd_logs, "show the log of one process")
    logs.add_argument("name")
    logs.add_argument("--lines", type=int, default=50)
    logs.add_argument("--no-follow", dest="follow", action="store_false", default=is_terminal())
    add("reset", cmd_reset, "wipe data, logs and secrets").add_argument("--yes", action="store_true")
    add("deps", cmd_deps, "install what is missing")
    building = add("build", cmd_build, "build everything, or the targets named")
    building.add_argument("targets", nargs="*")
    building.add_argument("--preset", choices=("default", "sanitize"), default="default")
    add("servers", cmd_servers, "start PostgreSQL, Redis and Kafka only")
    add("migrate", cmd_migrate, "bring the database's schemas up to date")
    for name, text in (("fleet", "play the meter fleet"), ("verify", "prove the invariants")):
        add(name, cmd_program, text).add_argument("arguments", nargs="*")
    env = add("test-env", cmd_test_env, "run a command inside a fresh test environment")
    env.add_argument("--servers", default=",".join(SERVERS), help="which servers, by comma")
    env.add_argument("--services", action="store_true", help="start all services in it too")
    env.add_argument("--citus", action="store_true", help="Citus in place of PostgreSQL")
    env.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return top


def main() -> int:
    args = parser().parse_args()
    try:
        return args.run(installation.local(), args)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. The same command can be run again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
