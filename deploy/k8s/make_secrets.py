#!/usr/bin/env python3
"""Prints the Secrets that the manifests mount, as a YAML list for `kubectl apply -f -`.

  deploy/k8s/make_secrets.py ~/karez-secrets | kubectl apply -f -

What is missing in the folder is generated, what is there stays. Keep the folder: losing sealing-key
loses the personal data. With a vault instead, make the same Secrets and keys from there.
"""
import argparse
import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "local"))

from runner.installation import ISSUERS, ROLES, SERVICES, Installation  # noqa: E402
from runner.ui import Problem  # noqa: E402


def secrets(inst: Installation) -> dict[str, dict[str, str]]:
    """Secret name -> key -> text. A process gets its own keys and no other's."""
    def read(name: str) -> str:
        return (inst.secrets_dir / name).read_text()

    out = {f"karez-{process}": {"signing-key.pem": read(f"{process}.pem")} for process in ISSUERS}
    for process in ISSUERS:
        owner = "metering" if process == "metering-edge" else process
        if owner in SERVICES:
            out[f"karez-{process}"] |= {
                "db-password": inst.secret(f"db-karez_{owner}"),
                "db-relay-password": inst.secret(f"db-karez_relay_{owner}"),
                "sealing-key": read("sealing-key")}
    return out | {
        "karez-migrate": {"db-password": inst.secret("db-karez_migrate")},
        "karez-verify": {"db-password": inst.secret("db-karez_verify")},
        "karez-database-roles": {f"db-{role}": inst.secret(f"db-{role}") for role in ROLES},
        "karez-database-admin": {"username": "postgres", "password": inst.secret("db-postgres")},
        "karez-administrator": {"password": inst.secret("admin-password")},
        "karez-trusted-keys": {f"{issuer}.pem": read(f"trusted/{issuer}.pem") for issuer in ISSUERS},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the secrets are kept, apart from the clone")
    parser.add_argument("--namespace", default="karez")
    args = parser.parse_args()
    inst = Installation(args.folder.absolute())
    try:
        inst.prepare()
        inst.generate_secrets()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    for name, data in secrets(inst).items():
        kind = "kubernetes.io/basic-auth" if name == "karez-database-admin" else "Opaque"
        encoded = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
        print("---\n" + json.dumps({
            "apiVersion": "v1", "kind": "Secret", "type": kind,
            "metadata": {"name": name, "namespace": args.namespace,
                         "labels": {"app.kubernetes.io/part-of": "karez"}},
            "data": encoded}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
