#!/usr/bin/env python3
"""Generates the secrets that compose.yaml mounts, into .run/docker/secrets; keeps those there are.

Compose mounts each file as it is, and the containers run as another user: so the files are readable
in a folder that only their owner can enter.
"""
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "deploy" / "local"))

from runner.installation import Installation  # noqa: E402
from runner.ui import Problem  # noqa: E402


def main() -> int:
    installation = Installation(ROOT / ".run" / "docker")
    try:
        installation.prepare()
        installation.generate_secrets()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    for folder, _, files in os.walk(installation.secrets_dir):
        Path(folder).chmod(0o700 if folder == str(installation.secrets_dir) else 0o755)
        for name in files:
            (Path(folder) / name).chmod(0o444)
    print(f"{installation.secrets_dir}\nConsole: tenant platform, name admin, password "
          + installation.secret("admin-password"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
