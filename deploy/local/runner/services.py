"""The processes of Karez itself: one table, from which everything about them follows.

A process whose binary is not built is left out.
"""
import dataclasses
from pathlib import Path

from runner import paths
from runner.installation import Installation
from runner.spec import EDGES, SERVICES, Spec


@dataclasses.dataclass(frozen=True)
class Service:
    name: str                        # of the process, and of its signing key
    binary: str                      # services/<binary>/karez-<binary>
    arguments: tuple[str, ...] = ()
    grpc: str | None = None          # port names of installation.DEFAULT_PORTS
    metrics: str = ""
    listens: tuple[tuple[str, str], ...] = ()  # (environment variable, port name)
    database: bool = True
    kafka: bool = True
    redis: bool = False
    migrates: bool = False
    upstreams: tuple[str, ...] = ()  # whom it calls
    settings: tuple[tuple[str, str], ...] = ()
    reads: tuple[Path, ...] = ()     # files that it reads at start only
    stop_group: int = SERVICES
    start_wave: int = 1

    @property
    def program(self) -> Path:
        return paths.BUILD / "services" / self.binary / f"karez-{self.binary}"


DESCRIPTORS = paths.BUILD / "proto" / "karez.binpb"
WEB_ROOT = paths.ROOT / "web" / "console" / "dist"

TABLE = (
    Service("identity", "identity", grpc="identity", metrics="identity_metrics", migrates=True,
            start_wave=0),
    Service("accounts", "accounts", grpc="accounts", metrics="accounts_metrics", migrates=True,
            upstreams=("metering", "billing")),
    Service("metering", "metering", grpc="metering", metrics="metering_metrics", migrates=True,
            upstreams=("accounts",)),
    Service("metering-edge", "metering", arguments=("edge",), metrics="edge_metrics",
            listens=(("KAREZ_EDGE_LISTEN", "edge"),),
            # An edge answers no gRPC; the address is asked of every role.
            settings=(("KAREZ_EDGE_ID", "edge-1"), ("KAREZ_GRPC_LISTEN", "127.0.0.1:0")),
            stop_group=EDGES),
    Service("billing", "billing", grpc="billing", metrics="billing_metrics", migrates=True,
            upstreams=("accounts", "metering")),
    Service("gateway", "gateway", metrics="gateway_metrics",
            listens=(("KAREZ_HTTP_LISTEN", "gateway"),), database=False, kafka=False, redis=True,
            upstreams=("identity", "accounts", "metering", "billing"),
            settings=(("KAREZ_DESCRIPTORS_FILE", str(DESCRIPTORS)),
                      ("KAREZ_WEB_ROOT", str(WEB_ROOT))),
            reads=(DESCRIPTORS, WEB_ROOT / "index.html"),
            stop_group=EDGES),
)


def built() -> list[Service]:
    return [service for service in TABLE if service.program.exists()]


def environment(service: Service, inst: Installation) -> dict[str, str]:
    env = {
        "KAREZ_METRICS_LISTEN": inst.address(service.metrics),
        "KAREZ_SIGNING_KEY_FILE": str(inst.secrets_dir / f"{service.name}.pem"),
        "KAREZ_TRUSTED_KEYS_DIR": str(inst.secrets_dir / "trusted"),
        "KAREZ_SEALING_KEY_FILE": str(inst.secrets_dir / "sealing-key"),
        "KAREZ_LOG_LEVEL": "info",
        **dict(service.settings),
    }
    if service.grpc:
        env["KAREZ_GRPC_LISTEN"] = inst.address(service.grpc)
    for variable, port in service.listens:
        env[variable] = inst.address(port)
    if service.database:
        for prefix, role in (("KAREZ_DB", f"karez_{service.binary}"),
                             ("KAREZ_DB_RELAY", f"karez_relay_{service.binary}")):
            env[f"{prefix}_URL"] = inst.db_url(role)
            env[f"{prefix}_PASSWORD_FILE"] = str(inst.secret_file(f"db-{role}"))
    if service.kafka:
        env["KAREZ_KAFKA_BROKERS"] = inst.address("kafka")
    if service.redis:
        env["KAREZ_REDIS_URL"] = inst.redis_url
    if service.upstreams:
        env["KAREZ_UPSTREAMS"] = ",".join(f"{name}={inst.address(name)}"
                                          for name in service.upstreams)
    return env


def migrate_environment(service: Service, inst: Installation) -> dict[str, str]:
    return {**environment(service, inst),
            "KAREZ_DB_MIGRATE_URL": inst.db_url("karez_migrate"),
            "KAREZ_DB_MIGRATE_PASSWORD_FILE": str(inst.secret_file("db-karez_migrate"))}


def spec(service: Service, inst: Installation) -> Spec:
    ports = {"metrics": inst.ports[service.metrics]}
    if service.grpc:
        ports["grpc"] = inst.ports[service.grpc]
    for variable, port in service.listens:
        ports[variable.removeprefix("KAREZ_").removesuffix("_LISTEN").lower()] = inst.ports[port]
    return Spec(name=service.name, argv=[str(service.program), *(service.arguments or ("serve",))],
                ports=ports, probe={"kind": "http", "port": ports["metrics"], "path": "/readyz"},
                env=environment(service, inst), stop_group=service.stop_group,
                reads=[str(path) for path in service.reads], cwd=str(inst.run_dir))
