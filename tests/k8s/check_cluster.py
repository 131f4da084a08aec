"""Checks against the running control plane: what the API server and the controllers make of it all.

`rollout` runs as an operator runs it, over overlays as they are and with planted faults.
"""
import subprocess
import time
from pathlib import Path

import manifests as m
import overlays
from check_manifests import expect, secret_objects
from control_plane import ZONES, ControlPlane
from metrics_stub import MetricsStub
from programs import CACHE, CNPG, ROOT, Problem

NAMESPACE = ("--namespace", "karez")
# Their operators' resource definitions cannot be had as a Go module. The server gets stand-ins that
# take anything; what these objects need is checked in check_manifests.
WITHOUT_DEFINITIONS = {
    "kafka.strimzi.io": ("v1beta2", ("Kafka", "KafkaNodePool", "KafkaTopic")),
    "barmancloud.cnpg.io": ("v1", ("ObjectStore",))}
JOBS_IN_BASE = 6  # database-bootstrap, four migrations, administrator


def prepare(plane: ControlPlane) -> None:
    """What a cluster has before Karez comes: volumes and resource definitions."""
    plane.apply([_volume(number) for number in range(2)])
    definitions = CACHE / "crds" / f"cnpg-{CNPG}"
    plane.kubectl("apply", "--server-side", "--filename", str(definitions))
    plane.apply([_stand_in(group, version, kind) for group, (version, kinds) in WITHOUT_DEFINITIONS.items()
                 for kind in kinds])
    plane.kubectl("wait", "crd", "--all", "--for=condition=Established", "--timeout=30s")
    _namespace(plane)


def _namespace(plane: ControlPlane) -> None:
    plane.kubectl("create", "--filename", str(m.K8S / "base" / "namespace.yaml"))
    plane.apply(secret_objects(), "--server-side")


def _volume(number: int) -> dict:
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"volume-{number}"},
            "spec": {"capacity": {"storage": "5Gi"}, "accessModes": ["ReadWriteOnce"],
                     "hostPath": {"path": f"/volume-{number}"}}}


def _stand_in(group: str, version: str, kind: str) -> dict:
    plural = kind.lower() + "s"
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced", "names": {"kind": kind, "plural": plural},
                     "versions": [{"name": version, "served": True, "storage": True,
                                   "schema": {"openAPIV3Schema": anything}}]}}


# -- helpers ---------------------------------------------------------------------------------------


def rollout(plane: ControlPlane, overlay: Path, timeout_s: int = 120) -> subprocess.CompletedProcess:
    return subprocess.run([m.K8S / "rollout", overlay], text=True, capture_output=True, cwd=ROOT,
                          env={**plane.environment, "ROLLOUT_TIMEOUT": str(timeout_s)})


def must_roll_out(plane: ControlPlane, overlay: Path) -> None:
    done = rollout(plane, overlay)
    if done.returncode:
        pods = plane.kubectl("get", "pods", *NAMESPACE, check=False).stdout
        raise Problem(f"deploy/k8s/rollout failed:\n{done.stdout[-300:]}{done.stderr}\n{pods}")


def must_stop(plane: ControlPlane, overlay: Path, *words: str, timeout_s: int = 120) -> None:
    """The rollout ends with an error that has all the words."""
    done = rollout(plane, overlay, timeout_s)
    expect(done.returncode != 0, f"rolled out:\n{done.stdout}")
    for each in words:
        expect(each in done.stderr, f"the message has no {each!r}:\n{done.stderr}")


def eventually(what: str, sound, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not sound():
        expect(time.monotonic() < deadline, f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.2)


def deployments(plane: ControlPlane) -> dict[str, dict]:
    found = {each["metadata"]["name"]: each for each in plane.get("deployments", *NAMESPACE)}
    expect(len(found) > 0, "no process was rolled out")
    return found


def generations(plane: ControlPlane) -> dict[str, int]:
    """They count the changes of what is wanted; a status changes none."""
    kinds = "deployments,statefulsets,horizontalpodautoscalers,networkpolicies,poddisruptionbudgets,ingresses"
    return {f"{each['kind']} {each['metadata']['name']}": each["metadata"].get("generation", 0)
            for each in plane.get(kinds, *NAMESPACE)}


def pods(plane: ControlPlane, *words: str) -> list[dict]:
    """Those of our processes that are not on their way out."""
    return [each for each in plane.get("pods", *NAMESPACE, "--selector",
                                       "app.kubernetes.io/component in (service, edge, gateway)", *words)
            if "deletionTimestamp" not in each["metadata"]]


def images(plane: ControlPlane) -> set[str]:
    return {each["spec"]["containers"][0]["image"].rpartition(":")[2] for each in pods(plane)}


# -- the dev overlay -------------------------------------------------------------------------------


def the_dev_overlay_rolls_out(plane):
    must_roll_out(plane, m.K8S / "overlays" / "dev")
    for name, each in deployments(plane).items():
        state = {item["type"]: item["status"] for item in each["status"]["conditions"]}
        expect(state.get("Available") == "True", f"{name}: {state}")
    plane.kubectl("wait", "pod", *NAMESPACE, "--selector", "karez.io/server",
                  "--for=condition=Ready", "--timeout=60s")


def every_object_is_there(plane):
    wanted = {(each["kind"], each["metadata"]["name"]) for each in m.render("dev")}
    kinds = sorted({kind for kind, _ in wanted})
    there = {(each["kind"], each["metadata"]["name"])
             for each in plane.get(",".join(kinds), *NAMESPACE)}
    there |= {("Namespace", each["metadata"]["name"]) for each in plane.get("namespaces")}
    expect(wanted <= there, f"missing: {sorted(wanted - there)}")


def migrations_come_before_the_processes(plane):
    jobs = {each["metadata"]["name"]: each for each in plane.get("jobs", *NAMESPACE)}
    steps = {step: [jobs[name]["status"] for name in jobs
                    if jobs[name]["metadata"]["labels"]["karez.io/step"] == step]
             for step in ("bootstrap", "migrate", "administrator")}
    expect(sum(map(len, steps.values())) == JOBS_IN_BASE + 1, f"jobs: {sorted(jobs)}")  # and topics
    for before, after in (("bootstrap", "migrate"), ("migrate", "administrator")):
        expect(max(each["completionTime"] for each in steps[before])
               <= min(each["startTime"] for each in steps[after]), f"{after} began before {before} ended")
    begun = [each["metadata"]["creationTimestamp"] for each in deployments(plane).values()]
    expect(max(each["completionTime"] for each in steps["administrator"]) <= min(begun),
           "a process was created before the last job ended")


def a_second_rollout_changes_nothing(plane):
    def state():
        return generations(plane), {each["metadata"]["name"] for each in pods(plane)}
    before = state()
    must_roll_out(plane, m.K8S / "overlays" / "dev")
    expect(state() == before, f"{before} became {state()}")


def a_new_version_rolls(plane):
    with overlays.over("dev", tag="next") as overlay:
        must_roll_out(plane, overlay)
    expect(images(plane) == {"next"}, f"images {images(plane)}")
    plane.kubectl("rollout", "undo", *NAMESPACE, "deployment/billing")
    plane.kubectl("rollout", "status", *NAMESPACE, "deployment/billing", "--timeout=30s")
    expect(images(plane) == {"next", "dev"}, f"after the undo: images {images(plane)}")


def a_failed_migration_stops_the_rollout(plane):
    before, words = generations(plane), "0007_split_bills.sql: column sum_fen does not exist"
    fails = overlays.pod_annotation("Job", "migrate-billing", "karez.test/fails", words)
    at_once = ("Job", "migrate-billing", [{"op": "replace", "path": "/spec/backoffLimit", "value": 0}])
    with overlays.over("dev", tag="bad", patches=(fails, at_once)) as overlay:
        must_stop(plane, overlay, "migrate-billing failed: ", words, "no process was changed")
    expect(generations(plane) == before, "something that runs was changed")
    expect("bad" not in images(plane), f"images {images(plane)}")


def a_step_without_end_stops_the_rollout(plane):
    waits = overlays.pod_annotation("Job", "migrate-billing", "karez.test/never-ready", "")
    with overlays.over("dev", patches=(waits,)) as overlay:
        must_stop(plane, overlay, "Not ended within 2 s: migrate-billing", timeout_s=2)


def a_version_that_does_not_start_leaves_the_old_one(plane):
    with overlays.over("dev", tag="good") as overlay:
        must_roll_out(plane, overlay)
    hangs = overlays.pod_annotation("Deployment", "billing", "karez.test/never-ready", "")
    with overlays.over("dev", tag="hangs", patches=(hangs,)) as overlay:
        must_stop(plane, overlay, "deployment.apps/billing does not become ready", "rollout undo", timeout_s=4)
    billing = deployments(plane)["billing"]["status"]
    expect(billing["availableReplicas"] >= 1 and billing["updatedReplicas"] == 1, f"billing: {billing}")
    plane.kubectl("rollout", "undo", *NAMESPACE, "deployment/billing")
    plane.kubectl("rollout", "status", *NAMESPACE, "deployment/billing", "--timeout=30s")


def a_misspelt_field_is_refused_before_anything_changes(plane):
    before = generations(plane)
    typo = ("Deployment", "gateway", [{"op": "add", "path": "/spec/template/spec/terminationGracePeriodSecond",
                                       "value": 45}])
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "wrong"},
              "spec": {"podSelector": {}, "ingres": []}}
    for patches, resources, word in (((typo,), (), "terminationGracePeriodSecond"), ((), (policy,), "ingres")):
        with overlays.over("dev", tag="typo", patches=patches, resources=resources) as overlay:
            must_stop(plane, overlay, word)
    expect(generations(plane) == before, "something was changed")


def a_value_out_of_range_is_refused(plane):
    port = ("Service", "gateway", [{"op": "replace", "path": "/spec/ports/0/port", "value": 80000}])
    with overlays.over("dev", patches=(port,)) as overlay:
        must_stop(plane, overlay, "spec.ports[0].port")


def a_root_container_is_refused(plane):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "root", "namespace": "karez"},
           "spec": {"containers": [{"name": "root", "image": "karez/billing:dev"}]}}
    done = plane.apply([pod], "--dry-run=server", check=False)
    expect(done.returncode != 0 and "PodSecurity" in done.stderr, f"let in: {done.stdout}{done.stderr}")


# -- the prod overlay ------------------------------------------------------------------------------


def the_prod_overlay_rolls_out(plane):
    """Into a namespace made anew, so that nothing of dev is in the way."""
    plane.kubectl("delete", "namespace", "karez", "--timeout=90s")
    _namespace(plane)
    must_roll_out(plane, m.K8S / "overlays" / "prod")

    def doubled():
        return all(each["status"].get("readyReplicas") == 2 for each in deployments(plane).values())
    eventually("two of each process", doubled)


def no_zone_has_all_of_a_process(plane):
    zones = {f"node-{zone}": zone for zone in ZONES}
    for name in deployments(plane):
        on = {zones[each["spec"]["nodeName"]] for each in pods(plane, "--selector", f"app.kubernetes.io/name={name}")}
        expect(len(on) == 2, f"{name}: both in zone {on}")


def disruption_budgets_hold_back_an_eviction(plane):
    plane.kubectl("wait", "pdb", "--all", *NAMESPACE, "--for=jsonpath={.status.disruptionsAllowed}=1",
                  "--timeout=60s")
    nodes = [f"node-{zone}" for zone in ZONES]
    plane.kubectl("cordon", *nodes)  # an evicted pod's successor must wait
    try:
        first, second = (each["metadata"]["name"]
                         for each in pods(plane, "--selector", "app.kubernetes.io/name=gateway"))
        expect(_evict(plane, first).returncode == 0, "the first eviction was refused")
        eventually("the budget is used up", lambda: not plane.get(
            "pdb", *NAMESPACE, "--selector", "app.kubernetes.io/name=gateway")[0]["status"]["disruptionsAllowed"])
        done = _evict(plane, second)
        expect(done.returncode != 0 and "disruption budget" in done.stderr, f"let go: {done.stdout}{done.stderr}")
    finally:
        plane.kubectl("uncordon", *nodes)
    plane.kubectl("rollout", "status", *NAMESPACE, "deployment/gateway", "--timeout=30s")


def _evict(plane: ControlPlane, pod: str) -> subprocess.CompletedProcess:
    eviction = f'{{"apiVersion":"policy/v1","kind":"Eviction","metadata":{{"name":"{pod}","namespace":"karez"}}}}'
    return plane.kubectl("create", "--raw", f"/api/v1/namespaces/karez/pods/{pod}/eviction", "--filename", "-",
                         stdin=eviction, check=False)


def a_node_can_be_drained(plane):
    plane.kubectl("drain", "node-a", "--ignore-daemonsets", "--timeout=60s")
    try:
        left = [each["metadata"]["name"] for each in pods(plane) if each["spec"]["nodeName"] == "node-a"]
        expect(not left, f"still there: {left}")
    finally:
        plane.kubectl("uncordon", "node-a")
    for name in deployments(plane):
        plane.kubectl("rollout", "status", *NAMESPACE, f"deployment/{name}", "--timeout=30s")


def terminals_keep_their_addresses(plane):
    (service,) = [each["spec"] for each in plane.get("services", *NAMESPACE)
                  if each["metadata"]["name"] == "metering-edge"]
    expect(service["type"] == "LoadBalancer" and service["externalTrafficPolicy"] == "Local"
           and service.get("healthCheckNodePort"), f"{service}")


def autoscalers_follow_load_and_lag(plane):
    def replicas(name):
        return deployments(plane)[name]["spec"]["replicas"]
    with MetricsStub(plane) as stub:
        stub.cpu_m["gateway"] = 540  # 200m each are asked for, 60 % of it is the aim: 540 / 120
        stub.lag["billing"] = 22000  # 5000 for each replica
        eventually("five gateways", lambda: replicas("gateway") == 5, 60)
        eventually("five of billing", lambda: replicas("billing") == 5, 60)
        expect(replicas("accounts") == 2, "billing's lag made more of accounts")


# In this order: dev first, then prod in its place; each leaves what the next one looks at.
ALL = (the_dev_overlay_rolls_out, every_object_is_there, migrations_come_before_the_processes,
       a_second_rollout_changes_nothing, a_new_version_rolls, a_failed_migration_stops_the_rollout,
       a_step_without_end_stops_the_rollout, a_version_that_does_not_start_leaves_the_old_one,
       a_misspelt_field_is_refused_before_anything_changes, a_value_out_of_range_is_refused,
       a_root_container_is_refused, the_prod_overlay_rolls_out, no_zone_has_all_of_a_process,
       disruption_budgets_hold_back_an_eviction, a_node_can_be_drained, terminals_keep_their_addresses,
       autoscalers_follow_load_and_lag)
