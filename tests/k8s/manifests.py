"""The manifests as kustomize renders them, and ways to look into them."""
import dataclasses
import re
import subprocess

import yaml

from programs import ROOT, Problem, kubectl

K8S = ROOT / "deploy" / "k8s"
CORE = ("v1", "apps/v1", "batch/v1", "autoscaling/v2", "policy/v1", "networking.k8s.io/v1")


@dataclasses.dataclass(frozen=True)
class Workload:
    """What makes pods: a Deployment, StatefulSet, Job or CronJob."""
    kind: str
    name: str
    labels: dict  # of its pods
    pod: dict

    @property
    def container(self) -> dict:
        (only,) = self.pod["containers"]
        return only

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def render(overlay: str) -> list[dict]:
    done = subprocess.run([kubectl(), "kustomize", K8S / "overlays" / overlay],
                          text=True, capture_output=True)
    if done.returncode:
        raise Problem(f"overlay {overlay} cannot be rendered:\n{done.stderr}")
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def of_kind(objects: list[dict], kind: str) -> list[dict]:
    return [each for each in objects if each["kind"] == kind]


def workloads(objects: list[dict]) -> list[Workload]:
    found = []
    for each in objects:
        spec = each.get("spec", {})
        if each["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if each["apiVersion"] in ("apps/v1", "batch/v1"):
            found.append(Workload(each["kind"], each["metadata"]["name"],
                                  spec["template"]["metadata"]["labels"], spec["template"]["spec"]))
    return found


def ours(objects: list[dict]) -> list[Workload]:
    """Karez' own programs, without the servers of the dev overlay."""
    return [each for each in workloads(objects) if each.container["image"].startswith("karez/")]


def environment(workload: Workload, objects: list[dict]) -> dict[str, str]:
    """What the container would see: $(NAME) is expanded only from variables that stand before it."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(objects, "ConfigMap")}
    seen: dict[str, str] = {}
    for source in workload.container.get("envFrom", []):
        seen |= maps[source["configMapRef"]["name"]]
    for variable in workload.container.get("env", []):
        if "valueFrom" in variable:
            seen[variable["name"]] = workload.name
            continue
        seen[variable["name"]] = re.sub(
            r"\$\((\w+)\)", lambda found: seen.get(found[1], found[0]), variable.get("value", ""))
    return seen


def mounted(workload: Workload) -> dict[str, dict]:
    """Mount path -> volume."""
    volumes = {volume["name"]: volume for volume in workload.pod.get("volumes", [])}
    return {mount["mountPath"]: volumes[mount["name"]]
            for mount in workload.container.get("volumeMounts", []) if mount["name"] in volumes}


def matches(selector: dict, labels: dict) -> bool:
    """A label selector as the API server understands it, for the operators used here."""
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for rule in selector.get("matchExpressions", []):
        if rule["operator"] != "In":
            raise Problem(f"operator {rule['operator']} in a selector: teach it to tests/k8s.")
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return True


def source_text(*folders: str) -> str:
    """All C++ and Python of the folders, without tests."""
    text = []
    for folder in folders:
        for suffix in ("*.cpp", "*.h", "*.py"):
            text += [path.read_text() for path in sorted((ROOT / folder).rglob(suffix))
                     if "tests" not in path.relative_to(ROOT / folder).parts]
    return "\n".join(text)
