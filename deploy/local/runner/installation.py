"""One running installation: its directory, ports, secrets and addresses.

`make up` has one in .run with fixed ports; every test environment makes another one with free
ports and without durability. All other modules take an Installation and look nowhere else.
"""
import json
import os
import secrets
import shutil
from pathlib import Path

from runner import net, paths, shell
from runner.ui import Problem

SERVICES = ("identity", "accounts", "metering", "billing")
ISSUERS = ("identity", "accounts", "metering", "metering-edge", "billing", "gateway")
ROLES = ("karez_migrate", *(f"karez_{name}" for name in SERVICES),
         *(f"karez_relay_{name}" for name in SERVICES), "karez_verify")

DEFAULT_PORTS = {
    "postgres": 15432, "redis": 16379, "kafka": 19092, "kafka_controller": 19093,
    "gateway": 8080, "gateway_metrics": 9080,
    "identity": 9101, "accounts": 9102, "metering": 9103, "billing": 9104,
    "identity_metrics": 9201, "accounts_metrics": 9202,
    "metering_metrics": 9203, "billing_metrics": 9204,
    "edge": 9310, "edge_metrics": 9211,
}


class Installation:
    def __init__(self, run_dir: Path, *, durable: bool = True):
        self.run_dir = run_dir
        self.durable = durable  # False: a test's servers, which may lose data with the power
        self._ports_file = run_dir / "ports.json"
        self.ports: dict[str, int] = {}
        self.load_ports()

    # -- directories ---------------------------------------------------------------------------

    @property
    def logs(self) -> Path:
        return self.run_dir / "logs"

    @property
    def secrets_dir(self) -> Path:
        return self.run_dir / "secrets"

    def prepare(self) -> None:
        """Creates the directories; refuses a run directory that belongs to somebody else."""
        self.run_dir.mkdir(parents=True, exist_ok=True)
        owner = self.run_dir.stat().st_uid
        if owner != os.geteuid():
            raise Problem(f"{self.run_dir} belongs to user id {owner}, you are {os.geteuid()}: run "
                          "as that user, or let that user run `make reset` first.")
        # The postgres user must be able to pass through; what is secret has closed folders.
        self.run_dir.chmod(0o755)
        self.logs.mkdir(exist_ok=True)
        self.secrets_dir.mkdir(mode=0o700, exist_ok=True)
        (self.secrets_dir / "trusted").mkdir(mode=0o700, exist_ok=True)

    @property
    def postgres_user(self) -> str | None:
        """PostgreSQL refuses to run as root, so root runs it as its own OS user."""
        return "postgres" if shell.is_root() else None

    @property
    def postgres_home(self) -> Path:
        """Data and settings of PostgreSQL: in the run directory wherever its user can get there."""
        if self.postgres_user and not _others_can_enter(self.run_dir):
            name = str(self.run_dir).strip("/").replace("/", "-")
            return Path("/var/lib/karez") / name
        return self.run_dir / "postgres"

    # -- ports ---------------------------------------------------------------------------------

    def load_ports(self) -> None:
        if self._ports_file.exists():
            self.ports = json.loads(self._ports_file.read_text())

    def choose_ports(self, *, free: bool = False) -> None:
        """Fixed ports (KAREZ_PORT_<NAME> overrides one, and is remembered), or free ones."""
        if free:
            self.ports = dict(zip(DEFAULT_PORTS, net.free_ports(len(DEFAULT_PORTS))))
        else:
            self.ports = {**DEFAULT_PORTS, **self.ports}
            for name in DEFAULT_PORTS:
                text = os.environ.get(f"KAREZ_PORT_{name.upper()}", "")
                if text:
                    self.ports[name] = _port(name, text)
        self._ports_file.write_text(json.dumps(self.ports, indent=1) + "\n")

    # -- secrets -------------------------------------------------------------------------------

    def secret_file(self, name: str) -> Path:
        """A password in a file of its own, generated at first use."""
        path = self.secrets_dir / name
        if not path.exists():
            self.write_secret(name, secrets.token_urlsafe(24))
        return path

    def secret(self, name: str) -> str:
        return self.secret_file(name).read_text()

    def write_secret(self, name: str, value: str) -> Path:
        path = self.secrets_dir / name
        unfinished = path.with_name(path.name + ".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(value)
        unfinished.rename(path)
        return path

    def generate_secrets(self) -> None:
        """Every secret that is missing; those that exist stay as they are."""
        for name in ("postgres", *ROLES):
            self.secret_file(f"db-{name}")
        if not (self.secrets_dir / "sealing-key").exists():
            self.write_secret("sealing-key", secrets.token_hex(32))
        self.secret_file("admin-password")
        for issuer in ISSUERS:
            private = self.secrets_dir / f"{issuer}.pem"
            public = self.secrets_dir / "trusted" / f"{issuer}.pem"
            if not private.exists():
                self.write_secret(private.name, shell.run(
                    ["openssl", "genpkey", "-algorithm", "ed25519"], f"generating the key of {issuer}"))
                public.unlink(missing_ok=True)
            if not public.exists():
                text = shell.run(["openssl", "pkey", "-in", private, "-pubout"],
                                 f"deriving the public key of {issuer}")
                self.write_secret(f"trusted/{public.name}", text)

    # -- addresses -----------------------------------------------------------------------------

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def db_url(self, role: str, *, database: str = "karez", password: bool = False) -> str:
        user = f"{role}:{self.secret('db-' + role)}" if password else role
        return f"postgresql://{user}@{self.address('postgres')}/{database}"

    @property
    def redis_url(self) -> str:
        return f"redis://{self.address('redis')}/0"

    def erase(self) -> None:
        """Data, secrets, logs; not the folders of test runs, which may be going on."""
        if self.postgres_home.exists():
            shutil.rmtree(self.postgres_home)
        for entry in list(self.run_dir.iterdir()):
            if entry.name == "test":
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        if not any(self.run_dir.iterdir()):
            self.run_dir.rmdir()


def _port(name: str, text: str) -> int:
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Problem(f"KAREZ_PORT_{name.upper()}={text}: give a number from 1024 to 65535.")
    return int(text)


def _others_can_enter(directory: Path) -> bool:
    return all(place.stat().st_mode & 0o001
               for place in (directory, *directory.parents) if place.exists())


def local() -> Installation:
    """The installation of this clone, or the one that KAREZ_RUN_DIR names."""
    return Installation(paths.run_dir())
