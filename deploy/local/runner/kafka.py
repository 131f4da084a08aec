"""Apache Kafka 3.9: one KRaft node, run from its Maven artifacts."""
import base64
import shutil
import time
import uuid
from pathlib import Path

from runner import kafka_wire, paths, shell
from runner.installation import Installation
from runner.spec import BROKERS, Spec
from runner.ui import Problem

PARTITIONS = 12
DAY_MS = 24 * 3600 * 1000
TOPICS = {
    **{f"karez.{name}.v1": {"retention.ms": str(7 * DAY_MS)}
       for name in ("identity", "accounts", "metering", "billing")},
    "karez.frames.v1": {"retention.ms": str(3 * DAY_MS)},
}
LOG4J = """log4j.rootLogger=WARN, stdout
log4j.logger.kafka.server.KafkaRaftServer=INFO
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %c{1} %m%n
"""


def _settings(inst: Installation, data: Path) -> dict[str, object]:
    broker, controller = inst.address("kafka"), inst.address("kafka_controller")
    return {
        "process.roles": "broker,controller", "node.id": 1,
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{broker}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "offsets.topic.replication.factor": 1, "offsets.topic.num.partitions": 3,
        "transaction.state.log.replication.factor": 1, "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 3,
        # A killed broker may register again only when its last session has run out.
        "broker.session.timeout.ms": 4000, "broker.heartbeat.interval.ms": 500,
        "group.initial.rebalance.delay.ms": 0, "auto.create.topics.enable": "false",
        "num.network.threads": 2, "num.io.threads": 2,
        "log.cleaner.dedupe.buffer.size": 8388608, "log.segment.bytes": 67108864,
        # One replica: what is acknowledged must be on the disk, not in the page cache.
        **({"log.flush.interval.messages": 1} if inst.durable else {}),
    }


def _java(*options: str) -> list[str]:
    if not any(paths.KAFKA_JARS.glob("kafka_*.jar")):
        raise Problem(f"Kafka's JARs are missing in {paths.KAFKA_JARS}: run `make deps`.")
    return ["java", "-XX:+UseSerialGC", *options, "-Djava.awt.headless=true",
            "-XX:+ExitOnOutOfMemoryError", "-cp", f"{paths.KAFKA_JARS}/*"]


def prepare(inst: Installation) -> Spec:
    home = inst.run_dir / "kafka"
    home.mkdir(exist_ok=True)
    data = home / "data"
    (home / "log4j.properties").write_text(LOG4J)
    _write_settings(home / "server.properties", _settings(inst, data))
    log4j = f"-Dlog4j.configuration=file:{home}/log4j.properties"
    if not (data / "meta.properties").exists():
        _format(inst, home, data, log4j)
    tests_only = [] if inst.durable else ["-XX:TieredStopAtLevel=1"]
    return Spec(name="kafka",
                argv=[*_java("-Xms256m", "-Xmx384m", log4j, *tests_only), "kafka.Kafka",
                      str(home / "server.properties")],
                ports={"kafka": inst.ports["kafka"], "controller": inst.ports["kafka_controller"]},
                probe={"kind": "kafka", "port": inst.ports["kafka"]},
                stop_group=BROKERS, cwd=str(home))


def _write_settings(path: Path, settings: dict[str, object]) -> None:
    path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))


def _format(inst: Installation, home: Path, data: Path, log4j: str) -> None:
    """Formatting takes a JVM's start; a test's broker gets a copy of a formatted folder instead."""
    unfinished, template = home / "data.new", paths.KAFKA_JARS / "formatted"
    shutil.rmtree(unfinished, ignore_errors=True)
    if not inst.durable and template.exists():
        shutil.copytree(template, unfinished)
    else:
        config = home / "format.properties"
        _write_settings(config, _settings(inst, unfinished))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        shell.run([*_java("-XX:TieredStopAtLevel=1", log4j), "kafka.tools.StorageTool", "format",
                   "-t", cluster, "-c", config], "formatting Kafka's storage", cwd=home)
        if not inst.durable:
            copy = template.with_name(f"formatted.{uuid.uuid4().hex}")
            shutil.copytree(unfinished, copy)
            try:
                copy.rename(template)
            except OSError:  # another run was quicker
                shutil.rmtree(copy)
    unfinished.rename(data)


def create_topics(inst: Installation) -> bool:
    """The topics that are missing; returns when each partition has a leader. False: all there."""
    port, deadline = inst.ports["kafka"], time.monotonic() + 30
    found = kafka_wire.topics(port, 5.0)
    missing = {name: settings for name, settings in TOPICS.items() if name not in found}
    if missing:
        kafka_wire.create_topics(port, missing, PARTITIONS)
    while any(kafka_wire.topics(port, 5.0).get(name, 0) < PARTITIONS for name in TOPICS):
        if time.monotonic() > deadline:
            raise Problem("Kafka created the topics but gives them no leaders: see `make logs s=kafka`.")
        time.sleep(0.1)
    return bool(missing)
