"""PostgreSQL 15: a cluster of our own, never the one that Debian's package starts."""
import hashlib
import shutil
from pathlib import Path

from runner import paths, shell
from runner.installation import ROLES, Installation
from runner.spec import DATABASES, Spec
from runner.ui import Problem

BOOTSTRAP = paths.ROOT / "deploy" / "database" / "bootstrap.sql"

SETTINGS = {
    "listen_addresses": "'127.0.0.1'", "unix_socket_directories": "''",
    "max_connections": "200", "shared_buffers": "256MB", "max_wal_size": "2GB",
    "wal_compression": "on", "jit": "off", "password_encryption": "'scram-sha-256'",
    "autovacuum_naptime": "15s", "timezone": "'UTC'", "log_timezone": "'UTC'",
    "log_min_messages": "warning", "log_line_prefix": "'%m [%p] %q%u@%d '",
    "log_min_error_statement": "panic",  # a failed statement may carry personal data
}
# A test's cluster need not survive a power cut.
TEST_SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "300", "shared_buffers": "192MB", "max_wal_size": "4GB",
    "wal_level": "minimal", "max_wal_senders": "0", "autovacuum_naptime": "60s",
}
CITUS_SETTINGS = {
    "shared_preload_libraries": "'citus'", "wal_level": "logical", "max_wal_senders": "10",
    "max_prepared_transactions": "300",
    "citus.max_client_connections": "-1", "citus.enable_statistics_collection": "off",
    "citus.shard_count": "4",  # not the 32 of an installation, whose migrations take a minute
}


def _own(place: Path, user: str | None, mode: int) -> None:
    if user:
        shutil.chown(place, user, user)
    place.chmod(mode)


def _forget_dead_postmaster(data: Path) -> None:
    """After a reboot the number in postmaster.pid can belong to a stranger, which stops a start."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    process = Path("/proc") / pid_file.read_text().split("\n", 1)[0]
    try:
        alive = (process / "comm").read_text().startswith("postgres")
    except OSError:
        alive = False
    if not alive:
        pid_file.unlink()


def prepare(inst: Installation, *, home: Path | None = None, port: int | None = None,
            citus: bool = False, name: str = "postgres") -> Spec:
    """Creates the cluster if there is none, writes its settings, tells how to run it."""
    user = inst.postgres_user
    if user and not shell.user_exists(user):
        raise Problem("There is no OS user postgres: run `make deps` (package postgresql-15).")
    home, port = home or inst.postgres_home, port or inst.ports["postgres"]
    data = home / "data"
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    _own(home, user, 0o755)
    if not (data / "PG_VERSION").exists():
        _create_cluster(inst, home, data)
    else:
        _forget_dead_postmaster(data)
    settings = {"data_directory": f"'{data}'", "hba_file": f"'{home}/pg_hba.conf'",
                "ident_file": f"'{data}/pg_ident.conf'", "port": port,
                **SETTINGS, **({} if inst.durable else TEST_SETTINGS),
                **(CITUS_SETTINGS if citus else {})}
    (home / "postgresql.conf").write_text(
        "".join(f"{key} = {value}\n" for key, value in settings.items()))
    (home / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    if citus:
        _write_passwords(inst, home / ".pgpass")
    return Spec(name=name, argv=[str(paths.POSTGRES_BIN / "postgres"), "-c",
                                 f"config_file={home}/postgresql.conf"],
                ports={"sql": port}, probe={"kind": "postgres", "port": port},
                stop_group=DATABASES, user=user, cwd=str(home), stop_signal="INT",
                env={"HOME": str(home)})


def _write_passwords(inst: Installation, path: Path) -> None:
    """How the nodes of Citus sign in at each other, as whichever role is at work."""
    path.touch(0o600)
    path.write_text("".join(f"127.0.0.1:*:*:{role}:{inst.secret('db-' + role)}\n"
                            for role in ("postgres", *ROLES)))
    _own(path, inst.postgres_user, 0o600)


def _create_cluster(inst: Installation, home: Path, data: Path) -> None:
    """In a folder of another name first, so that a crash half way leaves nothing that looks whole."""
    user, unfinished = inst.postgres_user, home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _own(unfinished, user, 0o700)
    password = home / "superuser"
    password.touch(0o600)
    password.write_text(inst.secret("db-postgres"))
    _own(password, user, 0o600)
    try:
        shell.run([paths.POSTGRES_BIN / "initdb", "--pgdata", unfinished, "--username=postgres",
                   f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
                   "--locale=C.UTF-8", *([] if inst.durable else ["--no-sync"])],
                  "creating the PostgreSQL cluster", user=user, cwd=home)
    finally:
        password.unlink()
    unfinished.rename(data)


def psql(inst: Installation, script: str, what: str, *, database: str = "postgres",
         port: int | None = None) -> str:
    """Runs the script as superuser; the first error stops it."""
    return shell.run(
        ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
         "--host=127.0.0.1", f"--port={port or inst.ports['postgres']}", "--username=postgres",
         f"--dbname={database}"], what, stdin=script,
        env={"PGPASSWORD": inst.secret("db-postgres"), "PGOPTIONS": "-c client_min_messages=warning"})


def bootstrap(inst: Installation, *, database: str = "karez") -> bool:
    """Roles, the database and its schemas. False when nothing had to be done.

    The passwords go in on stdin, since arguments are visible to every user of the machine.
    """
    passwords = {role: inst.secret(f"db-{role}") for role in ROLES}
    scripts = "".join(path.read_text() for path in sorted(BOOTSTRAP.parent.glob("*.*sql")))
    done = hashlib.sha256(repr([database, scripts, passwords]).encode()).hexdigest()
    stamp = inst.postgres_home / "bootstrapped"
    if stamp.exists() and stamp.read_text() == done:
        return False
    lines = [f"\\set database '{database}'"]
    lines += [f"\\set password_{role} '{password}'" for role, password in passwords.items()]
    psql(inst, "\n".join([*lines, f"\\i '{BOOTSTRAP}'", ""]), "creating roles and schemas")
    stamp.write_text(done)
    return True
