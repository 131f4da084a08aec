"""Overlays that a test makes over those of deploy/k8s: a new version, a planted fault."""
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manifests import K8S

PROGRAMS = ("identity", "accounts", "metering", "billing", "gateway", "verify")


@contextmanager
def over(overlay: str, *, tag: str = "", patches: tuple = (), resources: tuple = ()) -> Iterator[Path]:
    """A folder for `rollout`. tag: that of our images; patches: (kind, name, [operations]);
    resources: further objects."""
    with tempfile.TemporaryDirectory(prefix="karez-overlay-") as name:
        # kustomize takes a base by its relative path only, and follows no link on the way.
        folder = Path(name).resolve()
        for number, each in enumerate(resources):
            (folder / f"{number}.json").write_text(json.dumps(each))
        (folder / "kustomization.yaml").write_text(json.dumps({
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "namespace": "karez",
            "resources": [os.path.relpath(K8S / "overlays" / overlay, folder),
                          *(f"{number}.json" for number in range(len(resources)))],
            "images": [{"name": f"karez/{each}", "newTag": tag} for each in PROGRAMS if tag],
            "patches": [{"target": {"kind": kind, "name": name}, "patch": json.dumps(operations)}
                        for kind, name, operations in patches]}))
        yield folder


def pod_annotation(kind: str, name: str, key: str, value: str) -> tuple:
    """A patch that adds an annotation to the pods of a Deployment or Job."""
    where = "/spec/template/metadata/annotations"
    return kind, name, [{"op": "add", "path": where, "value": {key: value}}]
