"""Three local PostgreSQL with the Citus extension: the coordinator and two workers, for tests."""
import os
import shutil
from pathlib import Path

from runner import net, paths, postgres, shell
from runner.stack import Stack
from runner.ui import Problem

CONTROL_FILE = Path("/usr/share/postgresql/15/extension/citus.control")
NEIGHBOUR = paths.ROOT.parent / "shared" / "citus"
WORKERS = 2
SKIPPED = ("SKIPPED: Citus is not installed, and KAREZ_CITUS_ARCHIVE names no archive of it "
           "(docs/operations.md).")


def archive() -> Path | None:
    """The archive named by KAREZ_CITUS_ARCHIVE: a file, or a folder that holds it. When nothing is
    named, the one in ../shared/citus beside the clone, if there is one."""
    named = os.environ.get("KAREZ_CITUS_ARCHIVE")
    place = Path(named) if named else NEIGHBOUR
    found = [place] if place.is_file() else sorted(place.glob("citus-*pg15*.tar.*"))
    if named and not found:
        raise Problem(f"KAREZ_CITUS_ARCHIVE={named}: there is no archive of the extension.")
    return found[-1] if found else None


def available() -> bool:
    return CONTROL_FILE.exists() or archive() is not None


def _install() -> None:
    """PostgreSQL loads extensions from its own folders only, hence root's rights."""
    if CONTROL_FILE.exists():
        return
    named = archive()
    if named is None:
        raise Problem("Name the archive of the Citus extension in KAREZ_CITUS_ARCHIVE.")
    if not shell.is_root() and not shutil.which("sudo"):
        raise Problem(f"Unpack {named} into / as root: PostgreSQL finds extensions only there.")
    shell.run(shell.sudo(["tar", "-xJf", str(named), "-C", "/"], {}), "unpacking Citus")


def start(stack: Stack) -> None:
    """Nodes, database `karez` with the extension on each, workers registered."""
    _install()
    inst = stack.inst
    ports = net.free_ports(WORKERS)
    nodes = [postgres.prepare(inst, citus=True)]
    nodes += [postgres.prepare(inst, citus=True, port=port, name=f"postgres-worker-{number}",
                               home=inst.postgres_home / f"worker-{number}")
              for number, port in enumerate(ports, start=1)]
    stack.control.run(nodes)
    for node in nodes:
        port = node.ports["sql"]
        postgres.psql(inst, "CREATE DATABASE karez ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' "
                      "LC_CTYPE 'C.UTF-8' TEMPLATE template0;", "creating a node's database",
                      port=port)
        postgres.psql(inst, "CREATE EXTENSION citus;", "creating the extension", port=port,
                      database="karez")
    postgres.psql(inst, "\n".join(
        [f"SELECT citus_set_coordinator_host('127.0.0.1', {inst.ports['postgres']});"]
        + [f"SELECT citus_add_node('127.0.0.1', {port});" for port in ports]),
        "joining the nodes", database="karez")
