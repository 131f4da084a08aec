"""Checks against the running control plane: what the API server and the controllers make of it all."""
import subprocess

import manifests as m
from check_manifests import expect, secret_objects
from control_plane import ControlPlane
from programs import CACHE, CNPG, ROOT, Problem

NAMESPACE = ("--namespace", "karez")
# Their operators' resource definitions cannot be had as a Go module: only their form is checked.
WITHOUT_DEFINITIONS = ("kafka.strimzi.io", "barmancloud.cnpg.io")


def prepare(plane: ControlPlane) -> None:
    """What a cluster has before Karez comes: volumes, resource definitions, the Secrets."""
    plane.apply([_volume(number) for number in range(2)])
    definitions = CACHE / "crds" / f"cnpg-{CNPG}"
    plane.kubectl("apply", "--server-side", "--filename", str(definitions))
    plane.kubectl("wait", "crd", "--all", "--for=condition=Established", "--timeout=30s")
    plane.kubectl("create", "--filename", str(m.K8S / "base" / "namespace.yaml"))
    plane.apply(secret_objects())


def _volume(number: int) -> dict:
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"volume-{number}"},
            "spec": {"capacity": {"storage": "5Gi"}, "accessModes": ["ReadWriteOnce"],
                     "hostPath": {"path": f"/volume-{number}"}}}


def rollout(plane: ControlPlane) -> None:
    done = subprocess.run([m.K8S / "rollout", m.K8S / "overlays" / "dev"], text=True,
                          capture_output=True, cwd=ROOT,
                          env={**plane.environment, "ROLLOUT_TIMEOUT": "120s"})
    if done.returncode:
        pods = plane.kubectl("get", "pods", *NAMESPACE, check=False).stdout
        raise Problem(f"deploy/k8s/rollout failed:\n{done.stdout[-2000:]}{done.stderr}\n{pods}")


def the_dev_overlay_rolls_out(plane):
    rollout(plane)
    for each in plane.get("deployments", *NAMESPACE):
        state = {item["type"]: item["status"] for item in each["status"]["conditions"]}
        expect(state.get("Available") == "True", f"{each['metadata']['name']}: {state}")
    plane.kubectl("wait", "pod", *NAMESPACE, "--selector", "karez.io/server",
                  "--for=condition=Ready", "--timeout=60s")


def every_object_is_there(plane):
    wanted = {(each["kind"], each["metadata"]["name"]) for each in m.render("dev")}
    kinds = sorted({kind for kind, _ in wanted})
    there = {(each["kind"], each["metadata"]["name"])
             for each in plane.get(",".join(kinds), *NAMESPACE)}
    there |= {("Namespace", each["metadata"]["name"]) for each in plane.get("namespaces")}
    expect(wanted <= there, f"missing: {sorted(wanted - there)}")


def disruption_budgets_guard_the_pods(plane):
    plane.kubectl("wait", "pdb", "--all", *NAMESPACE, "--for=jsonpath={.status.expectedPods}=1",
                  "--timeout=60s")


def migrations_come_before_the_processes(plane):
    ended = [job["status"]["completionTime"] for job in plane.get("jobs", *NAMESPACE)
             if job["metadata"]["labels"].get("karez.io/step") in ("bootstrap", "migrate")]
    begun = [each["metadata"]["creationTimestamp"] for each in plane.get("deployments", *NAMESPACE)]
    expect(len(ended) == 6, f"{len(ended)} jobs ended, 6 expected")
    expect(max(ended) <= min(begun), "a process was created before the last migration ended")


def a_second_rollout_changes_nothing(plane):
    def generations():
        return {each["metadata"]["name"]: each["metadata"]["generation"]
                for each in plane.get("deployments,statefulsets", *NAMESPACE)}
    before = generations()
    rollout(plane)
    expect(generations() == before, f"{before} became {generations()}")


def a_misspelt_field_is_refused(plane):
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
              "metadata": {"name": "wrong", "namespace": "karez"},
              "spec": {"podSelector": {}, "ingres": []}}
    done = plane.apply([policy], "--dry-run=server", check=False)
    expect(done.returncode != 0 and "ingres" in done.stderr, "strict validation let it through")


def a_root_container_is_refused(plane):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "root", "namespace": "karez"},
           "spec": {"containers": [{"name": "root", "image": "karez/billing:dev"}]}}
    done = plane.apply([pod], "--dry-run=server", check=False)
    expect(done.returncode != 0 and "PodSecurity" in done.stderr, f"let in: {done.stdout}{done.stderr}")


def the_server_takes_the_prod_overlay(plane):
    """In a namespace of its own, so that nothing of dev is in the way."""
    namespace = "karez-prod"
    objects = [each for each in m.render("prod")
               if each["apiVersion"].split("/")[0] not in WITHOUT_DEFINITIONS]
    for each in objects:
        if each["kind"] == "Namespace":
            each["metadata"]["name"] = namespace
        else:
            each["metadata"]["namespace"] = namespace
    plane.apply([each for each in objects if each["kind"] == "Namespace"])
    done = plane.apply(objects, "--dry-run=server", check=False)
    expect(done.returncode == 0, done.stderr)
    expect(len(done.stdout.splitlines()) == len(objects), f"{len(objects)} objects, answered:\n{done.stdout}")


def custom_resources_have_their_form(_):
    """Kafka (Strimzi) and ObjectStore (Barman plugin): the fields without which they are nothing."""
    required = {
        "Kafka": ("spec.kafka.listeners", "spec.kafka.version", "spec.entityOperator.topicOperator"),
        "KafkaNodePool": ("metadata.labels.strimzi.io/cluster", "spec.replicas", "spec.roles",
                          "spec.storage.type"),
        "KafkaTopic": ("metadata.labels.strimzi.io/cluster", "spec.partitions", "spec.replicas"),
        "ObjectStore": ("spec.configuration.destinationPath", "spec.configuration.s3Credentials")}
    found = [each for each in m.render("prod")
             if each["apiVersion"].split("/")[0] in WITHOUT_DEFINITIONS]
    expect({each["kind"] for each in found} == set(required), "kinds differ from those known here")
    for each in found:
        for path in required[each["kind"]]:
            where = each
            for step in path.replace("strimzi.io/cluster", "strimzi\0").split("."):
                step = step.replace("strimzi\0", "strimzi.io/cluster")
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


# In this order: the first one makes what the others look at.
ALL = (the_dev_overlay_rolls_out, every_object_is_there, disruption_budgets_guard_the_pods,
       migrations_come_before_the_processes, a_second_rollout_changes_nothing,
       a_misspelt_field_is_refused, a_root_container_is_refused, the_server_takes_the_prod_overlay,
       custom_resources_have_their_form)
