"""Lets the Python tests use the runner, the API client and the fleet."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in ("deploy/local", "tests/simulators/fleet"):
    sys.path.insert(0, str(ROOT / folder))
