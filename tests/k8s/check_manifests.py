"""Checks of the rendered manifests against the code and the docs. No server is asked."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import manifests as m
from programs import BIN, ROOT, Problem

sys.path.insert(0, str(ROOT / "deploy" / "local"))

from runner import kafka, paths, services  # noqa: E402

GRPC = 9100
BESIDE_WORKERS = 5  # connections of a process: libs/host has four more, its relay one


def expect(sound: bool, what: str) -> None:
    if not sound:
        raise AssertionError(what)


def every_container_is_confined(objects):
    for each in m.workloads(objects):
        pod, container = each.pod, each.container
        expect(pod["securityContext"].get("runAsNonRoot") is True, f"{each}: runAsNonRoot")
        expect(pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", f"{each}: seccomp")
        expect(pod.get("automountServiceAccountToken") is False, f"{each}: gets an API token")
        context = container["securityContext"]
        expect(context["allowPrivilegeEscalation"] is False, f"{each}: may gain privileges")
        expect(context["capabilities"] == {"drop": ["ALL"]}, f"{each}: capabilities")
        if container["image"].startswith("karez/"):
            expect(context.get("readOnlyRootFilesystem") is True, f"{each}: may write its file system")
        expect("cpu" not in container["resources"]["limits"], f"{each}: CPU limit throttles it")
        expect("memory" in container["resources"]["limits"], f"{each}: no memory limit")
        if each.kind == "Deployment":
            expect(container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"],
                   f"{each}: may be killed for memory that it was not promised")
        expect(":" in container["image"] and not container["image"].endswith(":latest"),
               f"{each}: image {container['image']} has no fixed tag")


def every_process_has_probes_and_drains(objects):
    for each in m.ours(objects):
        if each.kind != "Deployment":
            continue
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            expect(probe in each.container, f"{each}: no {probe}")
        if each.labels["app.kubernetes.io/component"] == "service":
            for probe in ("startupProbe", "livenessProbe"):
                expect(each.container[probe].get("grpc", {}).get("port") == GRPC, f"{each}: {probe}")
        pause = each.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        expect(each.pod["terminationGracePeriodSeconds"] >= pause + 20 + 10, f"{each}: no time to drain")
        expect(len(each.pod["topologySpreadConstraints"]) == 2, f"{each}: not spread")


def every_process_has_its_objects(objects):
    names = {each.name for each in m.ours(objects) if each.kind == "Deployment"}
    expect(names == {service.name for service in services.TABLE},
           f"the runner knows {[service.name for service in services.TABLE]}, here are {sorted(names)}")
    for kind in ("Service", "ServiceAccount", "PodDisruptionBudget", "HorizontalPodAutoscaler"):
        there = {each["metadata"]["name"] for each in m.of_kind(objects, kind)}
        expect(names <= there, f"no {kind} for {sorted(names - there)}")
    migrated = {each.name for each in m.ours(objects) if each.container.get("args") == ["migrate"]}
    for service in services.TABLE:
        if service.migrates:
            expect({f"migrate-{service.name}", f"partitions-{service.name}"} <= migrated,
                   f"{service.name} is not migrated and looked after daily")


def callers_are_those_of_the_architecture(objects):
    section = (ROOT / "docs" / "architecture.md").read_text().split("## Calls between services")[1]
    listed = {(row[0].strip(), name.strip().split()[0])
              for row in re.findall(r"^\| (?!caller|-)([^|]+)\|([^|]+)\|", section.split("\n## ")[0], re.M)
              for name in row[1].split(",")}
    pods = {each.name: each.labels for each in m.ours(objects) if each.kind == "Deployment"}
    policies = [policy["spec"] for policy in m.of_kind(objects, "NetworkPolicy")]

    def allowed(side: str, peers: str, here: dict, there: dict) -> bool:
        return any(m.matches(spec["podSelector"], here)
                   and any(port["port"] == GRPC for port in rule.get("ports", []))
                   and any(m.matches(peer.get("podSelector", {}), there)
                           for peer in rule.get(peers, []) if "namespaceSelector" not in peer)
                   for spec in policies for rule in spec.get(side, []))

    can = {(a, b) for a in pods for b in pods if allowed("egress", "to", pods[a], pods[b])
           and allowed("ingress", "from", pods[b], pods[a])}
    expect(can == listed, f"policies allow {sorted(can)}, docs/architecture.md lists {sorted(listed)}")


def all_else_is_denied(objects):
    policies = {each["metadata"]["name"]: each["spec"] for each in m.of_kind(objects, "NetworkPolicy")}
    expect(policies.get("default-deny") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
           "default-deny does not deny both directions to every pod")
    for each in m.workloads(objects):
        expect(any(spec["podSelector"] and m.matches(spec["podSelector"], each.labels)
                   for spec in policies.values()), f"{each}: no policy lets it reach anything")


def servers_are_reached_by_those_who_need_them(objects):
    policies = [policy["spec"] for policy in m.of_kind(objects, "NetworkPolicy")]
    for each in m.ours(objects):
        env = m.environment(each, objects)
        needs = {"postgres": any(key.startswith("KAREZ_") and key.endswith("_URL") and "postgresql:" in value
                                 for key, value in env.items()),
                 "redis": "KAREZ_REDIS_URL" in env,
                 "kafka": "KAREZ_KAFKA_BROKERS" in env and each.kind == "Deployment"}
        for server, needed in needs.items():
            reached = any(m.matches(spec["podSelector"], each.labels)
                          and any(peer.get("podSelector") == {"matchLabels": {"karez.io/server": server}}
                                  for rule in spec.get("egress", []) for peer in rule.get("to", []))
                          for spec in policies)
            expect(reached == needed, f"{each}: needs {server}: {needed}, may reach it: {reached}")


def variables_exist_in_the_code(objects):
    code = m.source_text("libs", "services", "tools") + m.source_text("deploy/local/runner")
    for each in m.ours(objects):
        env = m.environment(each, objects)
        for name, value in env.items():
            expect("$(" not in value, f"{each}: {name}={value} refers to a variable that is not there")
            expect(not name.startswith("KAREZ_") or f'"{name}"' in code,
                   f"{each}: nothing reads {name}")


def mounted_secrets_are_made(objects):
    made = secrets()
    for each in m.workloads(objects):
        env = m.environment(each, objects)
        for path, volume in m.mounted(each).items():
            if "secret" not in volume:
                continue
            name = volume["secret"]["secretName"]
            if name == "karez-postgres-ca":  # CloudNativePG makes it
                continue
            expect(name in made, f"{each}: nothing makes the Secret {name}")
            for value in env.values():
                if value.startswith(path + "/") and value.endswith(("password", "key", ".pem")):
                    key = value.removeprefix(path + "/")
                    expect(key in made[name], f"{each}: {name} has no {key}")


def topics_are_those_of_the_runner(objects):
    wanted = {name: int(settings["retention.ms"]) for name, settings in kafka.TOPICS.items()}
    declared = {each["metadata"]["name"]: each["spec"] for each in m.of_kind(objects, "KafkaTopic")}
    if declared:
        found = {name: spec["config"]["retention.ms"] for name, spec in declared.items()}
        expect(all(spec["partitions"] == kafka.PARTITIONS for spec in declared.values()), "partitions")
    else:
        (job,) = [each for each in m.workloads(objects) if each.name == "topics"]
        script = job.container["args"][0]
        expect(f"--partitions {kafka.PARTITIONS} " in script, "partitions")
        loop = re.search(r"for service in ([a-z ]+); do topic \"karez\.\$service\.v1\" (\d+)", script)
        found = {f"karez.{name}.v1": int(loop[2]) for name in loop[1].split()}
        found |= {name: int(ms) for name, ms in re.findall(r"^topic (karez\.\w+\.v1) (\d+)", script, re.M)}
    expect(found == wanted, f"topics {found}, the runner makes {wanted}")


def binaries_accept_their_environment(objects):
    """`karez-<service> config` with the container's variables, its files in a folder of ours."""
    checked = 0
    for each in m.ours(objects):
        service = each.container["image"].split("/")[1].split(":")[0]
        program = paths.BUILD / "services" / service / f"karez-{service}"
        # The gateway's `config` only prints; jobs read little of it.
        if each.kind != "Deployment" or service == "gateway" or not program.exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            env = {name: value.replace("/etc/karez", folder)
                   for name, value in m.environment(each, objects).items()}
            for name, value in env.items():
                if name.endswith("_FILE") and value:
                    Path(value).parent.mkdir(parents=True, exist_ok=True)
                    Path(value).write_text("test")
            done = subprocess.run([program, "config"], env=env, text=True, capture_output=True)
            expect(done.returncode == 0, f"{each}: {done.stderr}")
        checked += 1
    expect(checked > 0, "no service is built: run `make build`")


def metrics_of_alerts_and_dashboard_exist(_):
    code = m.source_text("libs", "services")
    folder = m.K8S / "monitoring"
    dashboard = json.loads((folder / "dashboard.json").read_text())
    text = (folder / "alerts.yaml").read_text() + json.dumps(dashboard)
    for name in sorted(set(re.findall(r"\bkarez_[a-z_]+", text))):
        plain = re.sub(r"_seconds_(bucket|count|sum)$", "_seconds", name)
        expect(f'"{plain}"' in code, f"no code has the metric {name}")


def alerts_fire_when_they_should(_):
    with tempfile.TemporaryDirectory() as folder:
        for source in (m.K8S / "monitoring" / "alerts.yaml", ROOT / "tests" / "k8s" / "alerts_test.yaml"):
            (Path(folder) / source.name).write_text(source.read_text())
        done = subprocess.run([BIN / "promtool", "test", "rules", "alerts_test.yaml"], cwd=folder,
                              text=True, capture_output=True)
    expect(done.returncode == 0, done.stdout + done.stderr)


def failed_pods_keep_their_words(objects):
    for each in m.workloads(objects):
        if each.kind in ("Job", "CronJob"):
            expect(each.pod["restartPolicy"] == "Never", f"{each}: its failed pods vanish with their logs")
        if each.kind != "StatefulSet":
            expect(each.container.get("terminationMessagePolicy") == "FallbackToLogsOnError",
                   f"{each}: why it ended is not in its status")


def the_database_has_a_connection_for_each(objects):
    """All replicas that the autoscalers may make, and the one more of each during a rollout."""
    scale = {each["spec"]["scaleTargetRef"]["name"]: each["spec"]["maxReplicas"]
             for each in m.of_kind(objects, "HorizontalPodAutoscaler")}
    wanted = 20  # migrations, verify, the operator, a person
    for each in m.ours(objects):
        env = m.environment(each, objects)
        if each.kind == "Deployment" and "KAREZ_DB_URL" in env:
            wanted += (scale[each.name] + 1) * (int(env["KAREZ_WORKERS"]) + BESIDE_WORKERS)
    clusters = [each for each in objects if each["apiVersion"].startswith("postgresql.cnpg.io/")
                and each["kind"] == "Cluster"]
    if clusters:
        given = int(clusters[0]["spec"]["postgresql"]["parameters"]["max_connections"])
    else:
        (server,) = [each for each in m.workloads(objects) if each.name == "postgres"]
        given = int(re.search(r"max_connections=(\d+)", " ".join(server.container["args"]))[1])
    expect(given >= wanted, f"{wanted} connections may be wanted, max_connections is {given}")


def autoscalers_ask_for_what_is_there(objects):
    pods = {each.name: each for each in m.ours(objects) if each.kind == "Deployment"}
    for each in m.of_kind(objects, "HorizontalPodAutoscaler"):
        name, spec = each["metadata"]["name"], each["spec"]
        expect(spec["scaleTargetRef"]["name"] == name and "cpu" in pods[name].container["resources"]["requests"],
               f"{name}: nothing to measure")
        for metric in (rule["external"]["metric"] for rule in spec["metrics"] if rule["type"] == "External"):
            expect(metric["selector"] == {"matchLabels": {"consumer": name}},
                   f"{name}: would be scaled by what others have not read")


def custom_resources_have_their_form(objects):
    """Kafka (Strimzi) and ObjectStore (Barman plugin), whose definitions cannot be had as a Go module:
    the fields without which they are nothing, or are not let in by the namespace."""
    confined = ("pod.securityContext.runAsNonRoot", "pod.securityContext.seccompProfile.type")
    required = {
        "Kafka": ("spec.kafka.listeners", "spec.kafka.version", "spec.entityOperator.topicOperator",
                  *(f"spec.kafka.template.{path}" for path in confined),
                  *(f"spec.entityOperator.template.{path}" for path in confined),
                  *(f"spec.{container}.securityContext.capabilities.drop" for container in
                    ("kafka.template.kafkaContainer", "kafka.template.initContainer",
                     "entityOperator.template.topicOperatorContainer"))),
        "KafkaNodePool": ("metadata.labels.strimzi~io/cluster", "spec.replicas", "spec.roles",
                          "spec.storage.type"),
        "KafkaTopic": ("metadata.labels.strimzi~io/cluster", "spec.partitions", "spec.replicas"),
        "ObjectStore": ("spec.configuration.destinationPath", "spec.configuration.s3Credentials")}
    found = [each for each in objects
             if each["apiVersion"].split("/")[0] in ("kafka.strimzi.io", "barmancloud.cnpg.io")]
    expect({each["kind"] for each in found} == set(required), "kinds differ from those known here")
    for each in found:
        for path in required[each["kind"]]:
            where = each
            for step in (step.replace("~", ".") for step in path.split(".")):
                expect(isinstance(where, dict) and step in where,
                       f"{each['kind']} {each['metadata']['name']} lacks {path}")
                where = where[step]
    pools = [each for each in found if each["kind"] == "KafkaNodePool"]
    expect({role for pool in pools for role in pool["spec"]["roles"]} == {"broker", "controller"},
           "a cluster needs brokers and controllers")
    (cluster,) = [each["metadata"]["name"] for each in found if each["kind"] == "Kafka"]
    for each in found:
        label = each["metadata"].get("labels", {}).get("strimzi.io/cluster", cluster)
        expect(label == cluster, f"{each['metadata']['name']} belongs to {label}, not to {cluster}")


def secrets() -> dict[str, set[str]]:
    """Name -> keys of what deploy/k8s/make_secrets.py makes."""
    return {each["metadata"]["name"]: set(each["data"]) for each in secret_objects()}


def secret_objects() -> list[dict]:
    if not _made:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, m.K8S / "make_secrets.py", os.path.join(folder, "keys")],
                                  text=True, capture_output=True)
        if done.returncode:
            raise Problem(f"deploy/k8s/make_secrets.py failed: {done.stderr}")
        _made.extend(json.loads(part) for part in done.stdout.split("---\n") if part.strip())
    return _made


_made: list[dict] = []

EACH_OVERLAY = (
    every_container_is_confined, every_process_has_probes_and_drains, every_process_has_its_objects,
    callers_are_those_of_the_architecture, all_else_is_denied,
    servers_are_reached_by_those_who_need_them, variables_exist_in_the_code,
    failed_pods_keep_their_words, the_database_has_a_connection_for_each,
    autoscalers_ask_for_what_is_there, mounted_secrets_are_made, topics_are_those_of_the_runner,
    binaries_accept_their_environment)
ONLY_PROD = (custom_resources_have_their_form,)
ONCE = (metrics_of_alerts_and_dashboard_exist, alerts_fire_when_they_should)
